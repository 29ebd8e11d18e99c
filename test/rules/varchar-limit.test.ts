import { describe, expect, test } from "vitest";
import { varcharLimit as rule } from "../../server/src/rules/varchar-limit.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, findsIn } from "../support/cases.ts";

/** Advice is opt-in. */
const strict = { settings: mergeSettings([{ rules: { "varchar-limit": { severity: "information" } } }]) };

describe("finds", () => {
  test.each([
    ["A name", `op.add_column("users", sa.Column("name", sa.String(50)))`],
    ["SQL text", `op.execute("ALTER TABLE users ADD COLUMN name varchar(50)")`],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`, strict)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["Text", `op.add_column("users", sa.Column("name", sa.Text()))`],
    ["A string without a length", `op.add_column("users", sa.Column("name", sa.String()))`],
    [
      "an enum without a type of its own",
      `op.add_column("users", sa.Column("a", sa.Enum("x", "y", name="e", native_enum=False)))`,
    ],
    [
      "a downgrade",
      `def upgrade():\n    pass\n\n\ndef downgrade():\n    op.add_column("users", sa.Column("a", sa.String(5)))`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`, strict));
});

test("says so in a sentence", async () => {
  expect(
    (await findsIn(rule, `op.add_column("users", sa.Column("name", sa.String(50)))\n`, strict)).map((line) =>
      line.slice(line.indexOf("» ") + 2),
    ),
  ).toEqual([`users.name is limited to 50 characters by its type: text with a CHECK can be changed more easily.`]);
});
