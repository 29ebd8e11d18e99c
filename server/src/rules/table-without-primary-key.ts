import type { Judged } from "../facts/judged.ts";
import { renderName, sameName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Keyless extends Found {
  readonly table: string;
}

/** Its columns and keys come from elsewhere, or it is not there to stay. */
function isOfAnotherKind({ operation: { details } }: Judged): boolean {
  const { options, temporary } = details;
  return (
    temporary === true ||
    [options?.partitionOf, options?.inherits, options?.like, options?.foreign, options?.asQuery].some(Boolean)
  );
}

export const tableWithoutPrimaryKey = defineRule({
  id: "table-without-primary-key",
  group: "correctness",
  severity: "information",
  recommended: false,
  reach: "file",
  summary: "A new table has no primary key.",
  why: `Rows that are equal cannot be told apart, so one of them cannot be corrected or deleted alone. Logical replication refuses UPDATE and DELETE, and no batch can walk the table.`,
  instead: `Give it one, also where rows only belong to two others: \`sa.PrimaryKeyConstraint("team_id", "user_id")\`.`,
  allowed: [
    "Temporary and foreign tables, partitions, and tables that inherit or are made LIKE another or from a query.",
    "A table that gets its key later in the same direction, and tables of which not all columns could be read.",
  ],
  sources: ["https://www.postgresql.org/docs/current/logical-replication-publication.html"],
  options: {},
  examples: [
    {
      title: "Members of teams",
      before: `op.create_table("members", sa.Column("team_id", sa.Integer()), sa.Column("user_id", sa.Integer()))
`,
      after: [
        `op.create_table(
    "members",
    sa.Column("team_id", sa.Integer(), primary_key=True),
    sa.Column("user_id", sa.Integer(), primary_key=True),
)
`,
      ],
    },
  ],
  catches: [
    { title: "SQL text", code: `op.execute("CREATE TABLE members (team_id integer, user_id integer)")\n` },
    {
      title: "A unique constraint instead",
      code: `op.create_table("members", sa.Column("email", sa.String(), unique=True))\n`,
    },
  ],
  passes: [
    { title: "A temporary table", code: `op.execute("CREATE TEMP TABLE moved (id integer)")\n`, dialect: "postgresql" },
    {
      title: "A key that follows",
      code: `op.create_table("t", sa.Column("id", sa.Integer()))\nop.create_primary_key("pk", "t", ["id"])\n`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { kind, table, details, confidence } = one.operation;
      if (one.direction.name !== "upgrade" || kind !== "create_table" || table === undefined) continue;
      if (confidence !== "certain" || one.operation.incomplete || isOfAnotherKind(one)) continue;
      const later = one.direction.operations.slice(one.index + 1);
      const keys = [
        one.operation,
        ...later.filter((other) => other.table !== undefined && sameName(other.table, table)),
      ];
      if (keys.some((other) => other.details.constraints?.some(({ type }) => type === "primary_key"))) continue;
      if (
        details.definitions === undefined ||
        later.some((other) => other.kind === "drop_table" && other.table && sameName(other.table, table))
      )
        continue;
      const keyless: Keyless = { ...at(one), table: renderName(table) };
      yield keyless;
    }
  },
  message: ({ table }) => `${table} has no primary key: rows that are equal cannot be told apart.`,
});
