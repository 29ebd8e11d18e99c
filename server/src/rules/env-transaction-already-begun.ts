import { defineRule, type FoundInProject } from "./define.ts";

export const envTransactionAlreadyBegun = defineRule({
  id: "env-transaction-already-begun",
  group: "correctness",
  severity: "error",
  recommended: true,
  summary: "The connection is used before Alembic gets it, so that nothing that migrations do is committed.",
  why: `SQLAlchemy 2 begins a transaction with the first statement on a connection. Alembic finds it when it is configured, takes it for somebody else's, and
commits nothing; when the connection is closed, all migrations are rolled back, without an error and with an exit code of 0.`,
  instead: `Run the statement within Alembic's own transaction (\`with context.begin_transaction():\`, before \`context.run_migrations()\`), or say \`connection.commit()\` after it and before
\`context.configure()\`.`,
  allowed: [
    "Connections of `engine.begin()`, and those on which env.py says `commit()` or `begin()` itself: whoever begins the transaction commits it.",
    'Engines with `isolation_level="AUTOCOMMIT"`, statements under a test, and connections that come from elsewhere.',
  ],
  sources: [
    "https://docs.sqlalchemy.org/en/20/core/connections.html#commit-as-you-go",
    "https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.begin_transaction",
  ],
  options: {},
  examples: [
    {
      title: "A setting for migrations",
      before: `-- env.py --
from alembic import context
from sqlalchemy import create_engine, text

with create_engine("postgresql:///app").connect() as connection:
    connection.execute(text("SET search_path = app"))
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
-- versions/0001_a.py --
pass
`,
      after: [
        `-- env.py --
from alembic import context
from sqlalchemy import create_engine, text

with create_engine("postgresql:///app").connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        connection.execute(text("SET search_path = app"))
        context.run_migrations()
-- versions/0001_a.py --
pass
`,
      ],
    },
  ],
  catches: [
    {
      title: "In the function that asyncio runs",
      code: `-- env.py --
from alembic import context
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


def run(connection):
    connection.execute(text("SET search_path = app"))
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


async def main():
    async with create_async_engine("postgresql+asyncpg:///app").connect() as connection:
        await connection.run_sync(run)
-- versions/0001_a.py --
pass
`,
    },
    {
      title: "A query, of which one would not think",
      code: `-- env.py --
from alembic import context
from sqlalchemy import create_engine, text

connection = create_engine("postgresql:///app").connect()
version = connection.scalar(text("SELECT version()"))
context.configure(connection=connection)
context.run_migrations()
-- versions/0001_a.py --
pass
`,
    },
  ],
  passes: [
    {
      title: "A commit in between",
      code: `-- env.py --
from alembic import context
from sqlalchemy import create_engine, text

with create_engine("postgresql:///app").connect() as connection:
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS app"))
    connection.commit()
    context.configure(connection=connection)
    context.run_migrations()
-- versions/0001_a.py --
pass
`,
    },
    {
      title: "A transaction that the engine has begun",
      code: `-- env.py --
from alembic import context
from sqlalchemy import create_engine, text

with create_engine("postgresql:///app").begin() as connection:
    connection.execute(text("SET search_path = app"))
    context.configure(connection=connection)
    context.run_migrations()
-- versions/0001_a.py --
pass
`,
    },
  ],
  *inspect({ config: { env } }) {
    if (env?.begun && !env.broken) yield { at: env.begun, path: env.path } satisfies FoundInProject;
  },
  message: () =>
    "This begins a transaction before Alembic is configured: Alembic takes it for somebody else's, commits nothing, and all that migrations do is rolled back.",
});
