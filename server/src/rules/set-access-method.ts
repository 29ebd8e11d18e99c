import { defineRule } from "./define.ts";
import { rewrittenBy } from "./rewritten.ts";

export const setAccessMethod = defineRule({
  id: "set-access-method",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "SET ACCESS METHOD writes a table anew, and nobody can use it meanwhile.",
  why: `The table and all of its indexes are copied into the new form while nobody can read or write it; on a large table that is an outage
of minutes or hours.`,
  instead: `Make a new table with the access method, copy the rows in batches, and let the two swap names. Of a partitioned table only the
partitions that are made later have it; for them it costs nothing.`,
  allowed: ["A partitioned table, which has no rows of its own.", "Tables that the revision has made itself."],
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-ACCESS-METHOD"],
  options: {},
  examples: [
    {
      title: "A columnar table",
      before: `op.execute("ALTER TABLE events SET ACCESS METHOD columnar")
`,
      after: [
        `op.execute("CREATE TABLE events_new (LIKE events INCLUDING ALL) USING columnar")
`,
      ],
    },
  ],
  catches: [
    { title: "The way back", code: `op.execute("ALTER TABLE events SET ACCESS METHOD heap")\n` },
    {
      title: "On a connection",
      code: `op.get_bind().execute(sa.text("ALTER TABLE events SET ACCESS METHOD columnar"))\n`,
    },
  ],
  passes: [
    {
      title: "A partitioned table",
      code: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
-- versions/0002_method.py --
op.execute("ALTER TABLE events SET ACCESS METHOD columnar")
`,
    },
    {
      title: "A table of its own",
      code: `op.execute("CREATE TABLE t (id int)")\nop.execute("ALTER TABLE t SET ACCESS METHOD columnar")\n`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { alteration } = one.operation.details;
      const found = alteration?.command === "set_access_method" ? rewrittenBy(one) : undefined;
      if (found) yield found;
    }
  },
  message: ({ table, waiting }) => `SET ACCESS METHOD writes "${table}" anew, and ${waiting} meanwhile.`,
});
