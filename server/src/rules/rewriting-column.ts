import { includesTable, isEmptied, isLive, liveLocks } from "../facts/live.ts";
import { volatilityOf } from "../locks/postgres/volatility.ts";
import { renderName, type ColumnDefinition } from "../sql/action.ts";
import { at, defineRule } from "./define.ts";
import { isSmall, minimumRows } from "./small-tables.ts";
import { renderWaiting } from "./waiting.ts";

/** Why every row is written; undefined where that is not sure. */
function reasonOf({ serial, identity, generated, computed, default: value }: ColumnDefinition): string | undefined {
  if (serial || identity || generated === "identity") return "each gets a number";
  if (computed) return computed.stored ? "its value is stored in each" : undefined;
  return value && volatilityOf(value) === "volatile" ? `each gets its own ${value.sql ?? "value"}` : undefined;
}

export const rewritingColumn = defineRule({
  id: "rewriting-column",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary:
    "A column is added whose value differs from row to row, so that the whole table is written anew under the strongest lock.",
  why: `For a constant default PostgreSQL notes one value in its catalog. For a random or numbered one, and for a stored computed one, it writes every row and every index anew,
under ACCESS EXCLUSIVE: nobody can read or write the table until that is done, and it needs the space a second time.`,
  instead: `Add the column without a default, then set the default (\`ALTER COLUMN … SET DEFAULT\`), which concerns new rows only. Fill the old rows in batches in a revision of its own, and
make it NOT NULL after that. In place of a stored computed column, a trigger or (since PostgreSQL 18) a virtual one.`,
  allowed: [
    "Constants, and functions that give the same value for the whole statement: `now()`, `current_user`.",
    "Functions of which it is not known whether they are volatile.",
    "Virtual computed columns.",
    "Tables that the same revision creates, empties or drops.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  options: { minimumRows },
  examples: [
    {
      title: "A random key for each row",
      before: `op.add_column(
    "users",
    sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
)
`,
      after: [
        `op.add_column("users", sa.Column("token", sa.Uuid()))
op.alter_column("users", "token", server_default=sa.text("gen_random_uuid()"))
`,
      ],
    },
  ],
  catches: [
    { title: "A serial column as text", code: `op.execute("ALTER TABLE users ADD COLUMN number serial")\n` },
    {
      title: "An identity column",
      code: `op.add_column("users", sa.Column("number", sa.Integer(), sa.Identity()))\n`,
    },
    {
      title: "A computed column that is stored",
      code: `op.add_column("users", sa.Column("twice", sa.Integer(), sa.Computed("age * 2", persisted=True)))\n`,
    },
    {
      title: "The clock in a batch block",
      code: `with op.batch_alter_table("users") as batch_op:
    batch_op.add_column(sa.Column("at", sa.DateTime(), server_default=sa.func.clock_timestamp()))
`,
    },
  ],
  passes: [
    {
      title: "A constant default",
      code: `op.add_column("users", sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False))\n`,
    },
    {
      title: "The time at which the transaction began",
      code: `op.add_column("users", sa.Column("at", sa.DateTime(), server_default=sa.func.now(), nullable=False))\n`,
    },
    {
      title: "A function of which nothing is known",
      code: `op.add_column("users", sa.Column("code", sa.Text(), server_default=sa.text("next_code()")))\n`,
    },
    {
      title: "On a table that the revision creates",
      code: `op.create_table("users", sa.Column("id", sa.Integer()))
op.add_column("users", sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))
`,
    },
    { title: "No default", code: `op.add_column("users", sa.Column("token", sa.Uuid()))\n` },
  ],
  *detect({ judged, project }, options) {
    for (const one of judged) {
      const { kind, table, details } = one.operation;
      if (kind !== "add_column" || !one.isUnderstood || table === undefined) continue;
      const column = details.definitions?.find((each) => reasonOf(each) !== undefined);
      const reason = column && reasonOf(column);
      if (reason === undefined || !isLive(one, table) || isEmptied(one, table)) continue;
      if (isSmall(project, table, options.minimumRows)) continue;
      const { impact } = one;
      if (impact === undefined || !includesTable(impact.rewrites, table)) continue;
      const waiting = renderWaiting(liveLocks(one, impact));
      if (waiting !== undefined)
        yield { ...at(one), column: `${renderName(table)}.${column?.name ?? ""}`, table, reason, waiting };
    }
  },
  message: ({ column, table, reason, waiting }) =>
    `Adding ${column} writes every row of ${renderName(table)} anew, since ${reason}; meanwhile ${waiting}.`,
});
