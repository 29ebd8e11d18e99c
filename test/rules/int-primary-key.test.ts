import { describe, expect, test } from "vitest";
import { intPrimaryKey as rule } from "../../server/src/rules/int-primary-key.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";

/** Advice is opt-in. */
const strict = { settings: mergeSettings([{ rules: { "int-primary-key": { severity: "information" } } }]) };

describe("finds", () => {
  test("and names the column", () =>
    flags(
      rule,
      `` +
        marked(
          `op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))`,
          `create_table`,
          `information: t.id ends at 2,147,483,647, counting what is rolled back as well: a bigint does not.`,
        ) +
        ``,
      strict,
    ));
  test.each([
    ["serial", `op.execute("CREATE TABLE t (id serial PRIMARY KEY)")`],
    ["a smallint", `op.create_table("t", sa.Column("id", sa.SmallInteger(), primary_key=True))`],
    ["an identity", `op.execute("CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY)")`],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`, strict)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["a bigint", `op.create_table("t", sa.Column("id", sa.BigInteger(), primary_key=True))`],
    [
      "two columns",
      `op.create_table("t", sa.Column("a", sa.Integer(), primary_key=True), sa.Column("b", sa.Integer(), primary_key=True))`,
    ],
    [
      "a key that points elsewhere",
      `op.create_table("t", sa.Column("id", sa.Integer(), sa.ForeignKey("u.id"), primary_key=True))`,
    ],
    ["a uuid", `op.create_table("t", sa.Column("id", sa.Uuid(), primary_key=True))`],
    [
      "a downgrade",
      `def upgrade():\n    pass\n\n\ndef downgrade():\n    op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`, strict));
});
