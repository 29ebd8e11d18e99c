import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Unnamed extends Found {
  readonly table: string;
}

export const unnamedIndex = defineRule({
  id: "unnamed-index",
  group: "correctness",
  severity: "information",
  recommended: false,
  reach: "file",
  dialects: ["postgresql"],
  summary: "An index is created without a name.",
  why: `PostgreSQL makes one up, and another one where that is taken: on one database it is \`t_a_idx\`, on the next \`t_a_idx1\`. No downgrade and no later revision can name it and be right
everywhere.`,
  instead: `Name it: \`CREATE INDEX ix_users_email ON users (email)\`.`,
  allowed: ["Indexes that Alembic creates: a naming convention may name them."],
  sources: ["https://www.postgresql.org/docs/current/sql-createindex.html"],
  options: {},
  examples: [
    {
      title: "An index of one column",
      before: `op.execute("CREATE INDEX ON users (email)")
`,
      after: [
        `op.execute("CREATE INDEX ix_users_email ON users (email)")
`,
      ],
    },
  ],
  catches: [
    {
      title: "Built concurrently",
      code: `with op.get_context().autocommit_block():\n    op.execute("CREATE INDEX CONCURRENTLY ON users (email)")\n`,
    },
    { title: "Unique", code: `op.get_bind().execute(sa.text("CREATE UNIQUE INDEX ON users (email)"))\n` },
  ],
  passes: [
    { title: "A name", code: `op.execute("CREATE INDEX ix_users_email ON users (email)")\n` },
    { title: "A name that is not known", code: `op.execute(f"CREATE INDEX {name()} ON users (email)")\n` },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { kind, via, table, name, confidence } = one.operation;
      if (kind !== "create_index" || via !== "sql" || name !== undefined || confidence !== "certain" || !table)
        continue;
      const unnamed: Unnamed = { ...at(one), table: renderName(table) };
      yield unnamed;
    }
  },
  message: ({ table }) => `This index of ${table} has no name: each database may give it another one.`,
});
