import { describe, test } from "vitest";
import { commitInMigration as rule } from "../../server/src/rules/commit-in-migration.ts";
import { allows, flags } from "../support/cases.ts";

describe("finds", () => {
  test("commit(), and says what becomes of what follows", () =>
    flags(
      rule,
      `
connection = op.get_bind()
connection.commit()
           ^^^^^^ error: commit() ends Alembic's transaction: what follows is rolled back at the end, and the revision is not recorded as run.
`,
    ));
  test("rollback() of the connection", () =>
    flags(
      rule,
      `
connection = op.get_bind()
connection.rollback()
           ^^^^^^^^ error: rollback() undoes all that the transaction has done so far and ends it: what follows is lost as well, and the revision is not recorded as run.
`,
    ));
  test("begin(), and not the commit() of what it could not begin", () =>
    flags(
      rule,
      `
connection = op.get_bind()
transaction = connection.begin()
                         ^^^^^ error: Alembic's transaction is open on this connection: SQLAlchemy 2 raises InvalidRequestError at begin().
transaction.commit()
`,
    ));
});

describe("allows", () => {
  test.each([
    [
      "a rollback where something has failed",
      `connection = op.get_bind()
try:
    op.execute("UPDATE t SET a = 1")
except Exception:
    connection.rollback()
    raise
`,
    ],
    ["the driver's own connection", `op.get_bind().connection.dbapi_connection.commit()\n`],
    ["a connection beside Alembic's", `c = op.get_bind().engine.connect()\nc.begin()\nc.commit()\n`],
    ["within an autocommit block", `with op.get_context().autocommit_block():\n    op.get_bind().commit()\n`],
    ["a savepoint that is rolled back", `s = op.get_bind().begin_nested()\ns.rollback()\n`],
    ["COMMIT as text", `op.execute("COMMIT")\n`],
  ])("%s", (_, source) => allows(rule, source));
});
