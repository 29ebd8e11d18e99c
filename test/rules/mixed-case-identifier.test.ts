import { describe, test } from "vitest";
import { mixedCaseIdentifier as rule } from "../../server/src/rules/mixed-case-identifier.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, flags } from "../support/cases.ts";

const settings = mergeSettings([{ preset: "strict" }]);

describe("finds", () => {
  test("capital letters and spaces", () =>
    flags(
      rule,
      `op.add_column("users", sa.Column("firstName", sa.Text()))
   ^^^^^^^^^^ information: The column "firstName" has to be written in quotes in every query.
op.rename_table("users", "all users")
   ^^^^^^^^^^^^ information: The table "all users" has to be written in quotes in every query.
`,
      { settings },
    ));
});

describe("allows", () => {
  test.each([
    ["small letters, digits and underscores", `op.add_column("users", sa.Column("_first_name2", sa.Text()))`],
    ["letters of other alphabets", `op.add_column("users", sa.Column("straße", sa.Text()))`],
    ["what is there already", `op.drop_column("users", "firstName")`],
  ])("%s", (_, body) => allows(rule, body, { settings }));

  test("MySQL, which does not fold", () =>
    allows(rule, `op.create_table("Users", sa.Column("id", sa.Integer()))`, { settings, dialect: "mysql" }));
});
