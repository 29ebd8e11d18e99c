import { renderName } from "../sql/action.ts";
import type { IndexDefinition, IndexKey } from "../sql/definition.ts";
import type { Table } from "../schema/state.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Redundant extends Found {
  readonly table: string;
  readonly columns: readonly string[];
  readonly other: string;
}

const isPlain = ({ column, descending, nulls, operatorClass, collation }: IndexKey): boolean =>
  column !== undefined && !descending && nulls === undefined && operatorClass === undefined && collation === undefined;

/** The columns of an index that is nothing but a list of columns. */
function plainColumns({
  keys,
  method,
  where,
  include,
}: Pick<IndexDefinition, "keys" | "method" | "where" | "include">): readonly string[] | undefined {
  if (keys === undefined || method !== "btree" || where || include || !keys.every(isPlain)) return undefined;
  return keys.flatMap(({ column }) => column ?? []);
}

const startsWith = (long: readonly string[], short: readonly string[]): boolean =>
  short.length > 0 && short.length <= long.length && short.every((column, index) => long[index] === column);

/** The name of what serves these columns already. */
function servingIndex({ indexes }: Table, columns: readonly string[]): string | undefined {
  return indexes.find((index) => {
    const known = plainColumns(index);
    return known !== undefined && startsWith(known, columns);
  })?.name;
}

export const redundantIndex = defineRule({
  id: "redundant-index",
  group: "correctness",
  severity: "information",
  recommended: false,
  dialects: ["postgresql"],
  summary: "A new index has the columns that another one begins with.",
  why: `Whatever the new index can find, the other finds as well. Both are written at each INSERT, kept in memory and vacuumed.`,
  instead: `Leave it out. Where the new one is the better of the two, drop the other in the same change.`,
  allowed: [
    "Unique indexes: they say something about the rows.",
    "Indexes with a condition, an expression, an order, an operator class, INCLUDE or another method than btree.",
    "Tables of which something is not known.",
  ],
  sources: ["https://www.postgresql.org/docs/current/indexes-multicolumn.html"],
  options: {},
  examples: [
    {
      title: "A key that is indexed already",
      before: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.create_index("ix_users_id", "users", ["id"])
`,
      after: [
        `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
op.create_index("ix_users_email", "users", ["email"])
`,
      ],
    },
  ],
  catches: [
    {
      title: "The first column of an older index",
      code: `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (a integer, b integer)")\nop.create_index("ix_t_a_b", "t", ["a", "b"])\n-- versions/0002_b.py --\nop.create_index("ix_t_a", "t", ["a"])\n`,
    },
    {
      title: "The columns of a unique constraint",
      code: `op.execute("CREATE TABLE t (a integer UNIQUE)")\nop.create_index("ix_t_a", "t", ["a"])\n`,
    },
  ],
  passes: [
    {
      title: "The second column of an index",
      code: `op.execute("CREATE TABLE t (a integer, b integer)")\nop.create_index("ix_t_a_b", "t", ["a", "b"])\nop.create_index("ix_t_b", "t", ["b"])\n`,
    },
    {
      title: "A condition",
      code: `op.execute("CREATE TABLE t (a integer UNIQUE, b boolean)")\nop.execute("CREATE INDEX ix_t_a ON t (a) WHERE b")\n`,
    },
    { title: "A table that is not known", code: `op.create_index("ix_t_a", "t", ["a"])\n` },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { kind, table, details } = one.operation;
      if (one.direction.name !== "upgrade" || kind !== "create_index" || table === undefined) continue;
      const found = one.schema.table(table);
      const [index] = details.indexes ?? [];
      if (typeof found === "string" || found.doubt !== undefined || !index || index.unique) continue;
      const columns = plainColumns(index);
      const other = columns && servingIndex(found, columns);
      if (columns === undefined || other === undefined || other === index.name) continue;
      const redundant: Redundant = { ...at(one), table: renderName(table), columns, other };
      yield redundant;
    }
  },
  message: ({ table, columns, other }) =>
    `${other} of ${table} begins with ${columns.join(", ")} already: this index finds nothing that it does not.`,
});
