import { liveLocks } from "../facts/live.ts";
import { at, defineRule } from "./define.ts";
import { renderWaiting } from "./waiting.ts";

export const nonConcurrentReindex = defineRule({
  id: "non-concurrent-reindex",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "An index in use is built anew in the way that shuts its table.",
  why: `REINDEX keeps writers from the table, and locks each index that it builds against everybody. Planning a query looks at every index of the table, so that readers wait as well, until the transaction
ends.`,
  instead: `Use \`REINDEX … CONCURRENTLY\` inside of \`with op.get_context().autocommit_block():\`.`,
  allowed: ["Tables that the same revision creates or drops.", "Indexes whose table is not known."],
  sources: ["https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY"],
  options: {},
  examples: [
    {
      title: "All indexes of a table",
      before: `op.execute("REINDEX TABLE users")
`,
      after: [
        `with op.get_context().autocommit_block():
    op.execute("REINDEX TABLE CONCURRENTLY users")
`,
      ],
    },
  ],
  catches: [
    {
      title: "One index, whose table the history knows",
      code: `-- versions/0001_users.py --
op.create_table("users", sa.Column("email", sa.Text()))
op.create_index("ix_users_email", "users", ["email"])
-- versions/0002_reindex.py --
op.execute("REINDEX INDEX ix_users_email")
`,
    },
    {
      title: "In an autocommit block",
      code: `with op.get_context().autocommit_block():\n    op.execute("REINDEX TABLE users")\n`,
    },
  ],
  passes: [
    {
      title: "A table that the revision creates",
      code: `op.create_table("users", sa.Column("email", sa.Text(), index=True))\nop.execute("REINDEX TABLE users")\n`,
    },
    { title: "An index that is not known", code: `op.execute("REINDEX INDEX ix_users_email")\n` },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { kind, details } = one.operation;
      if (kind !== "maintenance" || !details.command?.startsWith("REINDEX") || details.concurrently) continue;
      const waiting = one.impact && renderWaiting(liveLocks(one, one.impact));
      if (waiting !== undefined) yield { ...at(one), waiting };
    }
  },
  message: ({ waiting }) => `While REINDEX builds anew, ${waiting}.`,
});
