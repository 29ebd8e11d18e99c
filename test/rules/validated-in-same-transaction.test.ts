import { describe, test } from "vitest";
import { validatedInSameTransaction as rule } from "../../server/src/rules/validated-in-same-transaction.ts";
import { allows, flags } from "../support/cases.ts";

describe("finds", () => {
  test("a foreign key, with both tables that wait", () =>
    flags(
      rule,
      `
op.create_foreign_key("fk", "orders", "users", ["user_id"], ["id"], postgresql_not_valid=True)
op.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: fk is validated in the transaction that adds it, under the lock of that: while all rows are read, nobody can write to orders or users.
`,
    ));
});

describe("allows", () => {
  test.each([
    [
      "the same name on another table",
      `op.create_check_constraint("ck", "a", "n > 0", postgresql_not_valid=True)
op.execute("ALTER TABLE b VALIDATE CONSTRAINT ck")
`,
    ],
    [
      "COMMIT in between",
      `op.create_check_constraint("ck", "a", "n > 0", postgresql_not_valid=True)
op.execute("COMMIT")
op.execute("ALTER TABLE a VALIDATE CONSTRAINT ck")
`,
    ],
    [
      "a constraint of an earlier revision",
      `op.execute("ALTER TABLE a VALIDATE CONSTRAINT ck")
`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});
