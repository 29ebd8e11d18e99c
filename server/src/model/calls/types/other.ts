/** SQLAlchemy's types as the DDL of MySQL, MariaDB, SQLite, SQL Server and Oracle shows them. */
import type { Dialect } from "../../../sql/action.ts";
import type { ColumnType } from "../../../sql/definition.ts";
import { booleanOf } from "../terms.ts";
import type { TypeConstruct } from "./construct.ts";
import { flagIn, listed, numberIn, sizeIn, textIn, type Modifier } from "./modifiers.ts";

type Compile = (construct: TypeConstruct, name: string) => ColumnType | undefined;

const sized = (name: string, sizes: readonly string[] | undefined): ColumnType | undefined =>
  sizes && { name, arguments: sizes, dimensions: 0 };

const as =
  (name: string): Compile =>
  () => ({ name, arguments: [], dimensions: 0 });
/** With these parameters in parentheses, under the class's own name or a given one. */
const withSize =
  (parameters: readonly string[], given?: string, read = sizeIn): Compile =>
  (construct, name) =>
    sized(given ?? name, listed(...parameters.map((parameter) => read(construct, parameter))));

/** The names in capitals that the classes of SQLAlchemy stand for where a dialect says nothing else. */
const capitals: Readonly<Record<string, string>> = {
  String: "VARCHAR",
  AutoString: "VARCHAR",
  Unicode: "VARCHAR",
  Text: "TEXT",
  UnicodeText: "TEXT",
  Integer: "INTEGER",
  INT: "INTEGER",
  SmallInteger: "SMALLINT",
  BigInteger: "BIGINT",
  Numeric: "NUMERIC",
  Float: "FLOAT",
  NVARCHAR2: "NVARCHAR",
  Double: "DOUBLE",
  DOUBLE_PRECISION: "DOUBLE PRECISION",
  DateTime: "DATETIME",
  Date: "DATE",
  Time: "TIME",
  Boolean: "BOOLEAN",
  LargeBinary: "BLOB",
  PickleType: "BLOB",
};

const numeric = withSize(["precision", "scale"], undefined, numberIn);
const uuid: Compile = () => ({ name: "CHAR", arguments: ["32"], dimensions: 0 });

/** `Uuid(native_uuid=False)` is 32 characters everywhere. */
const nativeUuid =
  (spelled: string): Compile =>
  (construct, name) => {
    const native = flagIn(construct, "native_uuid", true);
    return native === undefined ? undefined : native ? sized(spelled, []) : uuid(construct, name);
  };

const generic: Readonly<Record<string, Compile>> = {
  NUMERIC: numeric,
  DECIMAL: numeric,
  VARCHAR: withSize(["length"]),
  NVARCHAR: withSize(["length"]),
  CHAR: withSize(["length"]),
  NCHAR: withSize(["length"]),
  TEXT: withSize(["length"]),
  BINARY: withSize(["length"]),
  VARBINARY: withSize(["length"]),
  Uuid: uuid,
  Interval: as("DATETIME"),
};

/** `INTEGER(11) UNSIGNED` and its kin: MySQL's own classes of numbers say more. */
const mysqlNumber =
  (parameters: readonly string[]): Compile =>
  (construct, name) => {
    const own = construct.from === "mysql" || construct.from === "mariadb";
    const sizes: readonly Modifier[] = parameters.map((parameter) => numberIn(construct, parameter));
    const whole = sizes.length < 2 || !sizes.includes(null) || name === "NUMERIC" || name === "DECIMAL";
    const zerofill = own && booleanOf(construct.bound.get("zerofill")) === true;
    const unsigned = own && booleanOf(construct.bound.get("unsigned")) === true;
    const spelled = `${name}${unsigned ? " UNSIGNED" : ""}${zerofill ? " ZEROFILL" : ""}`;
    const kept = whole ? sizes : name === "FLOAT" ? sizes.slice(0, 1) : [];
    return sized(spelled, listed(...kept));
  };

const mysqlWhole = mysqlNumber(["display_width"]);
const mysqlScaled = mysqlNumber(["precision", "scale"]);
/** MySQL needs a length here. */
const mysqlString: Compile = (construct, name) => {
  const length = numberIn(construct, "length");
  // sqlmodel's own string brings one.
  if (length === null) return construct.name === "AutoString" ? sized(name, ["255"]) : undefined;
  return sized(name, listed(length));
};
const mysqlMoment = (name: string): Compile => withSize(["fsp"], name);

const mysql: Readonly<Record<string, Compile>> = {
  ...Object.fromEntries(
    ["INTEGER", "BIGINT", "SMALLINT", "MEDIUMINT", "TINYINT", "YEAR"].map((name) => [name, mysqlWhole]),
  ),
  ...Object.fromEntries(["NUMERIC", "DECIMAL", "FLOAT", "DOUBLE", "REAL"].map((name) => [name, mysqlScaled])),
  VARCHAR: mysqlString,
  NVARCHAR: (construct) => mysqlString(construct, "NATIONAL VARCHAR"),
  NCHAR: withSize(["length"], "NATIONAL CHAR"),
  BLOB: withSize(["length"], "BLOB", numberIn),
  BIT: withSize(["length"], "BIT", numberIn),
  BOOLEAN: as("BOOL"),
  DATETIME: mysqlMoment("DATETIME"),
  TIMESTAMP: mysqlMoment("TIMESTAMP"),
  TIME: mysqlMoment("TIME"),
};

const maximum =
  (name: string): Compile =>
  (construct) => {
    const length = sizeIn(construct, "length") ?? textIn(construct, "length");
    return sized(name, listed(length === null ? "max" : length));
  };

const mssql: Readonly<Record<string, Compile>> = {
  VARCHAR: maximum("VARCHAR"),
  NVARCHAR: maximum("NVARCHAR"),
  VARBINARY: maximum("VARBINARY"),
  Unicode: maximum("NVARCHAR"),
  Text: maximum("VARCHAR"),
  UnicodeText: maximum("NVARCHAR"),
  LargeBinary: maximum("VARBINARY"),
  PickleType: maximum("VARBINARY"),
  NTEXT: withSize(["length"]),
  Double: as("DOUBLE PRECISION"),
  FLOAT: withSize(["precision"], "FLOAT", numberIn),
  DateTime: (construct) => {
    const zone = flagIn(construct, "timezone");
    return zone === undefined ? undefined : sized(zone ? "DATETIMEOFFSET" : "DATETIME", []);
  },
  TIME: withSize(["precision"], "TIME", numberIn),
  DATETIME2: withSize(["precision"], "DATETIME2", numberIn),
  DATETIMEOFFSET: withSize(["precision"], "DATETIMEOFFSET", numberIn),
  Boolean: as("BIT"),
  JSON: () => ({ name: "NVARCHAR", arguments: ["max"], dimensions: 0 }),
  Uuid: nativeUuid("UNIQUEIDENTIFIER"),
};

const varchar2 =
  (name: string, unit: string): Compile =>
  (construct) => {
    const length = sizeIn(construct, "length");
    return sized(name, length === null ? [] : length === undefined ? undefined : [`${length}${unit}`]);
  };

/** `Interval(native=False)` counts from an epoch. */
const oracleInterval: Compile = (construct) => {
  if (flagIn(construct, "native", true) === false) return { name: "DATE", arguments: [], dimensions: 0 };
  const [day, second] = ["day_precision", "second_precision"].map((parameter) => numberIn(construct, parameter));
  if (day === undefined || second === undefined) return undefined;
  // Both of them stand within the name.
  return day === null
    ? sized("INTERVAL DAY TO SECOND", listed(second))
    : sized(`INTERVAL DAY(${day}) TO SECOND`, listed(second));
};

const oracle: Readonly<Record<string, Compile>> = {
  String: varchar2("VARCHAR2", " CHAR"),
  AutoString: varchar2("VARCHAR2", " CHAR"),
  Unicode: varchar2("VARCHAR2", " CHAR"),
  VARCHAR: varchar2("VARCHAR", " CHAR"),
  VARCHAR2: varchar2("VARCHAR2", " CHAR"),
  NVARCHAR: varchar2("NVARCHAR2", ""),
  NVARCHAR2: varchar2("NVARCHAR2", ""),
  Text: as("CLOB"),
  UnicodeText: as("CLOB"),
  Double: as("DOUBLE PRECISION"),
  BigInteger: () => ({ name: "NUMBER", arguments: ["19"], dimensions: 0 }),
  NUMBER: numeric,
  DateTime: as("DATE"),
  Boolean: as("SMALLINT"),
  RAW: withSize(["length"]),
  FLOAT: withSize(["binary_precision"], "FLOAT", numberIn),
  TIMESTAMP: (construct) => {
    const local = flagIn(construct, "local_timezone");
    const zone = flagIn(construct, "timezone");
    if (local === undefined || zone === undefined) return undefined;
    return sized(`TIMESTAMP${local ? " WITH LOCAL TIME ZONE" : zone ? " WITH TIME ZONE" : ""}`, []);
  },
  Interval: oracleInterval,
};

const own: Readonly<Record<Exclude<Dialect, "postgresql">, Readonly<Record<string, Compile>>>> = {
  mysql,
  mariadb: { ...mysql, Uuid: nativeUuid("UUID") },
  sqlite: {},
  mssql,
  oracle,
};

/** `undefined`: a modifier is not known, or SQLAlchemy has no such type for the dialect. */
export function otherType(construct: TypeConstruct, dialect: Exclude<Dialect, "postgresql">): ColumnType | undefined {
  const { name } = construct;
  const spelled = Object.hasOwn(capitals, name) ? (capitals[name] ?? name) : name;
  const compile = own[dialect][name] ?? own[dialect][spelled] ?? generic[name] ?? generic[spelled];
  if (compile) return compile(construct, spelled);
  return /^[A-Z][A-Z0-9_ ]*$/.test(spelled) ? sized(spelled, []) : undefined;
}
