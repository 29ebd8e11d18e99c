import type { Operation } from "../model/revision.ts";
import type { Range } from "../text/range.ts";
import { tryEdit } from "../rewrite/edit.ts";
import { wrapInText } from "../rewrite/text-clause.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Bare extends Found {
  readonly argument: Range;
  readonly operation: Operation;
}

export const bareStringExecute = defineRule({
  id: "bare-string-execute",
  group: "correctness",
  severity: "error",
  recommended: true,
  reach: "file",
  summary: "A plain string is handed to a connection's or a session's `execute`, which SQLAlchemy 2 refuses.",
  why: `SQLAlchemy 2 raises ObjectNotExecutableError (a session: ArgumentError) before anything reaches the server, so the migration stops there. SQLAlchemy 1.4 still takes it
and warns; every new database that runs the history after the update of the library meets the error.`,
  instead: `Wrap the string: \`connection.execute(sa.text("…"))\`. Parameters are then written \`:name\`. \`op.execute("…")\` takes a plain string.`,
  allowed: [
    "`op.execute` and a batch's `execute`: Alembic wraps the string itself.",
    "`exec_driver_sql`, cursors and connections of a driver: they want plain strings.",
    "Whatever may be another thing than SQLAlchemy's connection: a parameter of a helper, an engine of the application.",
  ],
  counted: ["`scalar`, `scalars` and `stream` of a connection or session, which want a construct as well."],
  sources: [
    "https://docs.sqlalchemy.org/en/20/core/connections.html#sqlalchemy.engine.Connection.execute",
    "https://docs.sqlalchemy.org/en/20/changelog/migration_20.html#execute-method-more-strict-execution-options-are-more-prominent",
  ],
  options: {},
  examples: [
    {
      title: "An UPDATE through the connection",
      before: `connection = op.get_bind()
connection.execute("UPDATE users SET role = 'member' WHERE role = 'user'")
`,
      after: [
        `connection = op.get_bind()
connection.execute(sa.text("UPDATE users SET role = 'member' WHERE role = 'user'"))
`,
      ],
    },
  ],
  catches: [
    {
      title: "A string in a variable",
      code: `query = "SELECT id FROM users LIMIT 1"\nuser_id = op.get_bind().scalar(query)\n`,
    },
    {
      title: "An f-string",
      code: `def upgrade():\n    table = "users"\n    op.get_bind().execute(f"DELETE FROM {table} WHERE id < 0")\n`,
    },
    {
      title: "A session",
      code: `session = sa.orm.Session(bind=op.get_bind())\nsession.execute("DELETE FROM users WHERE id < 0")\n`,
    },
  ],
  passes: [
    { title: "`op.execute`", code: `op.execute("DELETE FROM users WHERE id < 0")\n` },
    { title: "`sa.text`", code: `op.get_bind().execute(sa.text("DELETE FROM users WHERE id < 0"))\n` },
    { title: "`exec_driver_sql`", code: `op.get_bind().exec_driver_sql("DELETE FROM users WHERE id < 0")\n` },
    {
      title: "A driver's cursor",
      code: `cursor = op.get_bind().connection.cursor()\ncursor.execute("DELETE FROM users WHERE id < 0")\n`,
    },
  ],
  *detect({ judged }) {
    const seen = new Set<number>();
    for (const one of judged) {
      const { operation } = one;
      const argument = operation.bareString;
      if (argument === undefined || seen.has(argument.start)) continue;
      seen.add(argument.start);
      const bare: Bare = { ...at(one), argument, operation };
      yield bare;
    }
  },
  message: ({ operation }) =>
    `SQLAlchemy 2 refuses a plain string here: hand ${operation.runner === "session" ? "the session" : "the connection"} \`sa.text(…)\`.`,
  repair: {
    safety: "safe",
    title: () => "Wrap the string in text()",
    edits: ({ argument }, { file }) =>
      tryEdit(file, (edit) => {
        wrapInText(file, argument, edit);
      }),
  },
});
