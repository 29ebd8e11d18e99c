import type { Judged } from "../facts/judged.ts";
import { at, defineRule } from "./define.ts";

type Harm = "commit" | "rollback" | "begin";

/** What a call does to the transaction that Alembic has begun over the same connection. */
function harmOf({ operation, isAutocommit }: Judged): Harm | undefined {
  const { effect, via, name, ownConnection, context } = operation;
  if (effect !== "transaction" || ownConnection || isAutocommit) return undefined;
  const isHandler = context.some(({ kind }) => kind === "try");
  // A session joins the transaction of the connection: of what it does only the rollback reaches that.
  if (via === "orm") return name === "rollback" && !isHandler ? "rollback" : undefined;
  if (via !== "core") return undefined;
  if (name === "commit" || name === "begin") return name;
  return name === "rollback" && !isHandler ? "rollback" : undefined;
}

const harms: Readonly<Record<Harm, string>> = {
  commit:
    "commit() ends Alembic's transaction: what follows is rolled back at the end, and the revision is not recorded as run.",
  rollback:
    "rollback() undoes all that the transaction has done so far and ends it: what follows is lost as well, and the revision is not recorded as run.",
  begin: "Alembic's transaction is open on this connection: SQLAlchemy 2 raises InvalidRequestError at begin().",
};

export const commitInMigration = defineRule({
  id: "commit-in-migration",
  group: "correctness",
  severity: "error",
  recommended: true,
  dialects: ["postgresql"],
  reach: "file",
  summary: "A migration commits, rolls back or begins the transaction that Alembic runs it in.",
  why: `Alembic begins a transaction, runs the revision, notes it in its version table and commits. After a commit() in between, SQLAlchemy begins a new transaction that nobody commits:
later statements and the version row are lost without an error, and the next deployment runs the revision again on a database that it has half changed.`,
  instead: `Leave the transaction to Alembic. What has to be committed on its own (a batch, an index built concurrently) goes into \`with op.get_context().autocommit_block():\`. For a part that may
fail, use \`begin_nested()\`, a savepoint.`,
  allowed: [
    "commit() and close() of an ORM session bound to Alembic's connection: the session joins the transaction and ends nothing.",
    "begin_nested(), and commit() of what it gives: a savepoint.",
    "Connections that the revision opens itself, and the driver's own object beneath SQLAlchemy's connection.",
    "Within an autocommit block.",
    "rollback() within try … except, which most often raises after it.",
    "COMMIT as text, which the rule `transaction-as-text` is about.",
  ],
  counted: ["rollback() of a session bound to Alembic's connection: that one does reach the transaction."],
  sources: [
    "https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block",
    "https://docs.sqlalchemy.org/en/20/core/connections.html#commit-as-you-go",
  ],
  options: {},
  examples: [
    {
      title: "A commit between two steps",
      before: `connection = op.get_bind()
connection.execute(sa.text("UPDATE users SET active = true"))
connection.commit()
op.create_index("ix_users_active", "users", ["active"])
`,
      after: [
        `op.execute("UPDATE users SET active = true")
`,
        `with op.get_context().autocommit_block():
    op.create_index("ix_users_active", "users", ["active"], postgresql_concurrently=True)
`,
      ],
    },
  ],
  catches: [
    { title: "A commit of the bind", code: `op.get_bind().commit()\n` },
    {
      title: "A commit after each batch",
      code: `connection = op.get_bind()
for start in range(0, 100, 10):
    connection.execute(sa.text("UPDATE users SET active = true WHERE id >= :start"), {"start": start})
    connection.commit()
`,
    },
    {
      title: "A transaction within the transaction",
      code: `with op.get_bind().begin():
    op.execute("UPDATE users SET active = true")
`,
    },
    {
      title: "A rollback of a session",
      code: `from sqlalchemy.orm import Session
session = Session(bind=op.get_bind())
session.execute(sa.text("UPDATE users SET active = true"))
session.rollback()
`,
    },
  ],
  passes: [
    {
      title: "A commit of a session that has joined the transaction",
      code: `from sqlalchemy.orm import Session
session = Session(bind=op.get_bind())
session.execute(sa.text("UPDATE users SET active = true"))
session.commit()
`,
    },
    {
      title: "A savepoint",
      code: `with op.get_bind().begin_nested():
    op.execute("UPDATE users SET active = true")
savepoint = op.get_bind().begin_nested()
savepoint.commit()
`,
    },
    {
      title: "A connection of its own",
      code: `with op.get_bind().engine.connect() as connection:
    connection.execute(sa.text("UPDATE users SET active = true"))
    connection.commit()
`,
    },
    {
      title: "An engine of its own",
      code: `with sa.create_engine("postgresql:///other").begin() as connection:
    connection.execute(sa.text("UPDATE users SET active = true"))
`,
    },
  ],
  *detect({ judged }) {
    const begun = new Set<Judged["direction"]>();
    for (const one of judged) {
      const harm = harmOf(one);
      // What ends a transaction that could not be begun is no second cause.
      if (harm === undefined || begun.has(one.direction)) continue;
      if (harm === "begin") begun.add(one.direction);
      yield { ...at(one), harm };
    }
  },
  message: ({ harm }) => harms[harm],
});
