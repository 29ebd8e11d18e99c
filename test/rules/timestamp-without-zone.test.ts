import { describe, expect, test } from "vitest";
import { timestampWithoutZone as rule } from "../../server/src/rules/timestamp-without-zone.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, findsIn } from "../support/cases.ts";

/** Advice is opt-in. */
const strict = { settings: mergeSettings([{ rules: { "timestamp-without-zone": { severity: "information" } } }]) };

describe("finds", () => {
  test.each([
    ["When a row was made", `op.add_column("users", sa.Column("created", sa.DateTime()))`],
    ["SQL text", `op.execute("ALTER TABLE users ADD COLUMN created timestamp")`],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`, strict)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["With a time zone", `op.add_column("users", sa.Column("created", sa.DateTime(timezone=True)))`],
    ["A date", `op.add_column("users", sa.Column("born", sa.Date()))`],
    ["a name that says it", `op.add_column("users", sa.Column("created_utc", sa.DateTime()))`],
    [
      "a downgrade",
      `def upgrade():\n    pass\n\n\ndef downgrade():\n    op.add_column("users", sa.Column("a", sa.DateTime()))`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`, strict));
});

test("says so in a sentence", async () => {
  expect(
    (await findsIn(rule, `op.add_column("users", sa.Column("created", sa.DateTime()))\n`, strict)).map((line) =>
      line.slice(line.indexOf("» ") + 2),
    ),
  ).toEqual([`users.created has no time zone: nobody can tell which moment it means.`]);
});
