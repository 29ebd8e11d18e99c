import { describe, expect, test } from "vitest";
import { floatForMoney as rule } from "../../server/src/rules/float-for-money.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, findsIn } from "../support/cases.ts";

/** Advice is opt-in. */
const strict = { settings: mergeSettings([{ rules: { "float-for-money": { severity: "information" } } }]) };

describe("finds", () => {
  test.each([
    ["A price", `op.add_column("users", sa.Column("price", sa.Float()))`],
    ["SQL text", `op.execute("ALTER TABLE users ADD COLUMN total_amount double precision")`],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`, strict)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["Exact numbers", `op.add_column("users", sa.Column("price", sa.Numeric(12, 2)))`],
    ["A score", `op.add_column("users", sa.Column("score", sa.Float()))`],
    ["whole cents", `op.add_column("users", sa.Column("price_cents", sa.BigInteger()))`],
  ])("%s", (_, code) => allows(rule, `${code}\n`, strict));
});

test("says so in a sentence", async () => {
  expect(
    (await findsIn(rule, `op.add_column("users", sa.Column("price", sa.Float()))\n`, strict)).map((line) =>
      line.slice(line.indexOf("» ") + 2),
    ),
  ).toEqual([`users.price sounds like money and is a binary fraction: sums come out a cent off. Use numeric.`]);
});
