import { describe, test } from "vitest";
import { setNotNullScan as rule } from "../../server/src/rules/set-not-null-scan.ts";
import { allows, flags } from "../support/cases.ts";

const users = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.Text()))
`;

describe("finds", () => {
  test("a column made NOT NULL, and says who waits", () =>
    flags(
      rule,
      `${users}
-- versions/0002_not_null.py --
op.alter_column("users", "email", nullable=False)
   ^^^^^^^^^^^^ warning: Making users.email NOT NULL reads every row; meanwhile nobody can read or write users.
`,
    ));

  test("a CHECK that says something else", () =>
    flags(
      rule,
      `${users}
op.create_check_constraint("ck", "users", "email IS NOT NULL OR id > 5")
-- versions/0002_not_null.py --
op.alter_column("users", "email", nullable=False)
   ^^^^^^^^^^^^ warning: *
`,
    ));

  test("the constraint of PostgreSQL 18", () =>
    flags(
      rule,
      `
op.execute("ALTER TABLE users ADD CONSTRAINT nn NOT NULL email")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: Making users.email NOT NULL reads every row; meanwhile nobody can read or write users.
`,
    ));
});

describe("allows", () => {
  test("the constraint of PostgreSQL 18 that is NOT VALID", () =>
    allows(rule, `op.execute("ALTER TABLE users ADD CONSTRAINT nn NOT NULL email NOT VALID")\n`));
  test("a CHECK that says more", () =>
    allows(
      rule,
      `${users}
op.create_check_constraint("ck", "users", "email IS NOT NULL AND id > 5")
-- versions/0002_not_null.py --
op.alter_column("users", "email", nullable=False)
`,
    ));
  test("a type change that writes every row anew: another rule's matter", () =>
    allows(rule, `op.alter_column("users", "n", type_=sa.BigInteger(), existing_type=sa.Integer(), nullable=False)\n`));
  test("a table that is emptied", () =>
    allows(rule, `op.execute("TRUNCATE users")\nop.alter_column("users", "email", nullable=False)\n`));
});
