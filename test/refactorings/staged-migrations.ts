/** Migrations of the kinds that are staged, over generated tables with generated rows. */
import fc from "fast-check";

export interface GeneratedMigration {
  readonly refactoring: string;
  /** SQL of the table, and of its rows: some NULL, some with quotes and other alphabets, or none at all. */
  readonly table: string;
  readonly rows: string;
  readonly upgrade: string;
  readonly downgrade: string;
}

const quoted = (name: string): string => `"${name}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

interface Kind {
  readonly type: string;
  /** As SQLAlchemy says it. */
  readonly written: string;
  readonly value: fc.Arbitrary<string>;
  readonly fallback: string;
}

const text = fc.string({ unit: "grapheme", maxLength: 12 }).map((value) => literal(value.replaceAll("\0", "")));
const short = fc.string({ unit: "grapheme-ascii", maxLength: 12 }).map(literal);
const whole = fc.integer({ min: -32_000, max: 32_000 }).map(String);
const day = fc
  .date({ min: new Date(0), max: new Date(2e12), noInvalidDate: true })
  .map((at) => literal(at.toISOString().slice(0, 10)));

const kinds = {
  integer: { type: "integer", written: "sa.Integer()", value: whole, fallback: "7" },
  bigint: { type: "bigint", written: "sa.BigInteger()", value: whole, fallback: "-7" },
  text: { type: "text", written: "sa.Text()", value: text, fallback: "'it''s \"x\"'" },
  varchar: { type: "varchar(40)", written: "sa.String(40)", value: short, fallback: "''" },
  numeric: { type: "numeric(9, 2)", written: "sa.Numeric(9, 2)", value: whole.map((n) => `${n}.25`), fallback: "0" },
  date: { type: "date", written: "sa.Date()", value: day, fallback: "'2020-02-29'" },
  timestamp: { type: "timestamp", written: "sa.DateTime()", value: day, fallback: "'2020-02-29 12:00'" },
  uuid: { type: "uuid", written: "sa.UUID()", value: fc.uuid().map(literal), fallback: "gen_random_uuid()" },
  boolean: { type: "boolean", written: "sa.Boolean()", value: fc.constantFrom("true", "false"), fallback: "true" },
} as const satisfies Record<string, Kind>;

/** From one type to another and back, by an assignment or by an expression. */
const conversions: readonly {
  readonly from: Kind;
  readonly to: Kind;
  readonly using?: string;
  readonly back?: string;
}[] = [
  { from: kinds.integer, to: kinds.bigint },
  { from: kinds.numeric, to: kinds.integer },
  { from: kinds.date, to: kinds.timestamp },
  { from: kinds.integer, to: kinds.text, back: "@::integer" },
  { from: kinds.text, to: kinds.integer, using: "length(@)", back: "repeat('x', @)" },
  { from: kinds.boolean, to: kinds.integer, using: "CASE WHEN @ THEN 1 ELSE 0 END", back: "@ > 0" },
];

const tables = fc.constantFrom("t", "Order Lines", "größe");
const columns = fc.constantFrom("c", "Some Column", "naïve");

const keys = fc.constantFrom(
  { definition: `id integer PRIMARY KEY`, names: ["id"], values: (n: number) => [String(n)] },
  { definition: `id uuid PRIMARY KEY`, names: ["id"], values: (n: number) => [`md5('${n}')::uuid`] },
  {
    definition: `"a" text NOT NULL, "N" integer NOT NULL, PRIMARY KEY ("N", "a")`,
    names: ["a", "N"],
    values: (n: number) => [literal(`é'${n}`), String(n % 3)],
  },
);

interface Drawn {
  readonly table: string;
  readonly column: string;
  readonly sql: string;
  readonly rows: string;
  readonly kind: Kind;
  readonly isRequired: boolean;
  readonly hasDefault: boolean;
}

const drawn = (kind: fc.Arbitrary<Kind>): fc.Arbitrary<Drawn> =>
  fc
    .record({
      table: tables,
      column: columns,
      key: keys,
      kind,
      isRequired: fc.boolean(),
      hasDefault: fc.boolean(),
      isEmpty: fc.boolean(),
    })
    .chain(({ table, column, key, kind, isRequired, hasDefault, isEmpty }) => {
      const { value } = kind;
      const one = isRequired ? value : fc.oneof(value, fc.constant("NULL"));
      return fc.array(fc.tuple(one, text), { minLength: isEmpty ? 0 : 1, maxLength: isEmpty ? 0 : 12 }).map((rows) => ({
        table,
        column,
        kind,
        isRequired,
        hasDefault,
        sql: `CREATE TABLE ${quoted(table)} (${key.definition}, ${quoted(column)} ${kind.type}${isRequired ? " NOT NULL" : ""}${hasDefault ? ` DEFAULT ${kind.fallback}` : ""}, other text)`,
        rows: rows
          .map(
            ([own, other], n) =>
              `INSERT INTO ${quoted(table)} (${[...key.names, column, "other"].map(quoted).join(", ")}) VALUES (${[...key.values(n), own, other].join(", ")})`,
          )
          .join(";\n"),
      }));
    });

const anyKind = fc.constantFrom<Kind>(...Object.values(kinds));

const renames = drawn(anyKind).map(({ table, column, sql, rows }): GeneratedMigration => ({
  refactoring: "stage-column-rename",
  table: sql,
  rows,
  upgrade: `op.alter_column("${table}", "${column}", new_column_name="new name")`,
  downgrade: `op.alter_column("${table}", "new name", new_column_name="${column}")`,
}));

const retypes = fc.constantFrom(...conversions).chain(({ from, to, using, back }) =>
  drawn(fc.constant(from)).map(({ table, column, sql, rows, hasDefault, kind }): GeneratedMigration => {
    const expression = (given: string | undefined): string =>
      given === undefined ? "" : `, postgresql_using=${JSON.stringify(given.replaceAll("@", quoted(column)))}`;
    const alter = (type: Kind, given: string | undefined): string =>
      `op.alter_column("${table}", "${column}", type_=${type.written}${expression(given)})`;
    // A default of the one type is none of the other.
    const set = (value: string): string => `op.alter_column("${table}", "${column}", server_default=${value})`;
    return {
      refactoring: "stage-type-change",
      table: sql,
      rows,
      upgrade: [...(hasDefault ? [set("None")] : []), alter(to, using)].join("\n"),
      downgrade: [alter(from, back), ...(hasDefault ? [set(`sa.text(${JSON.stringify(kind.fallback)})`)] : [])].join(
        "\n",
      ),
    };
  }),
);

const parkedColumns = drawn(anyKind).map(
  ({ table, column, sql, rows, kind, isRequired, hasDefault }): GeneratedMigration => {
    const fills = hasDefault || isRequired ? `, server_default=sa.text(${JSON.stringify(kind.fallback)})` : "";
    return {
      refactoring: "park-dropped-column",
      table: sql,
      rows,
      upgrade: `op.drop_column("${table}", "${column}")`,
      downgrade: `op.add_column("${table}", sa.Column("${column}", ${kind.written}, nullable=${isRequired ? "False" : "True"}${fills}))`,
    };
  },
);

const parkedTables = drawn(anyKind).map(({ table, sql, rows }): GeneratedMigration => ({
  refactoring: "park-dropped-table",
  table: sql,
  rows,
  upgrade: `op.drop_table("${table}")`,
  downgrade: `op.execute(${JSON.stringify(sql)})`,
}));

/** No defaults that are other at each call, which no two databases have alike. */
export const generatedMigrations: fc.Arbitrary<GeneratedMigration> = fc
  .oneof(renames, retypes, parkedColumns, parkedTables)
  .filter(
    ({ upgrade, downgrade, refactoring }) =>
      refactoring !== "park-dropped-column" || !(upgrade + downgrade).includes("gen_random_uuid"),
  );
