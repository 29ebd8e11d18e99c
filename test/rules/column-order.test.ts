import { describe, expect, test } from "vitest";
import { columnOrder as rule } from "../../server/src/rules/column-order.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";

/** Advice is opt-in. */
const strict = { settings: mergeSettings([{ rules: { "column-order": { severity: "information" } } }]) };

describe("finds", () => {
  test("and counts what is lost", () =>
    flags(
      rule,
      `` +
        marked(
          `op.execute("CREATE TABLE t (a boolean, b bigint, c boolean, d bigint)")`,
          `CREATE TABLE t (a boolean, b bigint, c boolean, d bigint)`,
          `information: The order of these columns leaves 14 bytes empty in every row of t.`,
        ) +
        ``,
      strict,
    ));
  test.each([
    [
      "a directive",
      `op.create_table("t", sa.Column("a", sa.Boolean()), sa.Column("b", sa.BigInteger()), sa.Column("c", sa.Boolean()), sa.Column("d", sa.DateTime(timezone=True)))`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`, strict)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["large ones first", `op.execute("CREATE TABLE t (b bigint, d bigint, c integer, a boolean)")`],
    ["a small gap", `op.execute("CREATE TABLE t (a integer, b bigint)")`],
    ["texts between", `op.execute("CREATE TABLE t (a boolean, x text, b bigint, y text, c boolean)")`],
    ["a temporary table", `op.execute("CREATE TEMP TABLE t (a boolean, b bigint, c boolean, d bigint)")`],
  ])("%s", (_, code) => allows(rule, `${code}\n`, strict));
});
