import { describe, expect, test } from "vitest";
import { concurrentlyInTransaction as rule } from "../../server/src/rules/concurrently-in-transaction.ts";
import { allows, findsIn, fixes, flags, leaves } from "../support/cases.ts";

const build = `op.create_index("ix", "users", ["email"], postgresql_concurrently=True)\n`;

const environment = (text: string): string => `-- env.py --
import sqlalchemy as sa
from alembic import context
${text}
-- versions/0001_index.py --
${build}`;

describe("finds", () => {
  test("an index built concurrently in Alembic's transaction", () =>
    flags(
      rule,
      `
${build.trim()}
   ^^^^^^^^^^^^ error: PostgreSQL refuses CREATE INDEX CONCURRENTLY within a transaction, and Alembic has begun one.
`,
    ));

  test("one after a commit(), which SQLAlchemy answers with a new transaction", async () => {
    expect(await findsIn(rule, `op.get_bind().commit()\n${build}`)).toHaveLength(1);
  });

  test("one in an env.py that connects by itself", async () => {
    const text = `with sa.create_engine("postgresql:///a").connect() as connection:
    context.configure(connection=connection)
    context.run_migrations()`;
    expect(await findsIn(rule, environment(text))).toHaveLength(1);
  });
});

describe("repairs", () => {
  test("by an autocommit block", () =>
    fixes(
      rule,
      build,
      `with op.get_context().autocommit_block():
    op.create_index("ix", "users", ["email"], postgresql_concurrently=True)
`,
    ));
  test("nothing that a loop does to several tables, since the block would be opened for each", async () => {
    const source = `for t in ("a", "b"):\n    op.execute(f"VACUUM {t}")\n`;
    expect(await findsIn(rule, source)).toHaveLength(1);
    await leaves(rule, source);
  });
});

describe("allows", () => {
  test.each([
    [
      "an env.py whose connection is in autocommit",
      `with sa.create_engine("postgresql:///a", isolation_level="AUTOCOMMIT").connect() as connection:
    context.configure(connection=connection)
    context.run_migrations()`,
    ],
    ["an env.py that leaves all to other code", "from app.database import run_migrations\nrun_migrations(context)"],
  ])("%s", (_, text) => allows(rule, environment(text)));

  test("one after the driver was told to commit", () =>
    allows(rule, `raw = op.get_bind().connection.dbapi_connection\nraw.commit()\nraw.autocommit = True\n${build}`));

  test("other servers", () => allows(rule, build, { dialect: "mysql" }));
});
