import type { Judged } from "../facts/judged.ts";
import { isLive, liveLocks } from "../facts/live.ts";
import { sameTransaction, takesLock } from "../facts/transaction.ts";
import type { QualifiedName } from "../sql/action.ts";
import { at, defineRule } from "./define.ts";
import { renderWaiting } from "./waiting.ts";

const isPlainDrop = ({ operation: { kind, details } }: Judged): boolean =>
  kind === "drop_index" && !details.concurrently;

/** Something else of the transaction shuts the table as well: to drop the index otherwise would change nothing. */
const isShutAnyway = (judged: readonly Judged[], one: Judged, table: QualifiedName): boolean =>
  sameTransaction(judged, one).some((other) => !isPlainDrop(other) && takesLock(other, "AccessExclusiveLock", table));

const isMadeHere = (judged: readonly Judged[], { operation: { name } }: Judged): boolean =>
  judged.some(
    ({ operation, direction }) =>
      direction.name === "upgrade" &&
      operation.name === name &&
      operation.kind === "create_index" &&
      !operation.details.concurrently,
  );

function isPartitioned({ schema }: Judged, table: QualifiedName): boolean {
  const found = schema.table(table);
  return typeof found === "object" && found.kind === "partitioned";
}

export const nonConcurrentIndexDrop = defineRule({
  id: "non-concurrent-index-drop",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary:
    "An index of an existing table is dropped in the way that waits for everybody, and lets everybody wait behind it.",
  why: `A plain DROP INDEX wants ACCESS EXCLUSIVE on the table. It waits for every query that is running there, and each new query, even a SELECT, waits behind it; the lock then stays until
the transaction ends.`,
  instead: `Drop it with \`postgresql_concurrently=True\` inside of \`with op.get_context().autocommit_block():\`. On a partitioned table that is not possible: set a \`lock_timeout\`.`,
  allowed: [
    "Where something else in the same transaction shuts the table as well.",
    "The way back of an index that the upgrade builds plainly.",
    "Indexes of partitioned tables: the server knows no other way.",
    "Tables that the same revision creates or drops, indexes that it makes itself, and indexes of tables that are not known.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-dropindex.html"],
  options: {},
  examples: [
    {
      title: "An index that nobody needs",
      before: `op.drop_index("ix_users_email", table_name="users")
`,
      after: [
        `with op.get_context().autocommit_block():
    op.drop_index("ix_users_email", table_name="users", postgresql_concurrently=True)
`,
      ],
    },
  ],
  catches: [
    {
      title: "As text, where the history knows the table",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("email", sa.Text()))
op.create_index("ix_users_email", "users", ["email"])
-- versions/0002_drop.py --
op.execute("DROP INDEX ix_users_email")
`,
    },
    {
      title: "In a batch block",
      code: `with op.batch_alter_table("users") as batch_op:\n    batch_op.drop_index("ix_users_email")\n`,
    },
    {
      title: "Two of them",
      code: `op.drop_index("ix_users_a", table_name="users")\nop.drop_index("ix_users_b", table_name="users")\n`,
    },
  ],
  passes: [
    {
      title: "Beside something that shuts the table anyway",
      code: `op.drop_index("ix_users_email", table_name="users")\nop.drop_column("users", "email")\n`,
    },
    {
      title: "Of a table that goes as well",
      code: `op.drop_index("ix_users_email", table_name="users")\nop.drop_table("users")\n`,
    },
    {
      title: "The way back of an index that is built plainly",
      code: `def upgrade():
    op.create_index("ix_users_email", "users", ["email"])

def downgrade():
    op.drop_index("ix_users_email", table_name="users")
`,
    },
    { title: "Of a table that is not known", code: `op.execute("DROP INDEX ix_users_email")\n` },
    {
      title: "Of a partitioned table",
      code: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (day date) PARTITION BY RANGE (day)")
op.create_index("ix_events_day", "events", ["day"])
-- versions/0002_drop.py --
op.drop_index("ix_events_day", table_name="events")
`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      if (!isPlainDrop(one) || !one.isUnderstood || isMadeHere(judged, one)) continue;
      const { impact } = one;
      const table = impact?.locks[0]?.table;
      if (!impact || !table || !isLive(one, table) || isPartitioned(one, table)) continue;
      const waiting = renderWaiting(liveLocks(one, impact));
      if (waiting === undefined || isShutAnyway(judged, one, table)) continue;
      yield { ...at(one), index: one.operation.name ?? "an index", waiting };
    }
  },
  message: ({ index, waiting }) =>
    `Dropping ${index} waits for all queries on its table, with all new ones waiting behind it; then ${waiting} until the transaction ends.`,
  refactorings: ["drop-index-concurrently"],
});
