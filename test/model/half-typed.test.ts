import { describe, expect, test } from "vitest";
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
