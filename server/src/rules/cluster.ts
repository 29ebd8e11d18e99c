import { defineRule } from "./define.ts";
import { rewrittenBy } from "./rewritten.ts";

export const cluster = defineRule({
  id: "cluster",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "CLUSTER writes a table anew in the order of an index, and nobody can use it meanwhile.",
  why: `The table and all of its indexes are copied while nobody can read or write it; on a large table that is an outage of minutes or hours.
Rows that are written later are not kept in that order.`,
  instead: `Use pg_repack, which can order a table by an index while it is used, outside of the migrations. An index with INCLUDE, or partitions, often
make the order unnecessary.`,
  allowed: ["ALTER TABLE … CLUSTER ON, which only notes the index.", "Tables that the revision has made itself."],
  sources: ["https://www.postgresql.org/docs/current/sql-cluster.html", "https://reorg.github.io/pg_repack/"],
  options: {},
  examples: [
    {
      title: "A table in the order of time",
      before: `op.execute("CLUSTER events USING ix_events_day")
`,
      after: [
        `op.execute("ALTER TABLE events CLUSTER ON ix_events_day")
`,
      ],
    },
  ],
  catches: [
    { title: "By the index that was noted before", code: `op.execute("CLUSTER events")\n` },
    { title: "On a connection", code: `op.get_bind().execute(sa.text("CLUSTER VERBOSE events USING ix"))\n` },
  ],
  passes: [
    { title: "The index is only noted", code: `op.execute("ALTER TABLE events CLUSTER ON ix_events_day")\n` },
    {
      title: "A table of its own",
      code: `op.execute("CREATE TABLE t AS SELECT * FROM events")\nop.execute("CREATE INDEX ix ON t (day)")\nop.execute("CLUSTER t USING ix")\n`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const found = one.operation.details.command === "CLUSTER" ? rewrittenBy(one) : undefined;
      if (found) yield found;
    }
  },
  message: ({ table, waiting }) => `CLUSTER writes "${table}" anew, and ${waiting} meanwhile.`,
});
