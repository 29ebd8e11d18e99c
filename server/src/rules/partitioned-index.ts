import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { renderWaiting } from "./waiting.ts";

interface Built extends Found {
  readonly table: string;
  readonly partitions: number;
  readonly waiting: string;
  /** PostgreSQL refuses CONCURRENTLY on a partitioned table. */
  readonly concurrently: boolean;
}

export const partitionedIndex = defineRule({
  id: "partitioned-index",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "An index of a partitioned table is built on all partitions at once, and nobody can write to any of them.",
  why: `CREATE INDEX on a partitioned table builds one index after the other and keeps the locks on all partitions until the last is done.
CONCURRENTLY would not do that, but PostgreSQL refuses it here.`,
  instead: `Create the index \`ON ONLY\` the partitioned table, which builds nothing; build the same index CONCURRENTLY on each partition, in an
autocommit block; and attach each: \`ALTER INDEX ix ATTACH PARTITION ix_1\`. With the last one the index becomes valid.`,
  allowed: [
    "ON ONLY, and an index of one partition.",
    "A partitioned table that the revision has made itself, and one of which no partition is known.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    "https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE",
  ],
  options: {},
  examples: [
    {
      title: "An index of two partitions",
      before: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)")
op.execute("CREATE TABLE events_2 PARTITION OF events FOR VALUES IN (2)")
-- versions/0002_index.py --
op.create_index("ix_events_id", "events", ["id"])
`,
      after: [
        `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)")
op.execute("CREATE TABLE events_2 PARTITION OF events FOR VALUES IN (2)")
-- versions/0002_index.py --
op.execute("CREATE INDEX ix_events_id ON ONLY events (id)")
with op.get_context().autocommit_block():
    op.create_index("ix_events_1_id", "events_1", ["id"], postgresql_concurrently=True)
    op.create_index("ix_events_2_id", "events_2", ["id"], postgresql_concurrently=True)
op.execute("ALTER INDEX ix_events_id ATTACH PARTITION ix_events_1_id")
op.execute("ALTER INDEX ix_events_id ATTACH PARTITION ix_events_2_id")
`,
      ],
    },
  ],
  catches: [
    {
      title: "As SQL",
      code: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)")
-- versions/0002_index.py --
op.execute("CREATE INDEX ON events (id)")
`,
    },
    {
      title: "CONCURRENTLY, which is refused",
      code: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)")
-- versions/0002_index.py --
with op.get_context().autocommit_block():
    op.create_index("ix", "events", ["id"], postgresql_concurrently=True)
`,
    },
  ],
  passes: [
    {
      title: "A table without partitions so far",
      code: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
-- versions/0002_index.py --
op.execute("CREATE INDEX ON events (id)")
`,
    },
    { title: "A table that is not partitioned", code: `op.create_index("ix", "users", ["id"])\n` },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { kind, table, details } = one.operation;
      if (kind !== "create_index" || !table || !one.isUnderstood || !one.isOnExistingTable) continue;
      const known = one.schema.table(table);
      if (typeof known !== "object" || known.kind !== "partitioned" || details.indexes?.some(({ only }) => only))
        continue;
      const partitions = [...one.schema.related(table)].filter(({ partitionOf }) => partitionOf !== undefined).length;
      const waiting = renderWaiting(one.impact?.locks ?? []);
      const concurrently = details.concurrently === true;
      if (partitions === 0 || (waiting === undefined && !concurrently)) continue;
      const built: Built = { ...at(one), table: renderName(table), partitions, waiting: waiting ?? "", concurrently };
      yield built;
    }
  },
  message: ({ table, partitions, waiting, concurrently }) =>
    concurrently
      ? `PostgreSQL refuses to build an index CONCURRENTLY on "${table}", which is partitioned.`
      : `The index is built on ${partitions === 1 ? "the partition" : `all ${partitions} partitions`} of "${table}", and ${waiting} until the transaction ends.`,
});
