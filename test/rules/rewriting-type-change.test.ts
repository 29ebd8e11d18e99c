import { describe, expect, test } from "vitest";
import { rewritingTypeChange as rule } from "../../server/src/rules/rewriting-type-change.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const history = (first: string, second: string): string =>
  `-- versions/0001_first.py --\n${first}\n-- versions/0002_second.py --\n${second}\n`;

describe("finds", () => {
  test("a type that is stored otherwise, and says who waits", () =>
    flags(
      rule,
      `
op.alter_column("orders", "id", existing_type=sa.Integer(), type_=sa.BigInteger())
   ^^^^^^^^^^^^ warning: Changing orders.id to sa.BigInteger() writes every row and every index anew; meanwhile nobody can read or write orders.
`,
    ));

  test("the table on the other end of a foreign key", async () => {
    const first = `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("orders", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))`;
    const second = `op.alter_column("users", "id", existing_type=sa.Integer(), type_=sa.BigInteger())`;
    expect(await findsIn(rule, history(first, second))).toEqual([
      expect.stringContaining("nobody can read or write orders or users."),
    ]);
  });

  test("a time zone, on a condition", async () => {
    const source = `op.alter_column("t", "at", existing_type=sa.DateTime(), type_=sa.DateTime(timezone=True))\n`;
    expect(await findsIn(rule, source)).toEqual([expect.stringContaining("unless the session's time zone is UTC")]);
  });

  test("an index that is built anew although the rows stay", async () => {
    const first = `op.create_table("t", sa.Column("n", sa.Integer(), index=True))`;
    const second = `op.execute("ALTER TABLE t ALTER COLUMN n TYPE oid")`;
    expect(await findsIn(rule, history(first, second))).toEqual([
      expect.stringContaining("leaves the rows as they are, but builds indexes anew"),
    ]);
  });
});

describe("allows", () => {
  test.each([
    ["a longer string", `op.alter_column("t", "a", existing_type=sa.String(5), type_=sa.String(9))\n`],
    [
      "USING with the same cast as the server's",
      `op.execute("ALTER TABLE t ALTER COLUMN a TYPE text USING a::text")\n`,
    ],
    ["types that are not known", `op.alter_column("t", "a", existing_type=Mine(), type_=Other())\n`],
    [
      "a table of the same revision",
      `op.create_table("t", sa.Column("a", sa.Integer()))\nop.alter_column("t", "a", existing_type=sa.Integer(), type_=sa.Text())\n`,
    ],
    [
      "an emptied table",
      `op.execute("TRUNCATE t")\nop.alter_column("t", "a", existing_type=sa.Integer(), type_=sa.Text())\n`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});
