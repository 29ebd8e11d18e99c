import { renderName, sameName, type Details } from "../sql/action.ts";
import type { Judged } from "../facts/judged.ts";
import { slice } from "../text/range.ts";
import { tryEdit } from "../rewrite/edit.ts";
import { at, defineRule, type Found } from "./define.ts";

interface PythonDefault extends Found {
  readonly column: string;
  readonly given: NonNullable<Details["pythonDefault"]>;
}

/** The direction fills the column itself afterwards, or gives it a default of the server's. */
const isFilledLater = ({ direction, index, operation: { table, columns } }: Judged): boolean =>
  direction.operations
    .slice(index + 1)
    .some(
      (later) =>
        (later.effect === "data" || (later.kind === "alter_column" && later.details.serverDefault === true)) &&
        (later.table === undefined || (table !== undefined && sameName(later.table, table))) &&
        (later.incomplete === true || columns.some((column) => later.columns.includes(column))),
    );

export const pythonDefaultOnColumn = defineRule({
  id: "python-default-on-column",
  group: "correctness",
  severity: "warning",
  recommended: true,
  reach: "file",
  summary: "An added column's `default=` does nothing in the database.",
  why: `SQLAlchemy fills \`default=\` in when Python inserts a row through that very column object. The rows that are there stay NULL, and so do rows that
the old release, a script or another service inserts: code that reads the column and expects the value meets None.`,
  instead: `Give the server the default: \`server_default=\`. From PostgreSQL 11 on a constant one fills the rows that are there without rewriting the table. Or fill the column
in a data migration of its own.`,
  allowed: [
    "Columns with a `server_default` as well, with `Identity` or `Computed`.",
    "Columns that the same direction fills with an UPDATE or gives a server default later.",
    "Tables that the revision creates: there are no rows to be missed.",
    "NOT NULL columns: adding one without a server default fails where rows exist, which is another finding.",
  ],
  sources: [
    "https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.Column.params.default",
    "https://docs.sqlalchemy.org/en/20/core/defaults.html#server-invoked-ddl-explicit-default-expressions",
  ],
  options: {},
  examples: [
    {
      title: "A flag",
      before: `op.add_column("users", sa.Column("is_active", sa.Boolean(), default=True))
`,
      after: [
        `op.add_column("users", sa.Column("is_active", sa.Boolean(), server_default=sa.true()))
`,
      ],
    },
  ],
  catches: [
    {
      title: "In a batch block",
      code: `with op.batch_alter_table("users") as batch:\n    batch.add_column(sa.Column("level", sa.Integer(), default=0))\n`,
    },
    {
      title: "A function",
      code: `op.add_column("users", sa.Column("created", sa.DateTime(), default=sa.func.now()))\n`,
    },
  ],
  passes: [
    {
      title: "A server default beside it",
      code: `op.add_column("users", sa.Column("level", sa.Integer(), default=0, server_default="0"))\n`,
    },
    {
      title: "A new table",
      code: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("level", sa.Integer(), default=0))\n`,
    },
    {
      title: "A column that is filled next",
      code: `op.add_column("users", sa.Column("level", sa.Integer(), default=0))\nop.execute("UPDATE users SET level = 0")\n`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { kind, table, details } = one.operation;
      const definition = details.definitions?.[0];
      if (kind !== "add_column" || !details.pythonDefault || !definition || table === undefined) continue;
      if (!one.isOnExistingTable || definition.hasServerDefault !== false || definition.generated) continue;
      if (definition.nullable !== true || isFilledLater(one)) continue;
      const found: PythonDefault = {
        ...at(one),
        column: `${renderName(table)}.${definition.name}`,
        given: details.pythonDefault,
      };
      yield found;
    }
  },
  message: ({ column }) =>
    `\`default=\` does nothing in the database: the rows that are there keep NULL in ${column}. Use \`server_default=\`.`,
  repair: {
    safety: "unsafe",
    title: () => "Make it a server default",
    edits: ({ given: { range, value, constant } }, { file }) => {
      if (constant === undefined || range.end > file.text.length) return undefined;
      return tryEdit(file, (edit) => {
        const literal = (): string =>
          typeof constant === "boolean"
            ? `${edit.addImport(`sqlalchemy.${String(constant)}`)}()`
            : `"${String(constant)}"`;
        edit.replace(range, `server_default=${typeof constant === "string" ? slice(file.text, value) : literal()}`);
      });
    },
  },
});
