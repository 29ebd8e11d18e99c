import { describe, expect, test } from "vitest";
import { validatedForeignKey as rule } from "../../server/src/rules/validated-foreign-key.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

describe("finds", () => {
  test("a foreign key between existing tables, and names both", () =>
    flags(
      rule,
      `
op.create_foreign_key("fk", "orders", "users", ["user_id"], ["id"])
   ^^^^^^^^^^^^^^^^^^ warning: Adding the foreign key fk looks up every row; meanwhile nobody can write to orders or users.
`,
    ));

  test("one without a name, by its columns", async () => {
    const source = `op.execute("ALTER TABLE orders ADD FOREIGN KEY (a, b) REFERENCES users")\n`;
    expect(await findsIn(rule, source)).toEqual([
      expect.stringContaining("the foreign key on orders (a, b) looks up every row"),
    ]);
  });

  test("one to a new table, which nobody waits for", () =>
    flags(
      rule,
      `
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.create_foreign_key("fk", "orders", "users", ["user_id"], ["id"])
   ^^^^^^^^^^^^^^^^^^ warning: Adding the foreign key fk looks up every row; meanwhile nobody can write to orders.
`,
    ));
});

describe("allows", () => {
  test.each([
    ["NOT VALID", `op.create_foreign_key("fk", "orders", "users", ["a"], ["id"], postgresql_not_valid=True)\n`],
    [
      "an emptied table",
      `op.execute("DELETE FROM orders")\nop.create_foreign_key("fk", "orders", "users", ["a"], ["id"])\n`,
    ],
    ["NOT ENFORCED", `op.execute("ALTER TABLE orders ADD FOREIGN KEY (a) REFERENCES users NOT ENFORCED")\n`],
  ])("%s", (_, source) => allows(rule, source));
});
