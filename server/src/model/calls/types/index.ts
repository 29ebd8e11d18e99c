/** The type of a column as a value, in the server's words. */
import type { Dialect, QualifiedName } from "../../../sql/action.ts";
import type { ColumnType, EnumDefinition } from "../../../sql/definition.ts";
import type { Value } from "../../../syntax/value.ts";
import { present } from "../draft.ts";
import { booleanOf, nameOf } from "../terms.ts";
import { optionsOn, typeConstruct, withoutVariants, type TypeConstruct } from "./construct.ts";
import { readEnum, type EnumReading } from "./enum.ts";
import { numberIn } from "./modifiers.ts";
import { otherType } from "./other.ts";
import { postgresqlType } from "./postgresql.ts";

export interface OwnType {
  readonly name: QualifiedName;
  readonly created: boolean;
  readonly enum?: EnumDefinition;
  /** Of a domain: the type that it restricts. */
  readonly beneath?: ColumnType;
}

export interface TypeReading {
  /** Undefined where it is not known. */
  readonly type: ColumnType | undefined;
  readonly collation?: string;
  /** What SQLAlchemy makes of an integer that numbers its rows by itself. */
  readonly counts?: "integer" | "bigint" | "smallint" | "numeric";
  /** A type of the database's own: its name, and whether creating the table makes it. */
  readonly own?: OwnType;
  /** `create_constraint=True`: a CHECK on the column's values comes with the type. */
  readonly check?: { readonly name: string | undefined; readonly values: readonly string[] | undefined };
}

const unknownType: TypeReading = { type: undefined };

/** `owner`: the schema of the table that the column is in. */
export function readType(value: Value | undefined, dialect: Dialect, owner?: string): TypeReading {
  if (value?.kind === "choice") {
    const [first, ...others] = optionsOn(value, dialect).map((option) => readType(option, dialect, owner));
    const same = first !== undefined && others.every((other) => JSON.stringify(other) === JSON.stringify(first));
    return same ? first : unknownType;
  }
  const construct = typeConstruct(value, dialect);
  if (construct === undefined) return unknownType;
  const reading = readConstruct(construct, dialect, owner);
  // Whether a column numbers its rows is asked of the type without its variants.
  const counts = counting[typeConstruct(withoutVariants(value), dialect)?.name ?? ""];
  return present<TypeReading>({ ...reading, counts: counts && (reading.counts ?? counts) });
}

function readConstruct(construct: TypeConstruct, dialect: Dialect, owner: string | undefined): TypeReading {
  const { name } = construct;
  if (name === "Enum" || name === "SET") return ofEnum(readEnum(construct, owner), construct, dialect);
  if (name === "ARRAY") return ofArray(construct, dialect, owner);
  if (name === "DOMAIN") return ofDomain(construct, dialect);
  const type = dialect === "postgresql" ? postgresqlType(construct) : otherType(construct, dialect);
  return present<TypeReading>({
    type,
    collation: nameOf(construct.bound.get("collation")),
    counts: counting[name],
  });
}

const counting: Readonly<Record<string, TypeReading["counts"]>> = {
  Integer: "integer",
  INTEGER: "integer",
  INT: "integer",
  MEDIUMINT: "integer",
  TINYINT: "integer",
  BigInteger: "bigint",
  BIGINT: "bigint",
  SmallInteger: "smallint",
  SMALLINT: "smallint",
  Numeric: "numeric",
  NUMERIC: "numeric",
  DECIMAL: "numeric",
};

/** SQLAlchemy's compilers know native enums for PostgreSQL, MySQL and MariaDB. */
function ofEnum(own: EnumReading, construct: TypeConstruct, dialect: Dialect): TypeReading {
  const definition = own.name && { name: own.name, values: own.values };
  if (own.native && dialect === "postgresql") {
    if (own.name === undefined || definition === undefined) return unknownType;
    const type: ColumnType = { ...own.name, arguments: [], dimensions: 0, enum: definition };
    return { type, own: { name: own.name, created: own.created, enum: definition } };
  }
  const collation = nameOf(construct.bound.get("collation"));
  if (own.native && (dialect === "mysql" || dialect === "mariadb")) {
    const values = own.values?.map((value) => `'${value.replaceAll("'", "''")}'`);
    const name = construct.name === "SET" ? "SET" : "ENUM";
    return present<TypeReading>({
      type: values && present<ColumnType>({ name, arguments: values, dimensions: 0, enum: definition }),
      collation,
    });
  }
  const size = own.length === undefined ? undefined : spelledLength(own.length, dialect);
  const name = dialect === "postgresql" ? "character varying" : "VARCHAR";
  return present<TypeReading>({
    type: size && present<ColumnType>({ name, arguments: size, dimensions: 0, enum: definition }),
    check: own.checked ? { name: own.name?.name, values: own.values } : undefined,
  });
}

function spelledLength(length: number, dialect: Dialect): readonly string[] {
  if (length === 0) return dialect === "mssql" ? ["max"] : [];
  return [dialect === "oracle" ? `${String(length)} CHAR` : String(length)];
}

/** PostgreSQL keeps no count of dimensions; SQLAlchemy writes as many brackets as it is told, else one pair. */
function ofArray(construct: TypeConstruct, dialect: Dialect, owner: string | undefined): TypeReading {
  const item = readType(construct.bound.get("item_type"), dialect, owner);
  const dimensions = numberIn(construct, "dimensions");
  if (dialect !== "postgresql" || item.type === undefined || dimensions === undefined)
    return present<TypeReading>({ type: undefined, own: item.own });
  const count = dimensions === null ? 1 : Number(dimensions);
  return present<TypeReading>({
    type: { ...item.type, dimensions: item.type.dimensions + count },
    collation: item.collation,
    own: item.own,
  });
}

function ofDomain({ bound }: TypeConstruct, dialect: Dialect): TypeReading {
  const name = nameOf(bound.get("name"));
  if (name === undefined) return unknownType;
  const own = present<QualifiedName>({ schema: nameOf(bound.get("schema")), name });
  const created = booleanOf(bound.get("create_type")) !== false;
  const beneath = readType(bound.get("data_type"), dialect).type;
  return { type: { ...own, arguments: [], dimensions: 0 }, own: present<OwnType>({ name: own, created, beneath }) };
}

/** A type as DDL and casts are given it: `character varying(200)[]`, `timestamp(3) with time zone`. */
export function renderType(type: ColumnType): string {
  const size = type.arguments.length > 0 ? `(${type.arguments.join(", ")})` : "";
  const zone = / with(?:out)? time zone$/.exec(type.name)?.[0] ?? "";
  const base = type.name.slice(0, type.name.length - zone.length);
  return `${type.schema === undefined ? "" : `${type.schema}.`}${base}${size}${zone}${"[]".repeat(type.dimensions)}`;
}
