import { describe, expect, test } from "vitest";
import { parseTxtar, readFixture, readMarks } from "./txtar.ts";

describe("members", () => {
  test("stand under their headers", () => {
    expect(parseTxtar("-- a.txt --\none\n-- b/c.txt --\ntwo\nthree\n")).toEqual([
      { path: "a.txt", text: "one" },
      { path: "b/c.txt", text: "two\nthree\n" },
    ]);
  });

  test("without a header are one revision", () => {
    expect(parseTxtar("\nop.execute('x')\n").map(({ path }) => path)).toEqual(["versions/0001_case.py"]);
  });
});

describe("marks", () => {
  test("say where the line above is expected to be found fault with", () => {
    const { text, marks } = readMarks("ab cd\n   ^^ warning: bad\nef\n^ error: worse\n");
    expect(text).toBe("ab cd\nef\n");
    expect(marks).toEqual([
      { start: 3, end: 5, severity: "warning", message: "bad" },
      { start: 6, end: 7, severity: "error", message: "worse" },
    ]);
  });

  test("several can stand under one line", () => {
    const { marks } = readMarks("ab\n^ error: a\n ^ error: b\n");
    expect(marks.map(({ start }) => start)).toEqual([0, 1]);
  });

  test("the cursor is taken out", () => {
    expect(readMarks("a\nb<|>c\n")).toEqual({ text: "a\nbc\n", marks: [], cursors: [3] });
  });
});

describe("revisions", () => {
  const source = `-- versions/0001_base.py --
pass
-- versions/0002_add_name.py --
op.add_column("a", x)

op.<|>execute("""
   ^^^^^^^ warning: here
  b
""")
-- notes.txt --
pass
`;
  const { files, expected, cursor } = readFixture(source);
  const second = files.get("versions/0002_add_name.py") ?? "";

  test("get an id from their name, the one above as parent, and their text as body", () => {
    expect(second).toContain('revision: str = "0002"');
    expect(second).toContain('= "0001"\n');
    expect(second).toContain('"""add name\n\nRevision ID: 0002\nRevises: 0001\n');
    expect(second).toContain(
      'def upgrade() -> None:\n    op.add_column("a", x)\n\n    op.execute("""\n      b\n    """)\n',
    );
    expect(second.endsWith("def downgrade() -> None:\n    pass  # not what the case is about\n")).toBe(true);
  });

  test("marks and cursor follow the text to its place", () => {
    expect(expected.map(({ start, end }) => second.slice(start, end))).toEqual(["execute"]);
    expect(second.slice(cursor?.offset)).toMatch(/^execute/);
  });

  test("with functions of their own get only the identifiers", () => {
    const text =
      readFixture("-- versions/0001_a.py --\ndef upgrade():\n    pass\n").files.get("versions/0001_a.py") ?? "";
    expect(text).toMatch(/depends_on: .* = None\n\n\ndef upgrade\(\):\n {4}pass\n$/);
    expect(text).not.toContain("downgrade");
  });

  test("with identifiers of their own, and other files, stay as they are", () => {
    const { files: kept } = readFixture('-- versions/x.py --\nrevision = "abc"\n-- versions/y.py --\npass\n');
    expect(kept.get("versions/x.py")).toBe('revision = "abc"');
    expect(kept.get("versions/y.py")).toContain('"abc"');
    expect(files.get("notes.txt")).toBe("pass\n");
  });
});
