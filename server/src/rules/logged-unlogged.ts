import { defineRule } from "./define.ts";
import { rewrittenBy } from "./rewritten.ts";

export const loggedUnlogged = defineRule({
  id: "logged-unlogged",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "SET LOGGED or SET UNLOGGED writes a table anew, and nobody can use it meanwhile.",
  why: `The table and all of its indexes are copied while nobody can read or write it. An unlogged table is empty after a crash and does not exist
on standbys; a table that becomes logged is written whole into the write-ahead log.`,
  instead: `Make a new table of the other kind, copy the rows in batches, and let the two swap names. Or do it in a window in which nobody
needs the table.`,
  allowed: ["A table that is known to be of that kind already.", "Tables that the revision has made itself."],
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-LOGGED-UNLOGGED"],
  options: {},
  examples: [
    {
      title: "A table that may be lost",
      before: `op.execute("ALTER TABLE sessions SET UNLOGGED")
`,
      after: [
        `op.execute("CREATE UNLOGGED TABLE sessions_new (LIKE sessions INCLUDING ALL)")
`,
      ],
    },
  ],
  catches: [
    { title: "The way back", code: `op.execute("ALTER TABLE sessions SET LOGGED")\n` },
    { title: "On a connection", code: `op.get_bind().execute(sa.text("ALTER TABLE sessions SET UNLOGGED"))\n` },
  ],
  passes: [
    {
      title: "A table that is unlogged already",
      code: `-- versions/0001_sessions.py --
op.execute("CREATE UNLOGGED TABLE sessions (id int)")
-- versions/0002_again.py --
op.execute("ALTER TABLE sessions SET UNLOGGED")
`,
    },
    {
      title: "A table that is loaded before anybody sees it",
      code: `op.execute("CREATE UNLOGGED TABLE t AS SELECT * FROM users")\nop.execute("ALTER TABLE t SET LOGGED")\n`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const command = one.operation.details.alteration?.command;
      const found = command === "set_logged" || command === "set_unlogged" ? rewrittenBy(one) : undefined;
      if (found) yield { ...found, kind: command === "set_logged" ? "LOGGED" : "UNLOGGED" };
    }
  },
  message: ({ kind, table, waiting }) => `SET ${kind} writes "${table}" anew, and ${waiting} meanwhile.`,
});
