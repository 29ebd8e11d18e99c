import { describe, test } from "vitest";
import { workUnderExclusiveLock as rule } from "../../server/src/rules/work-under-exclusive-lock.ts";
import { allows, flags } from "../support/cases.ts";

describe("finds", () => {
  test("a validation under the lock of another table", () =>
    flags(
      rule,
      `
op.add_column("users", sa.Column("age", sa.Integer()))
op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: All rows of orders are gone through under the lock of add_column users.age: meanwhile nobody can read or write users.
op.execute("ALTER TABLE invoices VALIDATE CONSTRAINT ck")
`,
    ));
});

describe("allows", () => {
  test.each([
    [
      "a type change of which nothing is known",
      `op.add_column("users", sa.Column("age", sa.Integer()))
op.execute("ALTER TABLE orders ALTER COLUMN id TYPE bigint")
`,
    ],
    [
      "a default of which nothing is known",
      `op.add_column("users", sa.Column("age", sa.Integer()))
op.add_column("orders", sa.Column("a", sa.Text(), server_default=sa.text("f()")))
`,
    ],
    [
      "a table that is dropped before",
      `op.drop_table("old")
op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck")
`,
    ],
    [
      "a foreign key, which lets people read",
      `op.create_foreign_key("fk", "a", "b", ["x"], ["id"], postgresql_not_valid=True)
op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck")
`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});
