import { halvesOf } from "../facts/halves.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { defineRule } from "./define.ts";

interface Half {
  readonly id: string;
  readonly file: RevisionFile;
}

/** The newest revision that changes rows and leaves the schema alone, and the one nearest to it that alters a table. */
function neighbours({ history, config }: Project): readonly [Half, Half] | undefined {
  const order = history.order.flatMap((id) => {
    const file = history.revisions.get(id)?.file;
    return file ? [{ id, file }] : [];
  });
  const changes = ({ file }: Half, half: "schema" | "data"): boolean =>
    file.upgrades.some((upgrade) => halvesOf(upgrade, config)[half]);
  const at = order.findLastIndex((one) => changes(one, "data") && !changes(one, "schema"));
  const data = order[at];
  const schema =
    order.slice(0, Math.max(at, 0)).findLast((one) => changes(one, "schema")) ??
    order.slice(at + 1).find((one) => changes(one, "schema"));
  return data && schema ? [data, schema] : undefined;
}

export const sharedTransaction = defineRule({
  id: "shared-transaction",
  group: "locking",
  severity: "warning",
  recommended: true,
  // The others commit at each schema change, or have one for each revision anyway.
  dialects: ["postgresql"],
  summary: "All pending revisions run in one transaction, so that rows are changed under the locks of other revisions.",
  why: `As long as env.py does not say otherwise, \`alembic upgrade head\` runs every pending revision in one transaction. Locks stay until that ends: where one revision alters a table and the next one
changes a million rows, nobody can use the table for all of that time. To cut schema and data apart into revisions then gains nothing.`,
  instead: `Give \`transaction_per_migration=True\` to \`context.configure()\` in env.py.`,
  allowed: [
    "Projects none of whose revisions changes rows alone, or none of whose revisions alters a table.",
    "An env.py of which it is not known what it gives to `context.configure()`.",
  ],
  sources: [
    "https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.environment.EnvironmentContext.configure.params.transaction_per_migration",
  ],
  options: {},
  examples: [
    {
      title: "A split that gains nothing",
      before: `-- env.py --
from alembic import context
context.configure(connection=connection)
-- versions/0001_expand.py --
op.add_column("users", sa.Column("age", sa.Integer()))
-- versions/0002_backfill.py --
op.execute("UPDATE users SET age = 0")
`,
      after: [
        `-- env.py --
from alembic import context
context.configure(connection=connection, transaction_per_migration=True)
-- versions/0001_expand.py --
op.add_column("users", sa.Column("age", sa.Integer()))
-- versions/0002_backfill.py --
op.execute("UPDATE users SET age = 0")
`,
      ],
    },
  ],
  passes: [
    {
      title: "Schema changes only",
      code: `-- env.py --
from alembic import context
context.configure(connection=connection)
-- versions/0001_expand.py --
op.add_column("users", sa.Column("age", sa.Integer()))
`,
    },
    {
      title: "Options that are not known",
      code: `-- env.py --
from alembic import context
context.configure(connection=connection, **options())
-- versions/0001_expand.py --
op.add_column("users", sa.Column("age", sa.Integer()))
-- versions/0002_backfill.py --
op.execute("UPDATE users SET age = 0")
`,
    },
  ],
  *inspect(project) {
    const { env } = project.config;
    if (env?.configure === undefined || env.broken || env.transactionPerMigration !== false) return;
    const found = neighbours(project);
    if (found === undefined) return;
    const [data, schema] = found;
    yield { at: env.configure, path: env.path, data: data.id, schema: schema.id };
  },
  message: ({ data, schema }) =>
    `All pending revisions run in one transaction: run together, ${data} changes rows while the locks of ${schema} are held.`,
  refactorings: ["transaction-per-migration"],
});
