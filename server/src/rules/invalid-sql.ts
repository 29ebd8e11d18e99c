import { isForPostgres } from "./other-servers.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Refused extends Found {
  readonly why: string;
}

export const invalidSql = defineRule({
  id: "invalid-sql",
  group: "correctness",
  severity: "error",
  recommended: true,
  reach: "file",
  dialects: ["postgresql"],
  summary: "PostgreSQL's own grammar does not accept the SQL.",
  why: `The server refuses the statement with a syntax error, and the migration fails there. What ran before it in the same transaction is rolled back; what ran in an
autocommit block before it stays.`,
  instead: `Correct the statement. The message names the place at which PostgreSQL's grammar stops; the mistake is there or just before.`,
  allowed: [
    "Statements with a part that is not known.",
    "Projects of which it is not known for which server they are, and those for CockroachDB or Redshift.",
    "Statements under a test that could not be read, or in a `try`: they may be for another server.",
    "SQL of which another dialect's grammar makes sense: that is `other-dialect-sql`.",
  ],
  counted: ["Commands of psql (`\\\\connect`, `\\\\i`): the server does not know them."],
  sources: ["https://www.postgresql.org/docs/current/sql-commands.html"],
  options: {},
  examples: [
    {
      title: "A comma too many",
      before: `op.execute("UPDATE users SET role = 'member', WHERE role = 'user'")
`,
      after: [
        `op.execute("UPDATE users SET role = 'member' WHERE role = 'user'")
`,
      ],
    },
  ],
  catches: [
    { title: "A word misspelt", code: `op.execute("ALTER TABEL users ADD COLUMN a integer")\n` },
    {
      title: "A bracket missing, through a connection",
      code: `op.get_bind().execute(sa.text("INSERT INTO roles (name VALUES ('admin')"))\n`,
    },
  ],
  passes: [
    {
      title: "Bind parameters",
      code: `op.get_bind().execute(sa.text("UPDATE users SET role = :role WHERE id = :id"), {"role": "x", "id": 1})\n`,
    },
    {
      title: "A branch for another server",
      code: `if op.get_bind().dialect.name == "sqlite":\n    op.execute("PRAGMA foreign_keys = ON")\n`,
    },
    {
      title: "What PostgreSQL 18 brought",
      code: `op.execute("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED")\n`,
    },
  ],
  *detect({ judged, project: { config } }) {
    for (const one of judged) {
      const { refusal } = one.operation;
      if (!refusal || refusal.speaks !== undefined || !isForPostgres(one.operation, config)) continue;
      const refused: Refused = { ...at(one), why: refusal.why };
      yield refused;
    }
  },
  message: ({ why }) => `PostgreSQL does not accept this SQL: ${why}.`,
});
