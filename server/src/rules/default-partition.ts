import { sameTable } from "../locks/names.ts";
import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { renderWaiting } from "./waiting.ts";

interface Searched extends Found {
  readonly table: string;
  readonly waiting: string;
}

export const defaultPartition = defineRule({
  id: "default-partition",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "A partition is added beside a default partition, whose rows are all read under a lock.",
  why: `Rows that belong to the new partition may lie in the default one, which would be an error. PostgreSQL reads the whole default partition
to see, while nobody can read or write it; and where such a row is found, the statement fails.`,
  instead: `Keep the default partition empty, or have none. Before, give it a validated CHECK that excludes what the new partition holds:
then it is not read. Move rows that belong to the new partition first, in batches.`,
  allowed: [
    "A default partition with a validated CHECK: whether it excludes enough is not judged.",
    "Partitioned tables without a default partition, and those that are not known.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARTITION",
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ATTACH-PARTITION",
  ],
  options: {},
  examples: [
    {
      title: "A partition for next year",
      before: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE events_other PARTITION OF events DEFAULT")
-- versions/0002_add.py --
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)")
`,
      after: [
        `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE events_other PARTITION OF events DEFAULT")
-- versions/0002_check.py --
op.execute("ALTER TABLE events_other ADD CONSTRAINT not_1 CHECK (kind IS NOT NULL AND kind <> 1) NOT VALID")
-- versions/0003_validate.py --
op.execute("ALTER TABLE events_other VALIDATE CONSTRAINT not_1")
-- versions/0004_add.py --
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)")
`,
      ],
    },
  ],
  catches: [
    {
      title: "A table that is attached",
      code: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE events_other PARTITION OF events DEFAULT")
-- versions/0002_add.py --
op.execute("CREATE TABLE events_1 (LIKE events)")
op.execute("ALTER TABLE events ATTACH PARTITION events_1 FOR VALUES IN (1)")
`,
    },
    {
      title: "Each partition of a loop",
      code: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE events_other PARTITION OF events DEFAULT")
-- versions/0002_add.py --
for kind in (1, 2):
    op.execute(f"CREATE TABLE events_{kind} PARTITION OF events FOR VALUES IN ({kind})")
`,
    },
  ],
  passes: [
    {
      title: "No default partition",
      code: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
-- versions/0002_add.py --
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)")
`,
    },
    {
      title: "A default partition that the revision makes as well",
      code: `op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE events_other PARTITION OF events DEFAULT")
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)")
`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { kind, details } = one.operation;
      const isAttach = details.alteration?.command === "attach_partition";
      if ((!isAttach && details.options?.partitionOf === undefined) || !one.isUnderstood) continue;
      if (kind !== "create_table" && kind !== "alter_table") continue;
      for (const table of one.impact?.scans ?? []) {
        const known = one.schema.table(table);
        if (typeof known !== "object" || known.bound !== "DEFAULT" || known.doubt !== undefined) continue;
        if (known.constraints.some(({ type, notValid }) => type === "check" && !notValid)) continue;
        const waiting = renderWaiting((one.impact?.locks ?? []).filter((lock) => sameTable(lock.table, table)));
        const searched: Searched = { ...at(one), table: renderName(table), waiting: waiting ?? "" };
        if (waiting !== undefined) yield searched;
      }
    }
  },
  message: ({ table, waiting }) =>
    `All of the default partition "${table}" is read to see that no row belongs to the new one, and ${waiting} meanwhile.`,
});
