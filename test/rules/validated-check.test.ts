import { describe, test } from "vitest";
import { validatedCheck as rule } from "../../server/src/rules/validated-check.ts";
import { allows, flags } from "../support/cases.ts";

describe("finds", () => {
  test("a condition on an existing table, and says who waits", () =>
    flags(
      rule,
      `
op.create_check_constraint("ck", "orders", "total >= 0")
   ^^^^^^^^^^^^^^^^^^^^^^^ warning: Adding the check ck reads every row; meanwhile nobody can read or write orders.
`,
    ));
  test("one without a name", () =>
    flags(
      rule,
      `
op.execute("ALTER TABLE orders ADD CHECK (total >= 0)")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: Adding the check on orders (total) reads every row; meanwhile nobody can read or write orders.
`,
    ));
});

describe("allows", () => {
  test.each([
    ["NOT VALID", `op.create_check_constraint("ck", "orders", "total >= 0", postgresql_not_valid=True)\n`],
    ["validation", `op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck")\n`],
    ["an emptied table", `op.execute("TRUNCATE orders")\nop.create_check_constraint("ck", "orders", "total >= 0")\n`],
    ["a domain", `op.execute("ALTER DOMAIN amount ADD CHECK (VALUE >= 0)")\n`],
  ])("%s", (_, source) => allows(rule, source));
});
