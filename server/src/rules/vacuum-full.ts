import { defineRule } from "./define.ts";
import { rewrittenBy } from "./rewritten.ts";

export const vacuumFull = defineRule({
  id: "vacuum-full",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "VACUUM FULL writes a table anew, and nobody can use it meanwhile.",
  why: `The table and all of its indexes are copied while nobody can read or write it; on a large table that is an outage of minutes or hours.
It also needs as much free disk as the table takes.`,
  instead: `A plain VACUUM lets everybody work and gives the room back to the table. Where the file itself must shrink, use pg_repack or
pg_squeeze, outside of the migrations.`,
  allowed: ["VACUUM without FULL.", "Tables that the revision has made itself."],
  sources: ["https://www.postgresql.org/docs/current/sql-vacuum.html", "https://reorg.github.io/pg_repack/"],
  options: {},
  examples: [
    {
      title: "After many rows were deleted",
      before: `with op.get_context().autocommit_block():
    op.execute("VACUUM FULL users")
`,
      after: [
        `with op.get_context().autocommit_block():
    op.execute("VACUUM (ANALYZE) users")
`,
      ],
    },
  ],
  catches: [
    { title: "With options in parentheses", code: `op.execute("VACUUM (FULL, VERBOSE) users")\n` },
    { title: "On a connection", code: `op.get_bind().execute(sa.text("VACUUM FULL ANALYZE users"))\n` },
  ],
  passes: [
    { title: "A plain VACUUM", code: `with op.get_context().autocommit_block():\n    op.execute("VACUUM users")\n` },
    { title: "FULL that is switched off", code: `op.execute("VACUUM (FULL false) users")\n` },
  ],
  yieldsTo: ["concurrently-in-transaction"],
  *detect({ judged }) {
    for (const one of judged) {
      const found = one.operation.details.command === "VACUUM FULL" ? rewrittenBy(one) : undefined;
      if (found) yield found;
    }
  },
  message: ({ table, waiting }) => `VACUUM FULL writes "${table}" anew, and ${waiting} meanwhile.`,
});
