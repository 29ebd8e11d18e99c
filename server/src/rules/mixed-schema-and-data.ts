import { findChanges, type Change } from "../schema/changes.ts";
import { renderDataChange, renderSchemaChange } from "../schema/wording.ts";
import { defineRule, option, type Found, type Related } from "./define.ts";

/** More would make a message that nobody reads; the rest is in the related information. */
const named = 3;

interface Mixture extends Found {
  readonly direction: "upgrade" | "downgrade";
  readonly schema: readonly string[];
  readonly data: readonly string[];
  /** Both halves share a transaction; else only the revision. */
  readonly together: boolean;
}

const list = (items: readonly string[]): string =>
  items.length <= named ? items.join(", ") : `${items.slice(0, named).join(", ")} and ${items.length - named} more`;

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)];

/** One entry for each place in the file, however often a loop or a helper leads there. */
function related(first: Change, data: readonly Change[], schema: readonly Change[]): readonly Related[] {
  const seen = new Set([first.operation.nameRange.start]);
  const out: Related[] = [];
  const add = (changes: readonly Change[], label: (change: Change) => string): void => {
    for (const change of changes) {
      if (seen.has(change.operation.nameRange.start)) continue;
      seen.add(change.operation.nameRange.start);
      out.push({ range: change.operation.nameRange, message: label(change) });
    }
  };
  add(data, (change) => `also changes data: ${renderDataChange(change.operation)}`);
  add(schema, (change) => `changes schema: ${renderSchemaChange(change.operation)}`);
  return out;
}

export const mixedSchemaAndData = defineRule({
  id: "mixed-schema-and-data",
  group: "locking",
  severity: "warning",
  recommended: true,
  reach: "file",
  summary: "One revision changes the schema and the rows of existing tables.",
  why: `A schema change locks its table, and the lock stays until the transaction ends. A data change can run for minutes. In one
revision the lock is held for all of that time, and every query on the table waits behind it. It also makes failure worse: where
DDL is transactional, an error in the last row undoes everything and the next attempt starts from nothing; where it is not (MySQL, MariaDB, Oracle),
each schema change commits on its own and a failure leaves half a revision behind. And the old code, which still runs while the
revision does, loses its columns in the same moment in which the new ones appear.`,
  instead: `Make three revisions. *Expand* adds what is new, *backfill* moves the rows, *contract* takes away what is old, once the
code that used it is gone. Each can be run, checked and undone alone. Let each have a transaction of its own
(\`transaction_per_migration=True\` in \`env.py\`), or the locks are shared again.`,
  allowed: [
    "Rows of its own put into a table that the same revision creates (`create_table`, then `bulk_insert`): no query can be waiting for a table that nobody sees yet. Changing those rows again, or copying them into another new table, is as harmless.",
    "A new table filled from an existing one (`INSERT … SELECT`, or rows that Python reads and inserts), as long as no existing table's schema changes beside it: creating a table locks nobody, and reading only shares. With a schema change of an existing table beside it, it is mixed.",
    "Indexes, constraints and columns of tables that the same revision creates, beside any data change.",
    "Rows of bookkeeping tables: `alembic_version` and the project's own version table.",
    "Temporary tables, and tables, functions, triggers and indexes that are made and dropped again in the same direction: scaffolding of the data change, to be kept with it. A trigger disabled and enabled again is the same.",
    "Queries, locks, settings, transaction control, and maintenance (ANALYZE, REINDEX, REFRESH, COMMENT, GRANT, setval).",
    "Data changes inside the body of a function or trigger that is only defined.",
    "Views, sequences, functions and new types: no table is locked for them.",
    "Statements under a test for another dialect than the project's.",
    "Merge revisions.",
    "Statements that could not be read: they are counted, never guessed.",
    "The downgrade, which is judged apart and only on request (option `downgrade`): it is seldom run where people wait.",
  ],
  sources: [
    "https://alembic.sqlalchemy.org/en/latest/cookbook.html#data-migrations-general-techniques",
    "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES",
    "https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html",
  ],
  options: {
    downgrade: option.boolean({ default: false, description: "Judge downgrade() as well." }),
  },
  examples: [
    {
      title: "Two columns become one",
      before: `op.add_column("users", sa.Column("full_name", sa.String(200)))

connection = op.get_bind()
connection.execute(
    sa.text("UPDATE users SET full_name = first_name || ' ' || last_name")
)

op.drop_column("users", "first_name")
op.drop_column("users", "last_name")
`,
      after: [
        `op.add_column("users", sa.Column("full_name", sa.String(200)))
`,
        `connection = op.get_bind()
connection.execute(
    sa.text("UPDATE users SET full_name = first_name || ' ' || last_name")
)
`,
        `op.drop_column("users", "first_name")
op.drop_column("users", "last_name")
`,
      ],
    },
    {
      title: "A column that becomes NOT NULL",
      before: `op.add_column("orders", sa.Column("currency", sa.String(3)))
op.execute("UPDATE orders SET currency = 'EUR'")
op.alter_column("orders", "currency", nullable=False)
`,
      after: [
        `op.add_column("orders", sa.Column("currency", sa.String(3)))
`,
        `op.execute("UPDATE orders SET currency = 'EUR'")
`,
        `op.alter_column("orders", "currency", nullable=False)
`,
      ],
    },
  ],
  *detect({ file, upgrade, downgrade, project }, options) {
    if ((file.identifiers.downRevision?.value.length ?? 0) > 1) return;
    const directions = options.downgrade && downgrade !== undefined ? [upgrade, downgrade] : [upgrade];
    for (const direction of directions) {
      const { schema, data } = findChanges(direction, project.config);
      const first = data[0];
      if (first === undefined || schema.length === 0) continue;
      const mixture: Mixture = {
        at: first.operation.nameRange,
        related: related(first, data, schema),
        direction: direction.name,
        schema: unique(schema.map((change) => renderSchemaChange(change.operation))),
        data: unique(data.map((change) => renderDataChange(change.operation))),
        together: data.some((a) => schema.some((b) => a.transaction === b.transaction)),
      };
      yield mixture;
    }
  },
  message: ({ direction, schema, data, together }) =>
    `${direction === "upgrade" ? "This revision" : "The downgrade of this revision"} changes schema (${list(schema)}) and data (${list(data)}) in one ${together ? "transaction" : "revision"}.`,
  refactorings: ["split-mixed-migration"],
});
