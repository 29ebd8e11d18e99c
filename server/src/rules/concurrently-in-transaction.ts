import type { Judged } from "../facts/judged.ts";
import { tryEdit } from "../rewrite/edit.ts";
import { at, defineRule, type Found } from "./define.ts";

/** The command that the server refuses within a transaction; undefined where it is none of these. */
function refusedCommand({ operation: { kind, details } }: Judged): string | undefined {
  const { concurrently, command = "", alteration } = details;
  if (kind === "create_index" && concurrently) return "CREATE INDEX CONCURRENTLY";
  if (kind === "drop_index" && concurrently) return "DROP INDEX CONCURRENTLY";
  if (alteration?.command === "detach_partition" && concurrently) return "DETACH PARTITION … CONCURRENTLY";
  if (kind !== "maintenance") return undefined;
  if (command.startsWith("REINDEX") && concurrently) return "REINDEX CONCURRENTLY";
  const alone = ["VACUUM", "VACUUM FULL", "REINDEX SCHEMA", "REINDEX DATABASE", "REINDEX SYSTEM"];
  return alone.includes(command) ? command : undefined;
}

interface Refused extends Found {
  readonly command: string;
  readonly judged: Judged;
}

export const concurrentlyInTransaction = defineRule({
  id: "concurrently-in-transaction",
  group: "correctness",
  severity: "error",
  recommended: true,
  dialects: ["postgresql"],
  reach: "file",
  summary: "A command that PostgreSQL refuses within a transaction stands outside of an autocommit block.",
  why: `Alembic runs a revision in a transaction. CREATE INDEX CONCURRENTLY and its like commit several times on their own, so that the server refuses them there: the
deployment stops at this revision, with nothing done.`,
  instead: `Put it into \`with op.get_context().autocommit_block():\`, best as all that the revision does: the block commits what stands before it.`,
  allowed: [
    "An autocommit block, also around a helper that holds the command.",
    'A connection that the revision opens itself, and an env.py that works with `isolation_level="AUTOCOMMIT"` or leaves it to other code to configure Alembic.',
    "After COMMIT as text, or over the driver's own object: whether the driver has begun another transaction by then depends on the driver. (psycopg 3 has; psycopg2 has not.)",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY, which may run in a transaction.",
  ],
  counted: ["VACUUM, and REINDEX of a schema or database, which are refused likewise."],
  sources: [
    "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    "https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block",
  ],
  options: {},
  examples: [
    {
      title: "An index built concurrently",
      before: `op.create_index("ix_users_email", "users", ["email"], postgresql_concurrently=True)
`,
      after: [
        `with op.get_context().autocommit_block():
    op.create_index("ix_users_email", "users", ["email"], postgresql_concurrently=True)
`,
      ],
    },
  ],
  catches: [
    { title: "As text", code: `op.execute("CREATE INDEX CONCURRENTLY ix ON users (email)")\n` },
    {
      title: "Over the connection",
      code: `op.get_bind().execute(sa.text("DROP INDEX CONCURRENTLY ix"))\n`,
    },
    {
      title: "On a table that the revision creates",
      code: `op.create_table("t", sa.Column("a", sa.Integer()))
op.create_index("ix", "t", ["a"], postgresql_concurrently=True)
`,
    },
    { title: "VACUUM", code: `op.execute("VACUUM users")\n` },
    { title: "REINDEX", code: `op.execute("REINDEX INDEX CONCURRENTLY ix")\n` },
    {
      title: "A partition that is detached",
      code: `op.execute("ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY")\n`,
    },
    {
      title: "After an autocommit block",
      code: `with op.get_context().autocommit_block():
    op.execute("CREATE INDEX CONCURRENTLY ix ON users (email)")
op.execute("DROP INDEX CONCURRENTLY ix_old")
`,
    },
  ],
  passes: [
    {
      title: "In an autocommit block around a helper",
      code: `def build(name):
    op.execute(f"CREATE INDEX CONCURRENTLY {name} ON users (email)")

def upgrade():
    with op.get_context().autocommit_block():
        build("ix")
`,
    },
    {
      title: "After COMMIT as text",
      code: `op.execute("COMMIT")\nop.execute("CREATE INDEX CONCURRENTLY ix ON users (email)")\n`,
    },
    {
      title: "Over a connection of its own",
      code: `with op.get_bind().engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
    connection.execute(sa.text("CREATE INDEX CONCURRENTLY ix ON users (email)"))
`,
    },
    { title: "REFRESH CONCURRENTLY", code: `op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY totals")\n` },
    {
      title: "For another dialect",
      code: `if op.get_bind().dialect.name == "cockroachdb":
    pass
elif op.get_bind().dialect.name != "postgresql":
    op.execute("VACUUM")
`,
    },
    { title: "A plain index", code: `op.create_index("ix_users_email", "users", ["email"])\n` },
  ],
  *detect({ judged, project }) {
    const { env } = project.config;
    if (env === undefined || env.autocommit || env.configure === undefined) return;
    const ended = new Set<Judged["direction"]>();
    for (const one of judged) {
      const { operation, direction } = one;
      if (operation.effect === "transaction" && (operation.via === "sql" || operation.ownConnection))
        ended.add(direction);
      const command = refusedCommand(one);
      if (command === undefined || one.isAutocommit || operation.ownConnection || ended.has(direction)) continue;
      const found: Refused = { ...at(one), command, judged: one };
      yield found;
    }
  },
  message: ({ command }) => `PostgreSQL refuses ${command} within a transaction, and Alembic has begun one.`,
  repair: {
    // It could not have worked.
    safety: "safe",
    title: ({ command }) => `Put ${command} into an autocommit block`,
    edits: ({ judged }, { file }) => tryEdit(file, (edit) => edit.autocommit(judged.operation)),
  },
});
