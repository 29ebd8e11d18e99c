/** Random histories: operations that fit the schema so far, as directives of Alembic and as SQL. */
import fc from "fast-check";
import type { Column, Table } from "../../server/src/schema/state.ts";
import type { KnownSchema } from "../../server/src/schema/replay/schema.ts";

/** Numbers to choose by: the same ones give the same history. */
export interface Choices {
  /** One of the list. */
  of<T>(some: readonly T[]): T | undefined;
  /** True once in `n` times. */
  oneIn(n: number): boolean;
  count(least: number, most: number): number;
}

export const choicesFrom = (numbers: readonly number[]): Choices => {
  let at = 0;
  const next = (): number => numbers[at++ % numbers.length] ?? 0;
  return {
    of: (some) => some[next() % Math.max(1, some.length)],
    oneIn: (n) => next() % n === 0,
    count: (least, most) => least + (next() % (most - least + 1)),
  };
};

export const numbers = fc.array(fc.nat({ max: 0xffff }), { minLength: 40, maxLength: 200 });

/** A type in SQLAlchemy, in SQL, and a default that it takes. */
interface Type {
  readonly python: string;
  readonly sql: string;
  readonly value: string;
}

const types: readonly Type[] = [
  { python: "sa.Integer()", sql: "integer", value: "7" },
  { python: "sa.BigInteger()", sql: "int8", value: "0" },
  { python: "sa.SmallInteger()", sql: "smallint", value: "1" },
  { python: "sa.String(20)", sql: "varchar(20)", value: "'it''s'" },
  { python: "sa.String()", sql: "character varying", value: "''" },
  { python: "sa.Text()", sql: "text", value: "'x'" },
  { python: "sa.Numeric(10, 2)", sql: "decimal(10, 2)", value: "1.5" },
  { python: "sa.Float()", sql: "float8", value: "0" },
  { python: "sa.Boolean()", sql: "bool", value: "false" },
  { python: "sa.DateTime(timezone=True)", sql: "timestamptz", value: "now()" },
  { python: "sa.DateTime()", sql: "timestamp(3)", value: "CURRENT_TIMESTAMP" },
  { python: "sa.Date()", sql: "date", value: "CURRENT_DATE" },
  { python: "sa.Uuid()", sql: "uuid", value: "gen_random_uuid()" },
  { python: "sa.JSON()", sql: "json", value: "'{}'" },
  { python: "postgresql.JSONB()", sql: "jsonb", value: "'[]'" },
  { python: "postgresql.ARRAY(sa.Text())", sql: "text[]", value: "'{}'" },
  { python: "sa.LargeBinary()", sql: "bytea", value: "'\\x00'" },
  { python: "sa.Interval()", sql: "interval", value: "'1 day'" },
];

const tableNames = ["users", "orders", "Items", "order", "a_rather_long_name_for_a_table_of_things_that_go_on_and_on"];
const columnNames = [
  "id",
  "name",
  "Kind",
  "user",
  "amount",
  "note",
  "a_rather_long_name_for_a_column_of_things_that_go",
];

const py = (text: string): string => JSON.stringify(text);
const sq = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const execute = (sql: string): string => `op.execute(${py(sql)})`;

const tablesOf = (schema: KnownSchema): readonly Table[] => [...schema.tables];
const ownIndexes = (table: Table): readonly string[] =>
  table.indexes.flatMap(({ name, ofConstraint }) => (name === undefined || ofConstraint !== undefined ? [] : [name]));
const integers = new Set(["integer", "bigint", "smallint"]);
const isInteger = ({ type }: Column): boolean => type !== undefined && type.dimensions === 0 && integers.has(type.name);

/** One statement of Python, or undefined where the choice does not fit the schema. */
export type Make = (choose: Choices, schema: KnownSchema) => string | undefined;

function column(choose: Choices, name: string): string {
  const type = choose.of(types);
  if (!type) return "";
  const parts = [py(name), type.python];
  if (choose.oneIn(3)) parts.push("nullable=False", `server_default=sa.text(${py(type.value)})`);
  else if (choose.oneIn(3)) parts.push(`server_default=sa.text(${py(type.value)})`);
  const isPlain = !/JSON|ARRAY/.test(type.python);
  if (isPlain && choose.oneIn(5)) parts.push("unique=True");
  if (isPlain && choose.oneIn(5)) parts.push("index=True");
  if (choose.oneIn(6)) parts.push('comment="it\'s"');
  return `sa.Column(${parts.join(", ")})`;
}

const some = (choose: Choices, names: readonly string[], most: number): string[] => {
  const start = choose.count(0, names.length - 1);
  const rotated = [...names.slice(start), ...names.slice(0, start)];
  return rotated.slice(0, choose.count(1, Math.min(most, names.length)));
};

const createTable: Make = (choose, schema) => {
  const name = choose.of(tableNames.filter((one) => schema.table({ name: one }) === "absent"));
  if (name === undefined) return undefined;
  const key = choose.of([
    'sa.Column("id", sa.Integer(), primary_key=True)',
    'sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True)',
    'sa.Column("id", sa.Uuid(), nullable=False), sa.PrimaryKeyConstraint("id")',
    'sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id", name="pk_given")',
    'sa.Column("id", sa.Integer())',
  ]);
  const others = some(choose, columnNames.slice(1), 3).map((one) => column(choose, one));
  const extra = choose.oneIn(3) ? [`sa.CheckConstraint("id > 0"${choose.oneIn(2) ? ', name="ck_id"' : ""})`] : [];
  const isSafe = !key?.includes("Uuid");
  return `op.create_table(${[py(name), key, ...others, ...(isSafe ? extra : [])].join(", ")})`;
};

const createTableSql: Make = (choose, schema) => {
  const name = choose.of(tableNames.filter((one) => schema.table({ name: one }) === "absent"));
  if (name === undefined) return undefined;
  const columns = some(choose, columnNames.slice(1), 3).map((one) => {
    const type = choose.of(types);
    const isPlain = !/json|\[\]/.test(type?.sql ?? "");
    return [
      sq(one),
      type?.sql,
      choose.oneIn(3) ? `DEFAULT ${type?.value ?? ""}` : "",
      choose.oneIn(3) ? "NOT NULL" : "",
      isPlain && choose.oneIn(4) ? "UNIQUE" : "",
    ].join(" ");
  });
  const key = choose.of([
    "id serial PRIMARY KEY",
    "id bigserial PRIMARY KEY",
    "id int GENERATED BY DEFAULT AS IDENTITY",
    "id int CHECK (id > 0)",
  ]);
  return execute(`CREATE TABLE ${sq(name)} (${[key, ...columns].join(", ")})`);
};

const addColumn: Make = (choose, schema) => {
  const table = choose.of(tablesOf(schema));
  const name = table && choose.of(columnNames.filter((one) => !table.columns.some((known) => known.name === one)));
  if (!table || name === undefined) return undefined;
  if (choose.oneIn(2)) return `op.add_column(${py(table.name.name)}, ${column(choose, name)})`;
  const type = choose.of(types);
  return execute(`ALTER TABLE ${sq(table.name.name)} ADD ${sq(name)} ${type?.sql ?? ""} DEFAULT ${type?.value ?? ""}`);
};

/** A table with one of its columns. */
function anyColumn(choose: Choices, schema: KnownSchema): readonly [Table, Column] | undefined {
  const table = choose.of(tablesOf(schema));
  const found = table && choose.of(table.columns);
  return table && found ? [table, found] : undefined;
}

const onColumn =
  (make: (table: Table, column: Column, choose: Choices) => string | undefined): Make =>
  (choose, schema) => {
    const found = anyColumn(choose, schema);
    return found && make(found[0], found[1], choose);
  };

const dropColumn = onColumn((table, { name }, choose) =>
  choose.oneIn(2)
    ? `op.drop_column(${py(table.name.name)}, ${py(name)})`
    : execute(`ALTER TABLE ${sq(table.name.name)} DROP COLUMN ${sq(name)} CASCADE`),
);

const alterNull = onColumn((table, { name, nullable }, choose) =>
  choose.oneIn(2)
    ? `op.alter_column(${py(table.name.name)}, ${py(name)}, nullable=${nullable === false ? "True" : "False"})`
    : execute(`ALTER TABLE ${sq(table.name.name)} ALTER ${sq(name)} ${nullable === false ? "DROP" : "SET"} NOT NULL`),
);

const alterType = onColumn((table, found, choose) => {
  const { name, type } = found;
  const to = isInteger(found)
    ? choose.of(["sa.BigInteger()", "sa.Numeric(12, 0)"])
    : type?.name === "character varying"
      ? choose.of(["sa.Text()", "sa.String(200)"])
      : undefined;
  return to && `op.alter_column(${py(table.name.name)}, ${py(name)}, type_=${to})`;
});

const alterDefault = onColumn((table, { name, default: given, serial, identity, computed }) =>
  serial || identity || computed
    ? undefined
    : given
      ? `op.alter_column(${py(table.name.name)}, ${py(name)}, server_default=None)`
      : execute(`ALTER TABLE ${sq(table.name.name)} ALTER ${sq(name)} SET DEFAULT NULL`),
);

const comment = onColumn((table, { name }, choose) =>
  execute(`COMMENT ON COLUMN ${sq(table.name.name)}.${sq(name)} IS ${choose.oneIn(2) ? "NULL" : "'said'"}`),
);

const renameColumn: Make = (choose, schema) => {
  const found = anyColumn(choose, schema);
  if (!found) return undefined;
  const [table, { name }] = found;
  const to = choose.of(columnNames.filter((one) => !table.columns.some((known) => known.name === one)));
  if (to === undefined) return undefined;
  return choose.oneIn(2)
    ? `op.alter_column(${py(table.name.name)}, ${py(name)}, new_column_name=${py(to)})`
    : execute(`ALTER TABLE ${sq(table.name.name)} RENAME ${sq(name)} TO ${sq(to)}`);
};

const renameTable: Make = (choose, schema) => {
  const table = choose.of(tablesOf(schema));
  const to = choose.of(tableNames.filter((one) => schema.table({ name: one }) === "absent"));
  return table && to && `op.rename_table(${py(table.name.name)}, ${py(to)})`;
};

const dropTable: Make = (choose, schema) => {
  const table = choose.of(tablesOf(schema));
  if (!table) return undefined;
  return choose.oneIn(2)
    ? `op.drop_table(${py(table.name.name)})`
    : execute(`DROP TABLE ${sq(table.name.name)} CASCADE`);
};

const createIndex = onColumn((table, { name, type }, choose) => {
  const own = table.name.name;
  const isText = type?.name === "text" && type.dimensions === 0;
  switch (choose.count(0, 4)) {
    case 0:
      return `op.create_index(${py(`ix_${own}_${name}`.slice(0, 60))}, ${py(own)}, [${py(name)}], unique=${choose.oneIn(2) ? "True" : "False"})`;
    case 1:
      return execute(`CREATE INDEX ON ${sq(own)} (${sq(name)} DESC NULLS LAST)`);
    case 2:
      return execute(`CREATE INDEX ix_where ON ${sq(own)} (${sq(name)}) WHERE ${sq(name)} IS NOT NULL`);
    case 3:
      return isText ? `op.create_index("ix_lower", ${py(own)}, [sa.text(${py(`lower(${sq(name)})`)})])` : undefined;
    default:
      return `op.create_index(op.f(${py(`ix_${own}_${name}`.slice(0, 55))}), ${py(own)}, [${py(name)}], postgresql_using="hash")`;
  }
});

const dropIndex: Make = (choose, schema) => {
  const table = choose.of(tablesOf(schema));
  const name = table && choose.of(ownIndexes(table));
  if (!table || name === undefined) return undefined;
  return choose.oneIn(2)
    ? `op.drop_index(${py(name)}, table_name=${py(table.name.name)})`
    : execute(`DROP INDEX ${sq(name)}`);
};

const renameIndex: Make = (choose, schema) => {
  const table = choose.of(tablesOf(schema));
  const name = table && choose.of(table.indexes.flatMap((index) => index.name ?? []));
  return name === undefined ? undefined : execute(`ALTER INDEX ${sq(name)} RENAME TO "Renamed ${name.slice(0, 20)}"`);
};

const unique = onColumn((table, { name }, choose) =>
  choose.oneIn(2)
    ? `op.create_unique_constraint(${choose.oneIn(2) ? "None" : py("uq_given")}, ${py(table.name.name)}, [${py(name)}])`
    : execute(`ALTER TABLE ${sq(table.name.name)} ADD UNIQUE (${sq(name)})`),
);

const check = onColumn((table, found, choose) => {
  if (!isInteger(found)) return undefined;
  const condition = `${sq(found.name)} > 0`;
  return choose.oneIn(2)
    ? `op.create_check_constraint("ck_given", ${py(table.name.name)}, ${py(condition)})`
    : execute(`ALTER TABLE ${sq(table.name.name)} ADD CHECK (${condition})${choose.oneIn(2) ? " NOT VALID" : ""}`);
});

const foreignKey: Make = (choose, schema) => {
  const targets = tablesOf(schema).filter((table) =>
    table.constraints.some(({ type, columns }) => type === "primary_key" && columns?.length === 1),
  );
  const target = choose.of(targets);
  const key = target?.constraints.find(({ type }) => type === "primary_key")?.columns?.[0];
  const found = anyColumn(choose, schema);
  if (!target || key === undefined || !found) return undefined;
  const [table, { name }] = found;
  return choose.oneIn(2)
    ? `op.create_foreign_key(${choose.oneIn(2) ? "None" : py("fk_given")}, ${py(table.name.name)}, ${py(target.name.name)}, [${py(name)}], [${py(key)}], ondelete="CASCADE")`
    : execute(`ALTER TABLE ${sq(table.name.name)} ADD FOREIGN KEY (${sq(name)}) REFERENCES ${sq(target.name.name)}`);
};

const anyConstraint = (choose: Choices, schema: KnownSchema): readonly [Table, string] | undefined => {
  const table = choose.of(tablesOf(schema));
  const name = table && choose.of(table.constraints.flatMap((constraint) => constraint.name ?? []));
  return table && name !== undefined ? [table, name] : undefined;
};

const onConstraint =
  (make: (table: string, name: string, choose: Choices) => string): Make =>
  (choose, schema) => {
    const found = anyConstraint(choose, schema);
    return found && make(found[0].name.name, found[1], choose);
  };

const dropConstraint = onConstraint((table, name, choose) =>
  choose.oneIn(2)
    ? `op.drop_constraint(${py(name)}, ${py(table)})`
    : execute(`ALTER TABLE ${sq(table)} DROP CONSTRAINT ${sq(name)} CASCADE`),
);

const renameConstraint = onConstraint((table, name) =>
  execute(`ALTER TABLE ${sq(table)} RENAME CONSTRAINT ${sq(name)} TO "Renamed ${name.slice(0, 20)}"`),
);

const validate = onConstraint((table, name) => execute(`ALTER TABLE ${sq(table)} VALIDATE CONSTRAINT ${sq(name)}`));

const enumType: Make = (choose, schema) => {
  const known = [...schema.enumTypes];
  const type = choose.of(known);
  if (!type || choose.oneIn(3))
    return choose.oneIn(2)
      ? execute(`CREATE TYPE mood${String(known.length)} AS ENUM ('sad', 'happy')`)
      : `sa.Enum("red", "it's", name="colour${String(known.length)}").create(op.get_bind())`;
  const [first = ""] = type.values ?? [];
  const quoted = `'${first.replaceAll("'", "''")}'`;
  const name = type.name.name;
  return choose.of([
    execute(`ALTER TYPE ${name} ADD VALUE 'v${String(type.values?.length ?? 0)}' BEFORE ${quoted}`),
    execute(`ALTER TYPE ${name} ADD VALUE 'w${String(type.values?.length ?? 0)}'`),
    execute(`ALTER TYPE ${name} RENAME VALUE ${quoted} TO 'r${String(type.values?.length ?? 0)}'`),
    execute(`ALTER TYPE ${name} RENAME TO ${name}_x`),
    execute(`DROP TYPE ${name} CASCADE`),
  ]);
};

const enumColumn: Make = (choose, schema) => {
  const type = choose.of([...schema.enumTypes]);
  const table = choose.of(tablesOf(schema));
  if (!type?.values || !table || table.columns.some(({ name }) => name === "state")) return undefined;
  return execute(`ALTER TABLE ${sq(table.name.name)} ADD state ${type.name.name}`);
};

/** The commoner ones more than once. */
export const makers: readonly Make[] = [
  createTable,
  createTable,
  createTableSql,
  createTableSql,
  addColumn,
  addColumn,
  dropColumn,
  alterNull,
  alterType,
  alterDefault,
  comment,
  renameColumn,
  renameTable,
  dropTable,
  createIndex,
  createIndex,
  dropIndex,
  renameIndex,
  unique,
  check,
  foreignKey,
  foreignKey,
  dropConstraint,
  renameConstraint,
  validate,
  enumType,
  enumColumn,
];
