import { at, defineRule } from "./define.ts";

const ending: ReadonlySet<string | undefined> = new Set(["commit", "end", "rollback", "abort"]);

export const transactionAsText = defineRule({
  id: "transaction-as-text",
  group: "correctness",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  reach: "file",
  summary: "COMMIT or ROLLBACK is sent as SQL text, past Alembic's transaction.",
  why: `What stands before COMMIT stays, whatever happens after it, but Alembic notes the revision only at the end: if a later statement fails, the next attempt runs the revision from the
start on a database that it has half changed. A ROLLBACK throws away what the revision has done, and Alembic notes it as run all the same.`,
  instead: `Put what needs no transaction into \`with op.get_context().autocommit_block():\`, best into a revision of its own.`,
  allowed: [
    "BEGIN alone: within a transaction it does nothing.",
    "Savepoints.",
    "COMMIT within the body of a function or DO block.",
    "Within an autocommit block.",
  ],
  sources: [
    "https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block",
    "https://www.postgresql.org/docs/current/sql-commit.html",
  ],
  options: {},
  examples: [
    {
      title: "COMMIT before an index",
      before: `op.execute("COMMIT")
op.execute("CREATE INDEX CONCURRENTLY ix_users_email ON users (email)")
`,
      after: [
        `with op.get_context().autocommit_block():
    op.execute("CREATE INDEX CONCURRENTLY ix_users_email ON users (email)")
`,
      ],
    },
  ],
  catches: [
    {
      title: "A script with a transaction of its own",
      code: `op.execute("BEGIN; UPDATE users SET active = true; COMMIT;")\n`,
    },
    { title: "Over the connection", code: `op.get_bind().execute(sa.text("commit"))\n` },
    { title: "ROLLBACK", code: `op.execute("ROLLBACK")\n` },
  ],
  passes: [
    { title: "BEGIN alone", code: `op.execute("BEGIN")\n` },
    {
      title: "Savepoints",
      code: `op.execute("SAVEPOINT s")\nop.execute("ROLLBACK TO SAVEPOINT s")\nop.execute("RELEASE SAVEPOINT s")\n`,
    },
    {
      title: "In a procedure",
      code: `op.execute("CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$")\n`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { effect, via, name, ownConnection } = one.operation;
      if (effect !== "transaction" || via !== "sql" || !ending.has(name) || ownConnection || one.isAutocommit) continue;
      yield { ...at(one), undoes: name === "rollback" || name === "abort" };
    }
  },
  message: ({ undoes }) =>
    undoes
      ? "ROLLBACK throws away what the transaction has done so far; Alembic notes the revision as run all the same."
      : "COMMIT keeps what stands above, whatever happens after: if a later statement fails, the revision is half done and runs again from the start.",
});
