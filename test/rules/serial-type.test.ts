import { describe, expect, test } from "vitest";
import { serialType as rule } from "../../server/src/rules/serial-type.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, findsIn } from "../support/cases.ts";

/** Advice is opt-in. */
const strict = { settings: mergeSettings([{ rules: { "serial-type": { severity: "information" } } }]) };

describe("finds", () => {
  test.each([
    ["A key", `op.execute("CREATE TABLE t (id serial PRIMARY KEY)")`],
    [
      "What SQLAlchemy makes of an integer key",
      `op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`, strict)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["An identity", `op.create_table("t", sa.Column("id", sa.Integer(), sa.Identity(), primary_key=True))`],
    [
      "A key that nothing numbers",
      `op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False))`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`, strict));
});

test("says so in a sentence", async () => {
  expect(
    (await findsIn(rule, `op.execute("CREATE TABLE t (id serial PRIMARY KEY)")\n`, strict)).map((line) =>
      line.slice(line.indexOf("» ") + 2),
    ),
  ).toEqual([`t.id is a serial column: an identity column keeps its sequence to itself.`]);
});
