import { describe, expect, test } from "vitest";
import { readHalfTyped } from "../../server/src/model/half-typed.ts";
import type { RevisionFile } from "../../server/src/model/revision.ts";
import { follow, type Followed } from "../../server/src/syntax/follow.ts";
import { read, revisionWith, show } from "./reading.ts";

const before = `op.drop_table("a")`;
const after = `op.drop_table("z")`;

describe("a statement that is being typed leaves the others readable", () => {
  test.each([
    [`op.add_column("users",`],
    [`op.add_column("users", sa.Column("x", `],
    [`op.execute("UPDATE t`],
    [`op.execute(`],
    [`op.`],
    [`x = `],
    [`x = [`],
    [`if `],
    [`if x:`],
    [`for t in`],
    [`with op.batch_alter_table("t") as`],
    [`def f(`],
    [`return (`],
    [`}`],
    [`op.add_column("users", sa.Column("x", sa.Integer())))`],
  ])("%s", (typed) => {
    const file = read(revisionWith(`${before}\n${typed}\n${after}`));
    expect(file.identifiers.downRevision?.value).toEqual(["a"]);
    const shown = file.upgrades[0]?.operations.map(show) ?? [];
    expect(shown[0]).toBe("drop_table a");
    expect(shown).toContain("drop_table z");
    expect(file.downgrades[0]?.form).toBe("pass");
    expect(file.problems.length).toBeGreaterThan(0);
    expect(file.problems.every(({ code }) => code === "syntax")).toBe(true);
  });

  test("also inside a nested block", () => {
    const file = read(
      revisionWith(`
with op.batch_alter_table("t") as batch_op:
    batch_op.drop_column("a")
    batch_op.add_column(
    batch_op.drop_column("z")
op.drop_table("y")`),
    );
    const shown = file.upgrades[0]?.operations.map(show) ?? [];
    expect(shown).toContain("drop_column t(a) if batch");
    expect(shown).toContain("drop_column t(z) if batch");
    expect(shown).toContain("drop_table y");
  });

  test("a string of SQL that is not closed loses no more than its function", () => {
    const file = read(`from alembic import op
revision = "b"
down_revision = "a"

def upgrade():
    op.drop_table("a")
    op.execute("""UPDATE t

def downgrade():
    """Back."""
    op.drop_table("z")
`);
    expect(file.upgrades[0]?.operations.map(show)).toContain("drop_table a");
    expect(file.downgrades[0]?.operations.map(show)).toEqual(["drop_table z"]);
  });

  test("a problem points at the statement that is not Python", () => {
    const text = revisionWith(`${before}\nop.add_column("users",\n${after}`);
    const [problem] = read(text).problems;
    expect(problem && text.slice(problem.range.start, problem.range.end)).toContain("op.add_column");
    expect(problem && text.slice(problem.range.start, problem.range.end)).not.toContain("drop_table");
  });
});

describe("what Python refuses for its indentation is a problem, and read all the same", () => {
  test.each([
    ["one level too many", "    op.drop_table('a')\n        op.drop_table('b')\n", 2],
    ["a level that no block has", "    if x:\n        op.drop_table('a')\n      op.drop_table('b')\n", 3],
    ["spaces above a tab", "    op.drop_table('a')\n\top.drop_table('b')\n", 2],
  ])("%s", (_, body, line) => {
    const file = read(`from alembic import op\nrevision = "a"\ndown_revision = None\n\ndef upgrade():\n${body}`);
    expect(file.problems.map(({ code }) => code)).toEqual(["syntax"]);
    const at = file.problems[0]?.range.start ?? 0;
    expect(file.text.slice(0, at).split("\n").length - 5).toBe(line);
    expect(file.upgrades[0]?.operations.length).toBe(2);
  });

  test.each([
    "    if x: op.drop_table('a'); op.drop_table('b')\n",
    "\top.drop_table('a')\n\n# here\n\t# and here\n\top.drop_table('b')\n",
    "    op.drop_table('a',\n  if_exists=True)\n    op.drop_table('b')\n",
    "    op.drop_table('a'); op.drop_table('b')\n    pass\n",
    "    if x:\n      op.drop_table('a')\n    else:\n            op.drop_table('b')\n",
    "    try:\n      op.drop_table('a')\n    finally:\n\t\top.drop_table('b')\n",
    "    op.drop_table('a')\n\f    op.drop_table('b')\n",
  ])("what it takes is none: %j", (body) => {
    const file = read(`from alembic import op\nrevision = "a"\ndown_revision = None\n\ndef upgrade():\n${body}`);
    expect(file.problems).toEqual([]);
    expect(file.upgrades[0]?.operations.length).toBe(2);
  });
});

const shownIn = (file: RevisionFile): readonly string[] => file.upgrades[0]?.operations.map(show) ?? [];

describe("the head of a function that is being typed still begins it", () => {
  test.each([
    "def upgrade() -> None",
    "def upgrade()",
    "def upgrade(:",
    "def upgrade) -> None:",
    "def upgrade( -> None:",
    "def upgrade",
    "async def upgrade(",
    "@decorated\ndef upgrade()",
    "def upgrade() - None:",
  ])("%s", (typed) => {
    const file = read(revisionWith(`${before}\n${after}`).replace("def upgrade():", typed));
    expect(file.upgrades[0]?.form).toBe("body");
    expect(shownIn(file)).toEqual(["drop_table a", "drop_table z"]);
    expect(file.downgrades[0]?.form).toBe("pass");
    expect(file.problems.map(({ code }) => code)).toEqual(["syntax"]);
    const { start = 0, end = 0 } = file.upgrades[0]?.nameRange ?? {};
    expect(file.text.slice(start, end)).toBe("upgrade");
  });

  test("of a helper, its operations are those of who calls it", () => {
    const body = revisionWith("clear('t')", "def clear(name):\n    op.drop_table(name)\n");
    expect(shownIn(read(body.replace("def clear(name):", "def clear(name)")))).toEqual(["drop_table t via clear"]);
    expect(shownIn(read(body.replace("def clear(name):", "def clear(name:")))).toEqual(["drop_table via clear"]);
  });
});

describe("what a statement runs under is known where only a part of it is broken", () => {
  test.each([
    ["if x\n    op.drop_table('a')", ["drop_table a if other"]],
    [
      "if x:\n    op.drop_table('a')\n    op.\nelse:\n    op.drop_table('b')",
      ["drop_table a if other", "drop_table b if not other"],
    ],
    [
      "try:\n    op.drop_table('a')\n    x = (\nexcept Exception:\n    op.drop_table('b')",
      ["drop_table a if try", "drop_table b if try"],
    ],
    ["for t in x:\n    op.drop_table('a')\n    op.execute('\n", ["drop_table a if loop(other)"]],
    ["with op.batch_alter_table('t') as batch_op\n    batch_op.drop_column('a')", ["drop_column t(a) if batch"]],
  ])("%s", (body, expected) => {
    const shown = shownIn(read(revisionWith(body)));
    for (const one of expected) expect(shown).toContain(one);
  });

  test("what stands under a clause that cannot be read is left out", () => {
    const file = read(
      revisionWith("if x:\n    op.drop_table('a')\nelif (:\n    op.drop_table('b')\nop.drop_table('c')"),
    );
    expect(shownIn(file)).toEqual(["drop_table a if other", "drop_table c"]);
  });
});

describe("one character less loses nothing outside of its block", () => {
  const text = `"""Message

Revises: a
"""
from alembic import op

revision = "b"
down_revision = "a"

SQL = """
UPDATE t
SET a = 'x'
"""


def helper(x):
    """Helps."""
    return x


def upgrade():
    """Up."""
    op.execute(SQL)
    op.drop_table("a")


def downgrade():
    """Down."""
    op.drop_table("z")
`;
  const deletions = [...text.matchAll(/"""|["'()[\]:]/g)].flatMap((match) =>
    match[0].length === 1 ? [[match.index, 1] as const] : [[match.index, 1] as const, [match.index, 3] as const],
  );

  test.each(deletions)("without %i, %i", (at, length) => {
    const file = read(text.slice(0, at) + text.slice(at + length));
    expect(file.upgrades[0]?.form).toBe("body");
    expect(file.downgrades[0]?.form).toBe("body");
    const [upgrade, downgrade] = [text.indexOf("def upgrade"), text.indexOf("def downgrade")];
    if (at < upgrade || at >= downgrade) expect(shownIn(file)).toContain("drop_table a");
    if (at < text.indexOf("SQL =")) expect(shownIn(file)).toContain("update t(a)");
    if (at < downgrade) expect(file.downgrades[0]?.operations.map(show)).toEqual(["drop_table z"]);
    if (at < text.indexOf("revision =") || at >= text.indexOf("SQL ="))
      expect(file.identifiers.revision?.value).toBe("b");
  });

  test("nor does one line", () => {
    const file = read(text.replace("def helper(x):\n", ""));
    expect(shownIn(file)).toEqual(["update t(a)", "drop_table a"]);
    expect(file.problems.map(({ code }) => code)).toContain("syntax");
  });

  test("a string that holds code stays a string beside a broken function", () => {
    const source = text.replace("Message", 'Message\n\nrevision = "example"\ndef upgrade():\n    pass');
    const file = read(source.replace("op.execute(SQL)", "op.execute(SQL"));
    expect(file.identifiers.revision?.value).toBe("b");
    expect(file.header?.message.value).toBe("Message");
    expect(shownIn(file)).toContain("drop_table a");
  });
});

/** A file that is open in an editor. */
function typist(text: string) {
  let followed: Followed = follow(text);
  let basis: RevisionFile | undefined;
  return (next: string): RevisionFile => {
    followed = follow(next, followed);
    const reading = readHalfTyped("versions/x.py", followed, { dialect: "postgresql" }, basis);
    basis = reading.basis;
    return reading.file;
  };
}

describe("a block that breaks while it is typed in", () => {
  const good = revisionWith(`${before}\n\nop.execute("UPDATE t SET a = 1")\n${after}`);

  test("stands for what it last was, and says so", () => {
    const type = typist(good);
    const file = type(good.replace("\n\n    op.execute", "\n    op.add_column(\n    op.execute"));
    expect(shownIn(file)).toEqual(["drop_table a", "update t(a)", "drop_table z"]);
    expect(file.stale?.map(({ start, end }) => file.text.slice(start, end).slice(0, 12))).toEqual(["def upgrade("]);
    expect(file.problems.map(({ code, message }) => [code, message])).toEqual([
      ["syntax", "This is not valid Python now; what is said of this block is of when it last was."],
    ]);
    const names = file.upgrades[0]?.operations.map(({ nameRange }) => file.text.slice(nameRange.start, nameRange.end));
    expect(names).toEqual(["drop_table", "UPDATE t SET a = 1", "drop_table"]);
    expect(type(good).stale).toBeUndefined();
    expect(type(good)).toEqual(read(good));
  });

  test("is the same work only once: what it was made of is kept from one character to the next", () => {
    const first = follow(`${good}`);
    const broken = follow(good.replace("\n\n    op.execute", "\n    op.(\n    op.execute"), first);
    const more = follow(good.replace("\n\n    op.execute", "\n    op.((\n    op.execute"), broken);
    expect(more.readable).toBe(broken.readable);
  });

  test("has nothing left at places that are gone", () => {
    const type = typist(good);
    const file = type(good.replace('op.execute("UPDATE t SET a = 1")', "("));
    expect(shownIn(file)).toEqual(["drop_table a", "drop_table z"]);
    expect(file.upgrades[0]?.statements.map(({ operations }) => operations)).toEqual([[0], [], [1]]);
    const without = type(good.replace("def upgrade():\n", "(\n"));
    expect(without.upgrades[0]?.form).toBe("absent");
  });

  test("keeps the place of the revision in the history", () => {
    const type = typist(good);
    const file = type(good.replace('down_revision = "a"', 'down_revision = "'));
    expect(file.identifiers.downRevision?.value).toEqual(["a"]);
    expect(file.isRevision).toBe(true);
  });

  test("is read as it is when little of it is left, and after many edits", () => {
    const type = typist(good);
    expect(type(good.replace(/ {4}op\.drop_table\("a"\)[^]*?"z"\)/, "    op.drop_table(")).stale).toBeUndefined();
    const again = typist(good);
    const broken = (i: number): RevisionFile =>
      again(good.replace(before, `${before}\n    (${"x".repeat(1 + (i % 2))}`));
    let edits = 0;
    while (broken(edits).stale && edits < 2_000) edits++;
    expect(edits).toBe(500);
  });

  test("that was never Python is read as it is", () => {
    const half = good.replace(before, `${before}\n    op.(`);
    const file = typist(half)(half.replace("pass", "op.drop_table('d')"));
    expect(file.stale).toBeUndefined();
    expect(shownIn(file)).toEqual(["drop_table a", "update t(a)", "drop_table z"]);
  });

  test("leaves the others to be typed in", () => {
    const type = typist(good);
    const broken = good.replace(before, `${before}\n    op.(`);
    type(broken);
    const file = type(broken.replace("pass", "op.drop_table('d')"));
    expect(file.stale?.length).toBe(1);
    expect(file.downgrades[0]?.operations.map(show)).toEqual(["drop_table d"]);
    expect(shownIn(file)).toEqual(["drop_table a", "update t(a)", "drop_table z"]);
  });

  test("may be cut in two by a line that has lost its indentation, or swallow the next", () => {
    expect(shownIn(typist(good)(good.replace("    op.execute", "op.execute")))).toEqual([
      "drop_table a",
      "update t(a)",
      "drop_table z",
    ]);
    const swallowed = typist(good)(good.replace("def downgrade():", "    (def downgrade():"));
    expect(shownIn(swallowed)).toEqual(["drop_table a", "update t(a)", "drop_table z"]);
    expect(swallowed.downgrades[0]?.form).toBe("pass");
  });
});
