import { describe, expect, test } from "vitest";
import { charType as rule } from "../../server/src/rules/char-type.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, findsIn } from "../support/cases.ts";

/** Advice is opt-in. */
const strict = { settings: mergeSettings([{ rules: { "char-type": { severity: "information" } } }]) };

describe("finds", () => {
  test.each([
    ["A code of a country", `op.add_column("users", sa.Column("country", sa.CHAR(2)))`],
    ["SQL text", `op.execute("ALTER TABLE users ADD COLUMN country char(2)")`],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`, strict)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["A string of limited length", `op.add_column("users", sa.Column("country", sa.String(2)))`],
    ["One character", `op.add_column("users", sa.Column("sex", sa.CHAR(1)))`],
    [
      "a downgrade",
      `def upgrade():\n    pass\n\n\ndef downgrade():\n    op.add_column("users", sa.Column("a", sa.CHAR(2)))`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`, strict));
});

test("says so in a sentence", async () => {
  expect(
    (await findsIn(rule, `op.add_column("users", sa.Column("country", sa.CHAR(2)))\n`, strict)).map((line) =>
      line.slice(line.indexOf("» ") + 2),
    ),
  ).toEqual([`users.country is char(2): it is padded with spaces that comparisons ignore and casts lose.`]);
});
