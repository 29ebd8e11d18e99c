import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { environmentOf, transactionPerMigrationEdits } from "../rewrite/environment-edits.ts";
import type { TextEdit } from "../text/edit.ts";
import { defineRefactoring, type Offer } from "./define.ts";
import { editEnvironment } from "./environment.ts";

function offer(project: Project, env: RevisionFile): Offer<readonly TextEdit[]> {
  if (project.config.env?.transactionPerMigration === true) return undefined;
  const known = environmentOf(project);
  if (known.transactionPerMigration !== false) return undefined;
  return {
    plan: transactionPerMigrationEdits(env, known),
    title: "Run each revision in a transaction of its own (env.py)",
  };
}

export const transactionPerMigration = defineRefactoring<readonly TextEdit[]>({
  id: "transaction-per-migration",
  title: "Run each revision in a transaction of its own",
  summary: "Gives `context.configure` in env.py the keyword `transaction_per_migration=True`.",
  why: `As Alembic's own env.py has it, \`alembic upgrade head\` runs all pending revisions in one transaction: the locks of the first are held until the last is done, and
what was split into several revisions is one piece again. With a transaction for each, a failure undoes one revision, and those before it stay done.`,
  keeps: [
    "Everything else of env.py.",
    "Revisions as they are. A run that fails no longer undoes the revisions before the one that failed.",
  ],
  refuses: [
    "An env.py that leaves it to other code to configure Alembic, or that gives arguments which are not written there.",
    "An env.py that configures Alembic in several ways.",
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
        context.<|>configure(
            connection=connection, target_metadata=target_metadata
        )

        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
`,
      after: [
        `from alembic import context
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
        context.configure(
            connection=connection, target_metadata=target_metadata, transaction_per_migration=True
        )

        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
`,
      ],
    },
  ],
  ...editEnvironment(offer),
});
