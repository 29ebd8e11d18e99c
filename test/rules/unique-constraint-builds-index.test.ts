import { describe, test } from "vitest";
import { uniqueConstraintBuildsIndex as rule } from "../../server/src/rules/unique-constraint-builds-index.ts";
import { allows, flags } from "../support/cases.ts";

describe("finds", () => {
  test("a unique constraint on an existing table, and says who waits", () =>
    flags(
      rule,
      `
op.create_unique_constraint("uq", "users", ["email"])
   ^^^^^^^^^^^^^^^^^^^^^^^^ warning: Adding the unique constraint uq builds an index; meanwhile nobody can read or write users.
`,
    ));
  test("a unique column that is the same in every row, which cannot be", () =>
    flags(
      rule,
      `
op.add_column("users", sa.Column("code", sa.Text(), server_default="x", unique=True))
   ^^^^^^^^^^ warning: Every row gets the same users.code: making it unique fails as soon as there are two rows, after building an index while nobody can read or write users.
`,
    ));
});

describe("allows", () => {
  test.each([
    ["an index that is there", `op.execute("ALTER TABLE users ADD CONSTRAINT uq UNIQUE USING INDEX ix")\n`],
    ["an emptied table", `op.execute("TRUNCATE users")\nop.create_unique_constraint("uq", "users", ["email"])\n`],
    ["a new table", `op.create_table("users", sa.Column("email", sa.Text(), unique=True))\n`],
  ])("%s", (_, source) => allows(rule, source));
});
