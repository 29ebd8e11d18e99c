import { findChanges, type Change } from "../schema/changes.ts";
import type { Range } from "../text/range.ts";
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

const dataWords = ({ operation }: Change): string => renderDataChange(operation);
const schemaWords = ({ operation, references }: Change): string => renderSchemaChange(operation, references);

/** One entry for each place in the file; what a loop or a helper does there several times is counted. */
function places(changes: readonly Change[], words: (change: Change) => string, label: string): readonly Related[] {
  const byPlace = new Map<number, { readonly range: Range; readonly words: Set<string> }>();
  for (const change of changes) {
    const { nameRange } = change.operation;
    const place = byPlace.get(nameRange.start) ?? { range: nameRange, words: new Set() };
    byPlace.set(nameRange.start, place);
    place.words.add(words(change));
  }
  return [...byPlace.values()].map((place) => ({ range: place.range, message: `${label}: ${list([...place.words])}` }));
}

/** A value added to an enum for good, locking no table: whoever tries again finds it there. */
const isValueOfItsOwn = ({ operation: { kind, details, context } }: Change): boolean =>
  kind === "alter_type" &&
  details.enumValue === "added" &&
  details.ifNotExists === true &&
  context.some((one) => one.kind === "autocommit");

function related(first: Change, data: readonly Change[], schema: readonly Change[]): readonly Related[] {
  const others = data.filter(({ operation }) => operation.nameRange.start !== first.operation.nameRange.start);
  return [
    ...places(others, dataWords, "also changes data"),
    ...places(
      schema.filter(({ references }) => references === undefined),
      schemaWords,
      "changes schema",
    ),
    ...places(
      schema.filter(({ references }) => references !== undefined),
      schemaWords,
      "keeps writers waiting",
    ),
  ];
}

export const mixedSchemaAndData = defineRule({
  id: "mixed-schema-and-data",
  group: "locking",
  severity: "warning",
  recommended: true,
  reach: "file",
  summary: "One revision changes the schema and the rows of existing tables.",
  why: `Most schema changes lock their table against everybody, the others at least against writers, and the lock stays until
the transaction ends. A data change can run for minutes. In one transaction the lock is held for all of that time, and queries on the table
wait behind it. It also makes failure worse: an error in the last row undoes everything and the next attempt starts from nothing. Where
the halves do not share a transaction (MySQL, MariaDB and Oracle commit at each schema change, SQLite at those before the first row,
everybody at an autocommit block), a failure leaves half a revision behind, which the next attempt meets. And the old code, which still runs while the
revision does, loses its columns in the same moment in which the new ones appear.`,
  instead: `Make three revisions. *Expand* adds what is new, *backfill* moves the rows, *contract* takes away what is old, once the
code that used it is gone. Each can be run, checked and undone alone. Let each have a transaction of its own
(\`transaction_per_migration=True\` in \`env.py\`), or the locks are shared again.`,
  allowed: [
    "Rows of its own put into a table that the same revision creates (`create_table`, then `bulk_insert`): nobody sees the table yet. If it has a foreign key to an existing table, PostgreSQL lets nobody write to that one until the transaction ends, but a few rows take a moment only. Changing those rows again, or copying them into another new table, is as harmless.",
    "A new table filled from an existing one (`INSERT … SELECT`, or rows that Python reads and inserts), as long as it has no foreign key to an existing table and no existing table's schema changes beside it: nobody sees the new table yet, and reading only shares. With either it is mixed: on PostgreSQL, writers of the table that the foreign key points at wait until the last row is copied. The same goes for any other long data change after such a `create_table`.",
    "Indexes, constraints and columns of tables that the same revision creates, beside any data change; foreign keys to existing tables count like those in `create_table`.",
    "Rows of bookkeeping tables: `alembic_version` and the project's own version table.",
    "Temporary tables, and tables, functions, triggers and indexes that are made and dropped again in the same direction: scaffolding of the data change, to be kept with it. So is a trigger that is disabled and enabled again: it locks writers out meanwhile, but apart from the data change it would be of no use.",
    "Queries, settings and transaction control: they change nothing.",
    "Maintenance (ANALYZE, REINDEX, CLUSTER, REFRESH, COMMENT, GRANT, setval) and LOCK TABLE: no definition changes. Some of them do lock until the transaction ends: REINDEX and CLUSTER their table, REFRESH its materialized view. Put them last.",
    "What locks neither readers nor writers of a table: VALIDATE CONSTRAINT, table options such as `fillfactor`, statistics targets, CREATE STATISTICS.",
    "Data changes inside the body of a function or trigger that is only defined.",
    "Views, sequences, functions, new types, and types that no column has any more: no table is locked for them. Whoever uses a view or sequence that is altered, replaced or dropped does wait for it; cut apart, they would be without it in between.",
    "Two halves of which one upgrade runs only one: the arms of one `if`.",
    "Statements under a test for another dialect than the project's.",
    "ALTER TYPE … ADD VALUE IF NOT EXISTS in an autocommit block: it locks no table, and a second attempt finds the value there.",
    "Merge revisions.",
    "Statements that could not be read, and schema or data changes whose table could not be read in a revision that creates tables: they are counted, never guessed.",
    "The downgrade, which is judged apart and only on request (option `downgrade`): it is seldom run where people wait.",
  ],
  counted: [
    "ALTER TYPE locks no table, but counts as a schema change within the transaction: PostgreSQL refuses to use a new value of an enum in the transaction that added it, and a renamed value is gone for the old code at once.",
    "TRUNCATE counts as a data change: all rows go. It is done at once, but locks its table against everybody, as a schema change does.",
    "An index built CONCURRENTLY locks nobody, but needs a transaction of its own: where it fails, the rows have changed already.",
    "DROP … CASCADE of a type, function, sequence, extension or schema counts as a schema change: it takes along what tables have of it.",
    "A partition made of an existing table counts: PostgreSQL locks the table against everybody.",
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
      const { schema: all, data } = findChanges(direction, project.config);
      const schema = all.filter((change) => !isValueOfItsOwn(change));
      const first = data[0];
      if (first === undefined || schema.length === 0) continue;
      const mixture: Mixture = {
        at: first.operation.nameRange,
        related: related(first, data, schema),
        direction: direction.name,
        schema: unique(schema.map(schemaWords)),
        data: unique(data.map(dataWords)),
        together: data.some((a) => schema.some((b) => a.transaction === b.transaction)),
      };
      yield mixture;
    }
  },
  message: ({ direction, schema, data, together }) =>
    `${direction === "upgrade" ? "This revision" : "The downgrade of this revision"} changes schema (${list(schema)}) and data (${list(data)})${together ? " in one transaction" : ", each in a transaction of its own: if it fails, half of it stays"}.`,
  refactorings: ["split-mixed-migration", "split-and-batch"],
});
