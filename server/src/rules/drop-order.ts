import type { Judged } from "../facts/judged.ts";
import type { Schema, Table } from "../schema/state.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { renderName, type Dialect, type QualifiedName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Needed extends Found {
  readonly what: string;
  readonly by: readonly string[];
}

/** They refuse to drop what something else points at. SQLite and SQL Server's own views are more lenient. */
const refusing: readonly Dialect[] = ["postgresql", "mysql", "mariadb", "mssql", "oracle"];

const isSame = (a: QualifiedName, b: QualifiedName): boolean => keyOf(a) === keyOf(b);

/** Foreign keys of other tables that point at it, and at these of its columns. */
const foreignKeysTo = (schema: Schema, table: QualifiedName, columns?: readonly string[]): readonly string[] =>
  [...schema.related(table)]
    .filter((other) => other.doubt === undefined && !isSame(other.name, table))
    .flatMap((other) =>
      other.constraints
        .filter(({ references }) => references && isSame(references.table, table))
        .filter(({ references }) => columns === undefined || columns.some((one) => references?.columns.includes(one)))
        .map(({ name }) => `the foreign key ${name === undefined ? "" : `${name} `}of ${renderName(other.name)}`),
    );

const viewsOn = (schema: Schema, table: QualifiedName): readonly string[] =>
  [...schema.views]
    .filter(({ reads }) => reads?.some((one) => isSame(one, table)))
    .map(({ name }) => `the view ${renderName(name)}`);

const columnsOfType = (tables: Iterable<Table>, type: QualifiedName): readonly string[] =>
  [...tables]
    .filter(({ doubt }) => doubt === undefined)
    .flatMap(({ name, columns }) =>
      columns
        .filter((one) => one.type && isSame(one.type, type))
        .map((one) => `the column ${renderName(name)}.${one.name}`),
    );

function tableNeeded({ operation: { table }, schema }: Judged, dialect: Dialect): Omit<Needed, "at"> | undefined {
  if (!table || typeof schema.table(table) !== "object") return undefined;
  const views = dialect === "postgresql" ? viewsOn(schema, table) : [];
  return { what: `the table ${renderName(table)}`, by: [...foreignKeysTo(schema, table), ...views] };
}

function columnNeeded({ operation: { table, columns }, schema }: Judged): Omit<Needed, "at"> | undefined {
  if (!table || columns.length === 0) return undefined;
  const names = columns.map((column) => `${renderName(table)}.${column}`).join(", ");
  return { what: `the column ${names}`, by: foreignKeysTo(schema, table, columns) };
}

function constraintNeeded({ operation: { table, name }, schema }: Judged): Omit<Needed, "at"> | undefined {
  const found = table && schema.table(table);
  if (typeof found !== "object" || name === undefined) return undefined;
  const key = found.constraints.find(
    (one) => one.name === name && (one.type === "unique" || one.type === "primary_key"),
  );
  const columns = key?.columns;
  if (!columns || hasTwin(found, columns)) return undefined;
  const by = [...schema.related(found.name)].flatMap((other) =>
    other.doubt !== undefined || isSame(other.name, found.name)
      ? []
      : other.constraints.flatMap(({ references, name: own }) =>
          references && isSame(references.table, found.name) && references.columns.join("\0") === columns.join("\0")
            ? [`the foreign key ${own === undefined ? "" : `${own} `}of ${renderName(other.name)}`]
            : [],
        ),
  );
  return { what: `the constraint ${name} of ${renderName(found.name)}`, by };
}

/** With two keys over the same columns it is not known on which of them a foreign key rests. */
const hasTwin = ({ indexes }: Table, columns: readonly string[]): boolean =>
  indexes.filter(({ unique, keys }) => unique && keys?.map(({ column }) => column).join("\0") === columns.join("\0"))
    .length > 1;

function typeNeeded({ operation: { name, touches }, schema }: Judged): Omit<Needed, "at"> | undefined {
  const type = touches.find(({ how, on }) => how === "drop" && on.type === "type" && on.name.name === name)?.on.name;
  if (!type || typeof schema.enumType(type) !== "object") return undefined;
  return { what: `the type ${renderName(type)}`, by: columnsOfType(schema.tables, type) };
}

function needed(judged: Judged, dialect: Dialect): Omit<Needed, "at"> | undefined {
  switch (judged.operation.kind) {
    case "drop_table":
      return tableNeeded(judged, dialect);
    case "drop_column":
      return columnNeeded(judged);
    case "drop_constraint":
      return dialect === "postgresql" ? constraintNeeded(judged) : undefined;
    case "drop_type":
      return dialect === "postgresql" ? typeNeeded(judged) : undefined;
    default:
      return undefined;
  }
}

/** A type dropped with `checkfirst`, by a test of what exists, in a loop over who knows what: not for certain. */
const isCertain = ({ operation: { context } }: Judged): boolean =>
  context.every(({ kind }) => kind !== "try" && kind !== "loop") &&
  context.every((one) => one.kind !== "branch" || one.on === "dialect" || one.on === "offline");

const list = (items: readonly string[]): string =>
  items.length <= 2 ? items.join(" and ") : `${items.slice(0, 2).join(", ")} and ${items.length - 2} more`;

export const dropOrder = defineRule({
  id: "drop-order",
  group: "correctness",
  severity: "error",
  recommended: true,
  dialects: refusing,
  summary: "Something is dropped while something else still needs it.",
  why: `The server refuses to drop what a foreign key, a view or a column still points at, and the migration stops there. In downgrades it
is the usual mistake: what was made first must go last.`,
  instead: `Drop what depends on it before: the order of a downgrade is that of the upgrade turned around.`,
  allowed: [
    "CASCADE, which takes along what depends on it.",
    "What depends on it is not known for certain: a table made elsewhere, or touched by what could not be read.",
    "SQLite, which does not look.",
  ],
  sources: ["https://www.postgresql.org/docs/current/ddl-depend.html"],
  options: {},
  examples: [
    {
      title: "A downgrade in the order of the upgrade",
      before: `def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table("orders", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))


def downgrade():
    op.drop_table("users")
    op.drop_table("orders")
`,
      after: [
        `def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table("orders", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))


def downgrade():
    op.drop_table("orders")
    op.drop_table("users")
`,
      ],
    },
  ],
  catches: [
    {
      title: "A type that a column still has",
      code: `op.execute("CREATE TYPE mood AS ENUM ('sad', 'glad')")
op.execute("CREATE TABLE users (id integer, mood mood)")
op.execute("DROP TYPE mood")
`,
    },
    {
      title: "A key that a foreign key rests on",
      code: `op.execute("CREATE TABLE users (id integer, CONSTRAINT uq_users UNIQUE (id))")
op.execute("CREATE TABLE orders (user_id integer REFERENCES users (id))")
op.drop_constraint("uq_users", "users")
`,
    },
    {
      title: "A table that a view reads",
      code: `op.execute("CREATE TABLE users (id integer)")
op.execute("CREATE VIEW people AS SELECT id FROM users")
op.drop_table("users")
`,
    },
  ],
  passes: [
    {
      title: "CASCADE",
      code: `op.execute("CREATE TABLE users (id integer PRIMARY KEY)")
op.execute("CREATE TABLE orders (user_id integer REFERENCES users (id))")
op.execute("DROP TABLE users CASCADE")
`,
    },
    {
      title: "A foreign key of the table to itself",
      code: `op.execute("CREATE TABLE users (id integer PRIMARY KEY, boss integer REFERENCES users (id))")
op.drop_table("users")
`,
    },
    {
      title: "A foreign key that goes first",
      code: `op.execute("CREATE TABLE users (id integer PRIMARY KEY)")
op.execute("CREATE TABLE orders (user_id integer CONSTRAINT fk REFERENCES users (id))")
op.drop_constraint("fk", "orders")
op.drop_table("users")
`,
    },
    {
      title: "Both in one statement",
      code: `op.execute("CREATE TABLE users (id integer PRIMARY KEY)")
op.execute("CREATE TABLE orders (user_id integer REFERENCES users (id))")
op.execute("DROP TABLE users, orders")
`,
    },
  ],
  *detect({ judged, project }) {
    for (const one of judged) {
      if (!one.isUnderstood || one.operation.details.cascade || !isCertain(one)) continue;
      const found = needed(one, project.config.dialect);
      const own = judged.filter(({ operation }) => operation.range.start === one.operation.range.start);
      if (!found || found.by.length === 0 || own.length > 1) continue;
      yield { ...at(one), ...found } satisfies Needed;
    }
  },
  message: ({ what, by }) =>
    `The server refuses to drop ${what}: ${list(by)} still need${by.length === 1 ? "s" : ""} it.`,
});
