import type { Judged } from "../facts/judged.ts";
import { isLive, liveLocks } from "../facts/live.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import { at, defineRule } from "./define.ts";
import { renderWaiting } from "./waiting.ts";

/** Then the server refuses CONCURRENTLY. */
const hasDefaultPartition = ({ schema }: Judged, table: QualifiedName): boolean =>
  [...schema.related(table)].some(({ bound }) => bound === "DEFAULT");

export const blockingDetach = defineRule({
  id: "blocking-detach",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "A partition is detached in the way that shuts the whole partitioned table.",
  why: `DETACH PARTITION wants ACCESS EXCLUSIVE on the partitioned table. It waits for every query that is running there, new queries on any of its partitions wait behind it, and the lock stays until the
transaction ends.`,
  instead: `Use \`DETACH PARTITION … CONCURRENTLY\` (since PostgreSQL 14) inside of \`with op.get_context().autocommit_block():\`.`,
  allowed: [
    "Tables with a default partition, as the history tells: the server refuses CONCURRENTLY there.",
    "PostgreSQL 13, where `postgresqlVersion` names it.",
    "Tables that the same revision creates or drops.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION"],
  options: {},
  examples: [
    {
      title: "A month that is over",
      before: `op.execute("ALTER TABLE events DETACH PARTITION events_2020_01")
`,
      after: [
        `with op.get_context().autocommit_block():
    op.execute("ALTER TABLE events DETACH PARTITION events_2020_01 CONCURRENTLY")
`,
      ],
    },
  ],
  catches: [
    {
      title: "In a loop",
      code: `for month in ("01", "02"):\n    op.execute(f"ALTER TABLE events DETACH PARTITION events_2020_{month}")\n`,
    },
  ],
  passes: [
    {
      title: "With a default partition",
      code: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (day date) PARTITION BY RANGE (day)")
op.execute("CREATE TABLE events_rest PARTITION OF events DEFAULT")
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')")
-- versions/0002_detach.py --
op.execute("ALTER TABLE events DETACH PARTITION events_1")
`,
    },
    {
      title: "Of a table that the revision creates",
      code: `op.execute("CREATE TABLE events (day date) PARTITION BY RANGE (day)")
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')")
op.execute("ALTER TABLE events DETACH PARTITION events_1")
`,
    },
  ],
  *detect({ judged, versions }) {
    if (versions?.every((version) => version < 14)) return;
    for (const one of judged) {
      const { details, table, name } = one.operation;
      if (details.alteration?.command !== "detach_partition" || details.concurrently || table === undefined) continue;
      if (!isLive(one, table) || hasDefaultPartition(one, table)) continue;
      const waiting = one.impact && renderWaiting(liveLocks(one, one.impact));
      const partition = details.alteration.table ? renderName(details.alteration.table) : (name ?? "a partition");
      if (waiting !== undefined) yield { ...at(one), partition, waiting };
    }
  },
  message: ({ partition, waiting }) =>
    `Detaching ${partition} waits for all queries, with all new ones waiting behind it; then ${waiting} until the transaction ends.`,
});
