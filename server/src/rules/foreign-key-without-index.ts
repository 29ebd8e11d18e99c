import { tableAtHeads } from "../facts/lasting.ts";
import { renderName } from "../sql/action.ts";
import type { Table } from "../schema/state.ts";
import { constraintsOf } from "./added-constraints.ts";
import { at, defineRule } from "./define.ts";

/** Whether some index starts with one of the columns, by which rows are found. Where an index is not known, it may. */
function isCovered({ indexes, constraints }: Table, columns: readonly string[]): boolean {
  const starts = (keys: readonly (string | undefined)[] | undefined): boolean =>
    keys === undefined || (keys[0] !== undefined && columns.includes(keys[0]));
  return (
    indexes.some((index) => starts(index.keys?.map(({ column }) => column))) ||
    constraints.some((one) => (one.type === "primary_key" || one.type === "unique") && starts(one.columns))
  );
}

const isThere = ({ constraints }: Table, columns: readonly string[]): boolean =>
  constraints.some(({ type, columns: own }) => type === "foreign_key" && own?.join() === columns.join());

export const foreignKeyWithoutIndex = defineRule({
  id: "foreign-key-without-index",
  group: "locking",
  severity: "information",
  recommended: true,
  dialects: ["postgresql"],
  summary: "The columns of a foreign key have no index.",
  why: `PostgreSQL makes no index for a foreign key. Whenever a row of the other table is deleted, or its key changes, the server looks for rows that point at it, and without an index it reads the whole table each
time. Joins along the foreign key do so as well.`,
  instead: `Build an index on the columns, concurrently where the table is in use.`,
  allowed: [
    "Columns that a later revision indexes, and foreign keys that a later revision drops: what counts is what the whole history leads to.",
    "Columns with one of which a primary key, a unique constraint or an index starts.",
    "Tables that are not known to the last index.",
  ],
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  options: {},
  examples: [
    {
      title: "A column that points at another table",
      before: `op.create_table(
    "orders",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")),
)
`,
      after: [
        `op.create_table(
    "orders",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), index=True),
)
`,
      ],
    },
  ],
  catches: [
    {
      title: "Two columns, and an index on neither",
      code: `op.create_table("orders", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()), sa.ForeignKeyConstraint(["a", "b"], ["t.a", "t.b"]))
`,
    },
    {
      title: "An index in which the column comes last",
      code: `op.create_table("orders", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer(), sa.ForeignKey("t.id")))
op.create_index("ix_orders_a_b", "orders", ["a", "b"])
`,
    },
  ],
  passes: [
    {
      title: "An index of a later revision",
      code: `-- versions/0001_orders.py --
op.create_table("orders", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))
-- versions/0002_index.py --
op.create_index("ix_orders_user", "orders", ["user_id"])
`,
    },
    {
      title: "A primary key that starts with the column",
      code: `op.create_table("members", sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id"), primary_key=True), sa.Column("user_id", sa.Integer(), primary_key=True))
`,
    },
    {
      title: "A foreign key that is dropped later",
      code: `-- versions/0001_orders.py --
op.create_table("orders", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))
-- versions/0002_drop.py --
op.drop_column("orders", "user_id")
`,
    },
    {
      title: "A table of which not all is known",
      code: `op.execute("ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id)")\n`,
    },
  ],
  *detect({ judged, project }) {
    for (const one of judged) {
      const { table, effect } = one.operation;
      if (one.direction.name !== "upgrade" || effect !== "schema" || table === undefined || !one.isUnderstood) continue;
      const keys = (one.operation.details.constraints ?? constraintsOf(one)).filter(
        ({ type, columns }) => type === "foreign_key" && columns !== undefined && columns.length > 0,
      );
      if (keys.length === 0) continue;
      const found = tableAtHeads(project, table);
      if (typeof found !== "object" || found.doubt !== undefined || found.kind === "foreign") continue;
      const bare = keys.flatMap(({ columns = [] }) =>
        isThere(found, columns) && !isCovered(found, columns)
          ? [columns.length === 1 ? columns.join() : `one of ${columns.join(", ")}`]
          : [],
      );
      if (bare.length > 0) yield { ...at(one), table, bare };
    }
  },
  message: ({ table, bare }) =>
    `No index of ${renderName(table)} starts with ${bare.join(", nor with ")}: each DELETE in the table that the foreign key points at reads all of ${renderName(table)}.`,
});
