import { describe, expect, test } from "vitest";
import { publishedRevisionChanged as rule } from "../../server/src/rules/published-revision-changed.ts";
import { allows, findsIn, flags, says } from "../support/cases.ts";

const was = (body: string): string => `-- main:versions/0001_a.py --\n${body}\n`;
const is = (body: string): string => `-- versions/0001_a.py --\n${body}\n`;
const whole = (body: string, top = ""): string => `${top}def upgrade():\n${body.replaceAll(/^(?=.)/gm, "    ")}`;

const adds = `op.add_column("t", sa.Column("a", sa.Integer()))`;
const fills = `op.get_bind().execute(sa.update(sa.table("t", sa.column("a"))).values(a=1))`;
const helper = (value: number): string =>
  `def fill():\n    op.get_bind().execute(sa.text("UPDATE t SET a = ${value}"))\n\n\n`;

describe("finds", () => {
  test("other work, with the branch", () =>
    flags(
      rule,
      `${was(adds)}-- versions/0001_a.py --
def upgrade():
    ^^^^^^^ warning: This does something else than revision 0001 on main: a database that has run it keeps what it did there, and only new ones get this.
    op.add_column("t", sa.Column("a", sa.BigInteger()))
`,
    ));

  test("another id", async () => {
    expect(
      await says(rule, `${was(adds)}-- versions/0001_a.py --\nrevision = "0001b"\ndown_revision = None\n`),
    ).toEqual([
      "On main this revision is 0001: a database that stands at 0001 does not find it any more, and would run 0001b anew.",
    ]);
  });

  test("another parent", async () => {
    const child = (prefix: string): string => `-- ${prefix}versions/0003_c.py --\npass\n`;
    expect(
      await says(rule, `${was("pass")}${child("main:")}${is("pass")}-- versions/0002_b.py --\npass\n${child("")}`),
    ).toEqual([
      "On main revision 0003 follows 0001 and not 0002: a database that has run 0003 never runs what now comes before it.",
    ]);
  });

  test("another dependency", async () => {
    const file = (depends: string): string =>
      `revision = "0001"\ndown_revision = None\ndepends_on = ${depends}\ndef upgrade():\n    pass\n`;
    const other = `-- versions/x_b.py --\nrevision = "x"\ndown_revision = None\n`;
    expect(await says(rule, `${was(file("None"))}${is(file('"x"'))}${other}`)).toEqual([
      "On main revision 0001 depends on other revisions than here: a database that has run 0001 never runs what it now asks for.",
    ]);
  });

  test.each([
    ["an operation more", adds, `${adds}\n${adds.replace('"a"', '"b"')}`],
    ["another type", adds, adds.replace("Integer", "Text")],
    ["another value in SQL", `op.execute("UPDATE t SET a = 1")`, `op.execute("UPDATE t SET a = 2")`],
    ["another value in Core", fills, fills.replace("a=1", "a=2")],
    ["another operator", `print(1 + 2)\n${fills}`, `print(1 - 2)\n${fills}`],
    ["another condition", `if x > 1:\n    ${fills}`, `if x >= 1:\n    ${fills}`],
    ["a tuple instead of a value", `f(1)\n${fills}`, `f((1,))\n${fills}`],
    ["a helper that does other work", whole("fill()", helper(1)), whole("fill()", helper(2))],
    [
      "a function from elsewhere",
      whole("fill(op.get_bind())", "from app.one import fill\n"),
      whole("fill(op.get_bind())", "from app.two import fill\n"),
    ],
    [
      "a batch block's operation",
      `with op.batch_alter_table("t") as b:\n    b.drop_column("a")`,
      `with op.batch_alter_table("t") as b:\n    b.drop_column("b")`,
    ],
  ])("%s", async (_, before, after) => {
    expect(await findsIn(rule, was(before) + is(after))).toHaveLength(1);
  });

  test("work that has moved to another file with its id", async () => {
    const moved = `-- versions/0001_b.py --\n${adds.replace("Integer", "Text")}\n`;
    expect(await findsIn(rule, was(adds) + moved)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["the same text", adds, adds],
    ["a comment", adds, `# why\n${adds}  # and how`],
    ["a docstring", whole(adds), whole(`"""Adds a."""\n${adds}`)],
    ["formatting", adds, `op.add_column(\n    't',\n    sa.Column('a', sa.Integer(),),\n)`],
    ["brackets around a value", `x = 1 + 2\n${fills}`, `x = (\n    1 + 2\n)\n${fills}`],
    ["an annotation", whole(fills), `def upgrade() -> None:\n    ${fills}`],
    ["an annotated name", `x = 1\n${fills}`, `x: int = 1\n${fills}`],
    ["the same operation in other words", adds, `column = sa.Column("a", sa.Integer())\nop.add_column("t", column)`],
    [
      "SQL in other lines",
      `op.execute("UPDATE t SET a = 1 WHERE a = 2")`,
      `op.execute("""UPDATE t\n  SET a = 1\n  WHERE a = 2""")`,
    ],
    ["sa.text around SQL", `op.get_bind().execute("DELETE FROM t")`, `op.get_bind().execute(sa.text("DELETE FROM t"))`],
    ["an import that nothing uses", whole(fills), whole(fills, "import os\n")],
    ["the order of helpers", whole("fill()", helper(1)), `${whole("fill()")}\n\n\n${helper(1)}`],
    ["a downgrade", whole(adds), `${whole(adds)}\n\n\ndef downgrade():\n    op.drop_column("t", "a")`],
    [
      "a helper of the downgrade",
      `${helper(1)}${whole(fills)}\n\n\ndef downgrade():\n    fill()`,
      `${helper(2)}${whole(fills)}\n\n\ndef downgrade():\n    fill()`,
    ],
    [
      "a message",
      `revision = "0001"\ndown_revision = None\n`,
      `"""Another message"""\nrevision = "0001"\ndown_revision = None\n`,
    ],
  ])("%s", (_, before, after) => allows(rule, was(before) + is(after)));

  test("a file that has only moved", () => allows(rule, `${was(adds)}-- versions/0001_b.py --\n${adds}\n`));
  test("a revision that the branch does not have", () =>
    allows(rule, `${was(adds)}${is(adds)}-- versions/0002_b.py --\n${adds.replace('"a"', '"b"')}\n`));
  test("a project of which git tells nothing", () => allows(rule, is(adds)));
  test("a file that is gone", () =>
    allows(rule, `${was(adds)}-- versions/0002_b.py --\nrevision = "0002"\ndown_revision = None\n`));
});
