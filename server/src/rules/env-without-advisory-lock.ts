import { defineRule, type FoundInProject } from "./define.ts";

export const envWithoutAdvisoryLock = defineRule({
  id: "env-without-advisory-lock",
  group: "history",
  severity: "information",
  recommended: false,
  dialects: ["postgresql", "mysql", "mariadb"],
  summary: "Nothing in env.py keeps two runs of the migrations apart.",
  why: `Where every instance of a service migrates as it starts, or two deployments overlap, two runs read the same revision from \`alembic_version\` and both begin with the next: one of them fails halfway, or,
where DDL is not rolled back, both leave something.`,
  instead: `Take an advisory lock within the transaction, before the migrations: \`connection.execute(sa.text("SELECT pg_advisory_xact_lock(4711)"))\`; on MySQL \`GET_LOCK\`. With
\`transaction_per_migration\` it has to be one of the session: \`pg_advisory_lock\`. Behind a pooler that hands out connections by transaction neither holds: let one place migrate.`,
  allowed: ["Whatever is called a lock by its name, and an env.py that leaves it to other code to configure Alembic."],
  sources: ["https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS"],
  options: {},
  examples: [
    {
      title: "A lock of the transaction",
      before: `-- env.py --
from alembic import context
from sqlalchemy import create_engine

with create_engine("postgresql:///app").connect() as connection:
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
        connection.execute(text("SELECT pg_advisory_xact_lock(4711)"))
        context.run_migrations()
-- versions/0001_a.py --
pass
`,
      ],
    },
  ],
  catches: [
    {
      title: "Another setting is no lock",
      code: `-- env.py --\nfrom alembic import context\nfrom sqlalchemy import text\n\ncontext.configure(connection=connection)\nwith context.begin_transaction():\n    connection.execute(text("SET lock_timeout = '5s'"))\n    context.run_migrations()\n-- versions/0001_a.py --\npass\n`,
    },
    {
      title: "The template of `alembic init`",
      code: `-- env.py --\nfrom alembic import context\n\ncontext.configure(connection=connection, target_metadata=None)\nwith context.begin_transaction():\n    context.run_migrations()\n-- versions/0001_a.py --\npass\n`,
    },
  ],
  passes: [
    {
      title: "A lock of the session, through SQLAlchemy's `func`",
      code: `-- env.py --\nfrom alembic import context\nfrom sqlalchemy import func, select\n\ncontext.configure(connection=connection)\nwith context.begin_transaction():\n    connection.execute(select(func.pg_advisory_lock(4711)))\n    context.run_migrations()\n-- versions/0001_a.py --\npass\n`,
    },
    {
      title: "A helper that says what it does",
      code: `-- env.py --\nfrom alembic import context\nfrom app.database import migration_lock\n\ncontext.configure(connection=connection)\nwith migration_lock(connection):\n    context.run_migrations()\n-- versions/0001_a.py --\npass\n`,
    },
  ],
  *inspect({ config: { env } }) {
    if (!env?.configure || env.broken || env.lock !== "absent") return;
    yield { at: env.configure, path: env.path } satisfies FoundInProject;
  },
  message: () =>
    "Two runs at the same time would both begin with the same revision: nothing here makes one wait for the other.",
});
