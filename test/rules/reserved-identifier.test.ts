import { describe, test } from "vitest";
import { reservedIdentifier as rule } from "../../server/src/rules/reserved-identifier.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, flags } from "../support/cases.ts";

const settings = mergeSettings([{ preset: "strict" }]);

describe("finds", () => {
  test("a table and a column, once each", () =>
    flags(
      rule,
      `op.create_table("user", sa.Column("id", sa.Integer()), sa.Column("group", sa.Text()))
   ^^^^^^^^^^^^ information: The table "user" is called by a reserved word: every query by hand has to quote it.
op.add_column("items", sa.Column("limit", sa.Integer()))
   ^^^^^^^^^^ information: The column "limit" is called by a reserved word: every query by hand has to quote it.
`,
      { settings },
    ));
});

describe("allows", () => {
  test.each([
    ["words that only begin so", `op.create_table("users", sa.Column("order_id", sa.Integer()))`],
    ["an index", `op.create_index("order", "items", ["id"])`],
    ["what is there already", `op.alter_column("user", "order", nullable=False)`],
  ])("%s", (_, body) => allows(rule, body, { settings }));
});
