import { describe, expect, test } from "vitest";
import { moneyType as rule } from "../../server/src/rules/money-type.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, findsIn } from "../support/cases.ts";

/** Advice is opt-in. */
const strict = { settings: mergeSettings([{ rules: { "money-type": { severity: "information" } } }]) };

describe("finds", () => {
  test.each([
    ["A price", `op.execute("ALTER TABLE users ADD COLUMN price money")`],
    [
      "The type of SQLAlchemy",
      `from sqlalchemy.dialects import postgresql\nop.add_column("users", sa.Column("price", postgresql.MONEY()))`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`, strict)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["Exact numbers", `op.add_column("users", sa.Column("price", sa.Numeric(12, 2)))`],
    ["A name alone", `op.add_column("users", sa.Column("money", sa.Integer()))`],
  ])("%s", (_, code) => allows(rule, `${code}\n`, strict));
});

test("says so in a sentence", async () => {
  expect(
    (await findsIn(rule, `op.execute("ALTER TABLE users ADD COLUMN price money")\n`, strict)).map((line) =>
      line.slice(line.indexOf("» ") + 2),
    ),
  ).toEqual([`users.price is of the type money, whose meaning depends on a setting of the server: use numeric.`]);
});
