import { isLive, liveLocks, liveOf } from "../facts/live.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule } from "./define.ts";
import { isSmall, minimumRows } from "./small-tables.ts";
import { renderWaiting } from "./waiting.ts";

export const nonConcurrentIndex = defineRule({
  id: "non-concurrent-index",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "An index is built on an existing table in the way that keeps writers waiting.",
  why: `A plain CREATE INDEX holds a SHARE lock on the table from its first row to the end of the transaction: every INSERT, UPDATE and
DELETE waits. On a table of some million rows that is minutes in which the service cannot write.`,
  instead: `Build it with \`postgresql_concurrently=True\` inside of \`with op.get_context().autocommit_block():\`, best in a revision of its own.
Add \`if_not_exists=True\` only after dropping what a failed build has left. On a partitioned table, build it on each partition, then on the
parent with \`ON ONLY\`, and attach.`,
  allowed: [
    "Tables that the same revision creates, temporary tables, tables that it empties or drops.",
    "An index with IF NOT EXISTS that is there already, as the history tells: nothing is built.",
    "`CREATE INDEX … ON ONLY` of a partitioned table: it builds nothing.",
    "Tables that may have been made by something in the same revision that could not be read.",
  ],
  counted: ["A column that is added with `index=True`: the index is built over all rows, though they hold NULL only."],
  sources: [
    "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    "https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block",
  ],
  options: { minimumRows },
  yieldsTo: ["required-column", "rewriting-column", "partitioned-index"],
  examples: [
    {
      title: "An index on an existing table",
      before: `op.create_index("ix_users_email", "users", ["email"])
`,
      after: [
        `with op.get_context().autocommit_block():
    op.create_index(
        "ix_users_email", "users", ["email"], postgresql_concurrently=True
    )
`,
      ],
    },
  ],
  catches: [
    { title: "A unique index", code: `op.create_index("ix_users_email", "users", ["email"], unique=True)\n` },
    {
      title: "An index in a batch block",
      code: `with op.batch_alter_table("users") as batch_op:\n    batch_op.create_index("ix_users_email", ["email"])\n`,
    },
    { title: "CREATE INDEX as text", code: `op.execute("CREATE INDEX ix_users_email ON users (lower(email))")\n` },
    {
      title: "A column that brings its index along",
      code: `op.add_column("users", sa.Column("team_id", sa.Integer(), index=True))\n`,
    },
    {
      title: "A plain index in an autocommit block",
      code: `with op.get_context().autocommit_block():\n    op.create_index("ix_users_email", "users", ["email"])\n`,
    },
    {
      title: "An index on a table that is made new under an old name",
      code: `op.rename_table("users", "people")\nop.create_index("ix_people_email", "people", ["email"])\n`,
    },
  ],
  passes: [
    {
      title: "An index on a table that the revision creates",
      code: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.Text()))
op.create_index("ix_users_email", "users", ["email"])
`,
    },
    {
      title: "An index on a table that the revision has emptied",
      code: `op.execute("TRUNCATE users")\nop.create_index("ix_users_email", "users", ["email"])\n`,
    },
    {
      title: "An index for another dialect",
      code: `if op.get_bind().dialect.name == "sqlite":\n    op.create_index("ix_users_email", "users", ["email"])\n`,
    },
    {
      title: "An index that an earlier revision has built, IF NOT EXISTS",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.Text()))
op.create_index("ix_users_email", "users", ["email"])
-- versions/0002_again.py --
op.create_index("ix_users_email", "users", ["email"], if_not_exists=True)
`,
    },
    {
      title: "An index on a table that something unread may have made",
      code: `from application import make_tables\nmake_tables(op.get_bind())\nop.create_index("ix_users_email", "users", ["email"])\n`,
    },
    {
      title: "An index on the parent of partitions only",
      code: `op.execute("CREATE INDEX ix_events_day ON ONLY events (day)")\n`,
    },
  ],
  *detect({ judged, project }, options) {
    for (const one of judged) {
      const { kind, table, details, name, columns } = one.operation;
      const makesIndex = kind === "create_index" || (kind === "add_column" && (details.indexes?.length ?? 0) > 0);
      if (!one.isUnderstood || !makesIndex || details.concurrently || table === undefined || !isLive(one, table))
        continue;
      if (details.indexes?.some(({ only }) => only)) continue;
      if (isSmall(project, table, options.minimumRows)) continue;
      const { impact } = one;
      if (impact === undefined || liveOf(one, impact.builds).length === 0) continue;
      const waiting = renderWaiting(liveLocks(one, impact));
      if (waiting === undefined) continue;
      const index = (kind === "create_index" ? name : undefined) ?? `an index on ${renderName(table)}`;
      const of = columns.length > 0 && kind === "add_column" ? `.${columns.join(", ")}` : "";
      yield { ...at(one), index: `${index}${of}`, waiting };
    }
  },
  message: ({ index, waiting }) => `Building ${index} reads the whole table; meanwhile ${waiting}.`,
  refactorings: ["build-index-concurrently"],
});
