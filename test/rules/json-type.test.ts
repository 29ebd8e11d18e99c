import { describe, expect, test } from "vitest";
import { jsonType as rule } from "../../server/src/rules/json-type.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, findsIn } from "../support/cases.ts";

/** Advice is opt-in. */
const strict = { settings: mergeSettings([{ rules: { "json-type": { severity: "information" } } }]) };

describe("finds", () => {
  test.each([
    ["A column of settings", `op.add_column("users", sa.Column("settings", sa.JSON()))`],
    ["SQL text", `op.execute("ALTER TABLE users ADD COLUMN settings json")`],
    ["A new table", `op.create_table("t", sa.Column("id", sa.Integer()), sa.Column("a", sa.JSON()))`],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`, strict)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    [
      "A column of type jsonb",
      `from sqlalchemy.dialects import postgresql\nop.add_column("users", sa.Column("settings", postgresql.JSONB()))`,
    ],
    ["Text", `op.execute("ALTER TABLE users ADD COLUMN settings text")`],
    [
      "a downgrade",
      `def upgrade():\n    pass\n\n\ndef downgrade():\n    op.add_column("users", sa.Column("a", sa.JSON()))`,
    ],
    ["a temporary table", `op.execute("CREATE TEMP TABLE t (a json)")`],
  ])("%s", (_, code) => allows(rule, `${code}\n`, strict));
});

test("says so in a sentence", async () => {
  expect(
    (await findsIn(rule, `op.add_column("users", sa.Column("settings", sa.JSON()))\n`, strict)).map((line) =>
      line.slice(line.indexOf("» ") + 2),
    ),
  ).toEqual([`users.settings is json: jsonb can be compared and indexed, and is not parsed at each access.`]);
});
