import { describe, expect, test } from "vitest";
import { tableWithoutPrimaryKey as rule } from "../../server/src/rules/table-without-primary-key.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";

/** Advice is opt-in. */
const strict = { settings: mergeSettings([{ rules: { "table-without-primary-key": { severity: "information" } } }]) };

describe("finds", () => {
  test("and names the table", () =>
    flags(
      rule,
      `` +
        marked(
          `op.create_table("t", sa.Column("id", sa.Integer()))`,
          `create_table`,
          `information: t has no primary key: rows that are equal cannot be told apart.`,
        ) +
        ``,
      strict,
    ));
  test.each([
    ["SQL text", `op.execute("CREATE TABLE t (id integer)")`],
    [
      "a key of another table",
      `op.create_table("t", sa.Column("id", sa.Integer()))\nop.create_primary_key("pk", "u", ["id"])`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`, strict)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["a key", `op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))`],
    ["a constraint", `op.create_table("t", sa.Column("id", sa.Integer()), sa.PrimaryKeyConstraint("id"))`],
    [
      "a key that follows",
      `op.execute("CREATE TABLE t (id integer)")\nop.execute("ALTER TABLE t ADD PRIMARY KEY (id)")`,
    ],
    ["a partition", `op.execute("CREATE TABLE t PARTITION OF u DEFAULT")`],
    ["a copy of the shape", `op.execute("CREATE TABLE t (LIKE u INCLUDING ALL)")`],
    ["a query", `op.execute("CREATE TABLE t AS SELECT 1")`],
    ["columns that are not known", `from app import columns\nop.create_table("t", *columns)`],
    ["a table that goes again", `op.execute("CREATE TABLE t (id integer)")\nop.drop_table("t")`],
  ])("%s", (_, code) => allows(rule, `${code}\n`, strict));
});
