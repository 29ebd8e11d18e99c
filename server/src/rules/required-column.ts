import { isEmptied, isLive } from "../facts/live.ts";
import type { Judged } from "../facts/judged.ts";
import { renderName, type ColumnDefinition, type Dialect } from "../sql/action.ts";
import { at, defineRule } from "./define.ts";
import { isUnfilled } from "./unfilled.ts";

/** Existing rows have nothing to put into it. */
const isRequired = (column: ColumnDefinition, dialect: Dialect): boolean =>
  column.nullable === false && isUnfilled(column, dialect);

const requiredColumns = (
  { operation: { kind, details, confidence } }: Judged,
  dialect: Dialect,
): readonly ColumnDefinition[] =>
  kind === "add_column" && confidence === "certain"
    ? (details.definitions ?? []).filter((column) => isRequired(column, dialect))
    : [];

export const requiredColumn = defineRule({
  id: "required-column",
  group: "correctness",
  severity: "error",
  recommended: true,
  // MySQL and MariaDB fill in a value of their own: 0, an empty string.
  dialects: ["postgresql", "sqlite"],
  summary: "A NOT NULL column without a default is added to an existing table, which fails where it has rows.",
  why: `The rows that are there have no value for the new column, so that the server refuses: the deployment stops at this revision. On an empty database, where
migrations are mostly tried, PostgreSQL lets it pass.`,
  instead: `Add it with a \`server_default\`, which PostgreSQL keeps in its catalog without writing a row. Or add it nullable, fill it, and make it NOT NULL in
a later revision. \`default=\` is no help: Python does not see the rows that are there.`,
  allowed: [
    "Columns that fill themselves: identity, serial, computed.",
    "Tables that the same revision creates, or has emptied before.",
    "MySQL and MariaDB, which fill in a value of their own.",
    "Types of the database's own: a domain may have a default.",
  ],
  sources: ["https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN"],
  options: {},
  examples: [
    {
      title: "A column that every row must have",
      before: `op.add_column("users", sa.Column("active", sa.Boolean(), nullable=False))
`,
      after: [
        `op.add_column("users", sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False))
`,
      ],
    },
  ],
  catches: [
    {
      title: "In a batch block",
      code: `with op.batch_alter_table("users") as batch_op:
    batch_op.add_column(sa.Column("active", sa.Boolean(), nullable=False))
`,
    },
    { title: "As text", code: `op.execute("ALTER TABLE users ADD COLUMN active boolean NOT NULL")\n` },
    {
      title: "With a default of Python's",
      code: `op.add_column("users", sa.Column("active", sa.Boolean(), default=True, nullable=False))\n`,
    },
    {
      title: "With a default that comes too late",
      code: `op.add_column("users", sa.Column("active", sa.Boolean(), nullable=False))
op.alter_column("users", "active", server_default=sa.true())
`,
    },
    {
      title: "On SQLite",
      code: `op.add_column("users", sa.Column("active", sa.Boolean(), nullable=False))\n`,
      dialect: "sqlite",
    },
  ],
  passes: [
    {
      title: "An identity column",
      code: `op.add_column("users", sa.Column("number", sa.Integer(), sa.Identity(), nullable=False))\n`,
    },
    { title: "A serial column", code: `op.execute("ALTER TABLE users ADD COLUMN number serial NOT NULL")\n` },
    {
      title: "A computed column",
      code: `op.add_column("users", sa.Column("twice", sa.Integer(), sa.Computed("age * 2"), nullable=False))\n`,
    },
    {
      title: "On a table that the revision has emptied",
      code: `op.execute("DELETE FROM users")
op.add_column("users", sa.Column("active", sa.Boolean(), nullable=False))
`,
    },
    {
      title: "On a table that the revision creates",
      code: `op.create_table("users", sa.Column("id", sa.Integer()))
op.add_column("users", sa.Column("active", sa.Boolean(), nullable=False))
`,
    },
    {
      title: "Of a type that may be a domain with a default",
      code: `op.execute("ALTER TABLE users ADD COLUMN status status_code NOT NULL")\n`,
    },
  ],
  *detect({ judged, project }) {
    for (const one of judged) {
      const { table } = one.operation;
      const columns = requiredColumns(one, project.config.dialect);
      if (columns.length === 0 || table === undefined || !isLive(one, table) || isEmptied(one, table)) continue;
      yield { ...at(one), columns: columns.map(({ name }) => `${renderName(table)}.${name}`), table };
    }
  },
  message: ({ columns, table }) =>
    `${columns.join(", ")} is NOT NULL and has no default: adding it fails where ${renderName(table)} has rows.`,
});
