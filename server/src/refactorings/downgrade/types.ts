/** PostgreSQL's types as SQLAlchemy's constructs. */
import type { ColumnType } from "../../sql/definition.ts";
import type { Code } from "./code.ts";

const plain: Readonly<Record<string, string>> = {
  integer: "sqlalchemy.Integer",
  bigint: "sqlalchemy.BigInteger",
  smallint: "sqlalchemy.SmallInteger",
  text: "sqlalchemy.Text",
  boolean: "sqlalchemy.Boolean",
  date: "sqlalchemy.Date",
  "double precision": "sqlalchemy.Float",
  real: "sqlalchemy.REAL",
  bytea: "sqlalchemy.LargeBinary",
  uuid: "sqlalchemy.dialects.postgresql.UUID",
  json: "sqlalchemy.dialects.postgresql.JSON",
  jsonb: "sqlalchemy.dialects.postgresql.JSONB",
  inet: "sqlalchemy.dialects.postgresql.INET",
  cidr: "sqlalchemy.dialects.postgresql.CIDR",
  macaddr: "sqlalchemy.dialects.postgresql.MACADDR",
  tsvector: "sqlalchemy.dialects.postgresql.TSVECTOR",
  interval: "sqlalchemy.Interval",
};

const sized: Readonly<Record<string, string>> = {
  "character varying": "sqlalchemy.String",
  character: "sqlalchemy.CHAR",
  numeric: "sqlalchemy.Numeric",
};

const moments: Readonly<Record<string, readonly [path: string, zone: boolean]>> = {
  "timestamp without time zone": ["sqlalchemy.DateTime", false],
  "timestamp with time zone": ["sqlalchemy.DateTime", true],
  "time without time zone": ["sqlalchemy.Time", false],
  "time with time zone": ["sqlalchemy.Time", true],
};

/** Undefined where SQLAlchemy has no construct that gives just this type; then SQL has to say it. */
export function renderSqlAlchemyType(type: ColumnType, code: Code): string | undefined {
  const { name, arguments: given, dimensions } = type;
  if (dimensions > 0) {
    const inner = renderSqlAlchemyType({ ...type, dimensions: 0 }, code);
    const dims = dimensions > 1 ? `dimensions=${dimensions}` : undefined;
    return inner && code.call(code.name("sqlalchemy.dialects.postgresql.ARRAY"), inner, dims);
  }
  if (type.enum) return renderEnum(type, code);
  if (type.schema !== undefined) return undefined;
  const moment = moments[name];
  if (moment && given.length === 0) return code.call(code.name(moment[0]), moment[1] ? "timezone=True" : undefined);
  if (sized[name]) return code.call(code.name(sized[name]), ...given);
  return plain[name] && given.length === 0 ? code.call(code.name(plain[name])) : undefined;
}

/** The type is there, or is made by a statement of its own: never by the table or column that has it. */
function renderEnum({ name, schema, enum: definition }: ColumnType, code: Code): string | undefined {
  const values = definition?.values;
  if (!values || definition.name.name !== name) return undefined;
  return code.call(
    code.name("sqlalchemy.dialects.postgresql.ENUM"),
    ...values.map(code.text),
    `name=${code.text(name)}`,
    code.schema(schema === undefined ? { name } : { schema, name }),
    "create_type=False",
  );
}
