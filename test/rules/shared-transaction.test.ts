import { describe, test } from "vitest";
import { sharedTransaction as rule } from "../../server/src/rules/shared-transaction.ts";
import { allows, flags } from "../support/cases.ts";

describe("finds", () => {
  test("that revisions share a transaction, once, in env.py", () =>
    flags(
      rule,
      `-- env.py --
from alembic import context
context.configure(connection=connection)
        ^^^^^^^^^ warning: All pending revisions run in one transaction: run together, 0002 changes rows while the locks of 0001 are held.
-- versions/0001_schema.py --
op.add_column("users", sa.Column("age", sa.Integer()))
-- versions/0002_data.py --
op.execute("UPDATE users SET age = 0")
`,
    ));
});

describe("allows", () => {
  test.each([
    [
      "a transaction for each",
      `-- env.py --
from alembic import context
context.configure(connection=connection, transaction_per_migration=True)
-- versions/0001_schema.py --
op.add_column("users", sa.Column("age", sa.Integer()))
-- versions/0002_data.py --
op.execute("UPDATE users SET age = 0")
`,
    ],
    [
      "a switch that is not known",
      `-- env.py --
from alembic import context
context.configure(connection=connection, transaction_per_migration=switch())
-- versions/0001_schema.py --
op.add_column("users", sa.Column("age", sa.Integer()))
-- versions/0002_data.py --
op.execute("UPDATE users SET age = 0")
`,
    ],
    [
      "other code that configures Alembic",
      `-- env.py --
from app import run
run()
-- versions/0001_schema.py --
op.add_column("users", sa.Column("age", sa.Integer()))
-- versions/0002_data.py --
op.execute("UPDATE users SET age = 0")
`,
    ],
    [
      "no changes of rows",
      `-- env.py --
from alembic import context
context.configure(connection=connection)
-- versions/0001_schema.py --
op.add_column("users", sa.Column("age", sa.Integer()))
`,
    ],
    [
      "both halves in one revision only, which is another rule's",
      `-- env.py --
from alembic import context
context.configure(connection=connection)
-- versions/0001_both.py --
op.add_column("users", sa.Column("age", sa.Integer()))
op.execute("UPDATE users SET age = 0")
`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});

test("other servers commit at each definition", () =>
  allows(
    rule,
    `-- env.py --
from alembic import context
context.configure(connection=connection)
-- versions/0001_schema.py --
op.add_column("users", sa.Column("age", sa.Integer()))
-- versions/0002_data.py --
op.execute("UPDATE users SET age = 0")
`,
    { dialect: "mysql" },
  ));
