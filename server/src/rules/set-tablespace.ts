import { defineRule } from "./define.ts";
import { rewrittenBy } from "./rewritten.ts";

export const setTablespace = defineRule({
  id: "set-tablespace",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "SET TABLESPACE copies a table's files, and nobody can use it meanwhile.",
  why: `Every file of the table is copied to the other place while nobody can read or write it; on a large table that is an outage of minutes
or hours. Its indexes stay where they are.`,
  instead: `Make a new table in the tablespace, copy the rows in batches, and let the two swap names; or use pg_repack with \`--tablespace\`,
outside of the migrations.`,
  allowed: ["A partitioned table, which has no files of its own.", "Tables that the revision has made itself."],
  sources: [
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-TABLESPACE",
    "https://reorg.github.io/pg_repack/",
  ],
  options: {},
  examples: [
    {
      title: "A table on a faster disk",
      before: `op.execute("ALTER TABLE events SET TABLESPACE fast")
`,
      after: [
        `op.execute("CREATE TABLE events_new (LIKE events INCLUDING ALL) TABLESPACE fast")
`,
      ],
    },
  ],
  catches: [
    { title: "IF EXISTS", code: `op.execute("ALTER TABLE IF EXISTS events SET TABLESPACE fast")\n` },
    { title: "On a connection", code: `op.get_bind().execute(sa.text("ALTER TABLE events SET TABLESPACE fast"))\n` },
  ],
  passes: [
    {
      title: "A partitioned table",
      code: `-- versions/0001_events.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
-- versions/0002_move.py --
op.execute("ALTER TABLE events SET TABLESPACE fast")
`,
    },
    {
      title: "A table of its own",
      code: `op.execute("CREATE TABLE t (id int)")\nop.execute("ALTER TABLE t SET TABLESPACE fast")\n`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { alteration } = one.operation.details;
      const found = alteration?.command === "set_tablespace" ? rewrittenBy(one) : undefined;
      if (found) yield found;
    }
  },
  message: ({ table, waiting }) => `SET TABLESPACE copies "${table}", and ${waiting} meanwhile.`,
});
