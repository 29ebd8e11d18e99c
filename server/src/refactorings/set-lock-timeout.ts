import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { environmentOf, lockTimeoutEdits } from "../rewrite/environment-edits.ts";
import type { TextEdit } from "../text/edit.ts";
import { defineRefactoring, type Offer } from "./define.ts";
import { editEnvironment } from "./environment.ts";

/** Long enough for the queries of a web application, short enough for those who wait behind the migration. */
const limit = "5s";

function offer(project: Project, env: RevisionFile): Offer<readonly TextEdit[]> {
  const { dialect, env: known, url } = project.config;
  if (dialect !== "postgresql" || url?.includes("lock_timeout")) return undefined;
  if (known?.timeouts.some(({ setting }) => setting === "lock_timeout")) return undefined;
  // Refuses what it cannot read.
  environmentOf(project);
  return {
    plan: lockTimeoutEdits(env, limit),
    title: `Let migrations wait at most ${limit.replace("s", " seconds")} for a lock (env.py)`,
  };
}

export const setLockTimeout = defineRefactoring<readonly TextEdit[]>({
  id: "set-lock-timeout",
  title: "Limit how long migrations wait for a lock",
  summary: "Sets a `lock_timeout` of five seconds in env.py, on the connection that migrations run over.",
  why: `ALTER TABLE waits for the queries that are running on its table, and every new query on that table waits behind it. With a limit the migration fails in
place of the service, and can be tried again.`,
  keeps: [
    "Everything else of env.py. The limit is set where Alembic has begun its transaction: a connection that is used before that has a transaction of its own, and Alembic would commit nothing.",
    "Limits that a revision sets itself, which count more.",
  ],
  refuses: [
    "An env.py that leaves it to other code to configure Alembic or to run the migrations.",
    "A call of `context.configure` that is given no connection.",
  ],
  keepsSchema: true,
  keepsOperations: true,
  isOfEnvironment: true,
  examples: [
    {
      title: "Alembic's own env.py",
      file: "env.py",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
`,
      before: `from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
target_metadata = None


def run_migrations_online() -> None:
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )

    with connectable.connect() as connection:
        context.<|>configure(connection=connection, target_metadata=target_metadata)

        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
`,
      after: [
        `from alembic import context
from sqlalchemy import engine_from_config, pool
import sqlalchemy as sa

config = context.config
target_metadata = None


def run_migrations_online() -> None:
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )

    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)

        with context.begin_transaction():
            connection.execute(sa.text("SET lock_timeout = '5s'"))
            context.run_migrations()


run_migrations_online()
`,
      ],
    },
  ],
  ...editEnvironment(offer),
});
