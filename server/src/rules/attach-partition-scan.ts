import type { Judged } from "../facts/judged.ts";
import { sameTable } from "../locks/names.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { renderWaiting } from "./waiting.ts";

interface Attached extends Found {
  readonly table: string;
  readonly waiting: string;
}

/** A CHECK may prove that the rows fit; whether it does is not known, so that nothing is said. */
function hasCheck({ schema, operation }: Judged): boolean {
  const partition = operation.details.alteration?.table;
  const known = partition && schema.table(partition);
  return (
    typeof known !== "object" ||
    known.doubt !== undefined ||
    known.constraints.some(({ type, notValid, notEnforced }) => type === "check" && !notValid && !notEnforced)
  );
}

export const attachPartitionScan = defineRule({
  id: "attach-partition-scan",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "A table is attached as a partition, and all of its rows are read under a lock first.",
  why: `PostgreSQL has to know that every row belongs to the partition. It reads the whole table while nobody can read or write it; on a large
table that is an outage of minutes.`,
  instead: `Give the table a CHECK that says what the bound says, beforehand: \`ADD CONSTRAINT … CHECK (day >= '2030-01-01' AND day < '2031-01-01')
NOT VALID\`, then \`VALIDATE CONSTRAINT\` in a transaction of its own. ATTACH PARTITION then reads nothing, and the CHECK can be dropped.`,
  allowed: [
    "A table with a validated CHECK: whether it proves enough is not judged.",
    "A table that the revision has made itself, or that is not known.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ATTACH-PARTITION",
    "https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE",
  ],
  options: {},
  examples: [
    {
      title: "A year that becomes a partition",
      before: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, day date) PARTITION BY RANGE (day)")
op.execute("CREATE TABLE events_2030 (id int, day date)")
-- versions/0002_attach.py --
op.execute("ALTER TABLE events ATTACH PARTITION events_2030 FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')")
`,
      after: [
        `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, day date) PARTITION BY RANGE (day)")
op.execute("CREATE TABLE events_2030 (id int, day date)")
-- versions/0002_check.py --
op.execute(
    "ALTER TABLE events_2030 ADD CONSTRAINT in_2030"
    " CHECK (day >= '2030-01-01' AND day < '2031-01-01' AND day IS NOT NULL) NOT VALID"
)
-- versions/0003_validate.py --
op.execute("ALTER TABLE events_2030 VALIDATE CONSTRAINT in_2030")
-- versions/0004_attach.py --
op.execute("ALTER TABLE events ATTACH PARTITION events_2030 FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')")
`,
      ],
    },
  ],
  catches: [
    {
      title: "A CHECK that is not validated proves nothing",
      code: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE events_1 (id int, kind int)")
op.execute("ALTER TABLE events_1 ADD CHECK (kind = 1) NOT VALID")
-- versions/0002_attach.py --
op.execute("ALTER TABLE events ATTACH PARTITION events_1 FOR VALUES IN (1)")
`,
    },
    {
      title: "As the default partition beside others",
      code: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)")
op.execute("CREATE TABLE events_x (id int, kind int)")
-- versions/0002_attach.py --
op.execute("ALTER TABLE events ATTACH PARTITION events_x DEFAULT")
`,
    },
  ],
  passes: [
    {
      title: "A table that is made and attached at once",
      code: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
-- versions/0002_attach.py --
op.execute("CREATE TABLE events_1 (LIKE events)")
op.execute("ALTER TABLE events ATTACH PARTITION events_1 FOR VALUES IN (1)")
`,
    },
    {
      title: "A table of which nothing is known",
      code: `op.execute("ALTER TABLE events ATTACH PARTITION events_1 FOR VALUES IN (1)")\n`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { alteration } = one.operation.details;
      const partition = alteration?.table;
      if (alteration?.command !== "attach_partition" || !partition || !one.isUnderstood || hasCheck(one)) continue;
      const { locks = [], scans = [] } = one.impact ?? {};
      const waiting = renderWaiting(locks.filter(({ table }) => sameTable(table, partition)));
      if (waiting === undefined || !scans.some((table) => sameTable(table, partition))) continue;
      const attached: Attached = { ...at(one), table: renderName(partition), waiting };
      yield attached;
    }
  },
  message: ({ table, waiting }) =>
    `All of "${table}" is read to see that its rows fit the partition, and ${waiting} meanwhile: no validated CHECK proves it.`,
});
