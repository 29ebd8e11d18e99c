import { liveLocks } from "../facts/live.ts";
import { at, defineRule } from "./define.ts";

export const blockingRefresh = defineRule({
  id: "blocking-refresh",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "A materialized view in use is refreshed in the way that nobody can read it meanwhile.",
  why: `REFRESH MATERIALIZED VIEW takes ACCESS EXCLUSIVE on the view and runs its query: whoever reads the view waits until that is done and the transaction ends.`,
  instead: `Use \`REFRESH MATERIALIZED VIEW CONCURRENTLY\`, which needs a unique index over the view without a condition, and that it was filled before.`,
  allowed: ["Views that the same revision creates.", "WITH NO DATA, which takes a moment."],
  sources: ["https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html"],
  options: {},
  examples: [
    {
      title: "A view that people read",
      before: `op.execute("REFRESH MATERIALIZED VIEW totals")
`,
      after: [
        `op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY totals")
`,
      ],
    },
  ],
  catches: [
    {
      title: "Over the connection",
      code: `op.get_bind().execute(sa.text("REFRESH MATERIALIZED VIEW reports.totals"))\n`,
    },
    {
      title: "A view of an earlier revision",
      code: `-- versions/0001_view.py --
op.execute("CREATE MATERIALIZED VIEW totals AS SELECT 1 AS a")
-- versions/0002_refresh.py --
op.execute("REFRESH MATERIALIZED VIEW totals")
`,
    },
  ],
  passes: [
    {
      title: "A view that the revision creates",
      code: `op.execute("CREATE MATERIALIZED VIEW totals AS SELECT 1 AS a WITH NO DATA")
op.execute("REFRESH MATERIALIZED VIEW totals")
`,
    },
    { title: "WITH NO DATA", code: `op.execute("REFRESH MATERIALIZED VIEW totals WITH NO DATA")\n` },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { kind, details, name } = one.operation;
      if (kind !== "maintenance" || details.command !== "REFRESH MATERIALIZED VIEW" || details.concurrently) continue;
      if (!one.impact || details.options?.withoutData || one.impact.rewrites.length === 0) continue;
      const isRead = liveLocks(one, one.impact).some(({ mode }) => mode === "AccessExclusiveLock");
      if (isRead) yield { ...at(one), view: name ?? "the view" };
    }
  },
  message: ({ view }) => `While ${view} is filled anew, nobody can read it.`,
});
