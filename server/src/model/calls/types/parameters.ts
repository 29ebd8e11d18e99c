/** The parameters of SQLAlchemy's type classes in their order, as far as they reach the database. */

const string = ["length", "collation", "collation_schema"];
const numeric = ["precision", "scale", "decimal_return_scale", "asdecimal"];
const float = ["precision", "asdecimal", "decimal_return_scale"];
const moment = ["timezone", "precision"];

const byClass: Readonly<Record<string, readonly string[]>> = {
  String: string,
  Text: string,
  Unicode: string,
  UnicodeText: string,
  AutoString: ["length"],
  VARCHAR: string,
  VARCHAR2: string,
  NVARCHAR: string,
  NVARCHAR2: string,
  CHAR: string,
  NCHAR: string,
  TEXT: string,
  NTEXT: string,
  CLOB: string,
  NCLOB: string,
  CITEXT: string,
  LONG: string,
  Numeric: numeric,
  NUMERIC: numeric,
  DECIMAL: numeric,
  NUMBER: numeric,
  Float: float,
  FLOAT: float,
  Double: float,
  DOUBLE: float,
  DOUBLE_PRECISION: float,
  REAL: float,
  BINARY_DOUBLE: float,
  BINARY_FLOAT: float,
  DateTime: moment,
  DATETIME: moment,
  TIMESTAMP: moment,
  Time: moment,
  TIME: moment,
  DATETIME2: ["precision"],
  DATETIMEOFFSET: ["precision"],
  Interval: ["native", "second_precision", "day_precision"],
  INTERVAL: ["precision", "fields"],
  LargeBinary: ["length"],
  BLOB: ["length"],
  BINARY: ["length"],
  VARBINARY: ["length", "filestream"],
  BYTEA: ["length"],
  RAW: ["length"],
  BIT: ["length", "varying"],
  Boolean: ["create_constraint", "name"],
  BOOLEAN: ["create_constraint", "name"],
  Uuid: ["as_uuid", "native_uuid"],
  UUID: ["as_uuid"],
  UUIDType: ["binary", "native"],
  PickleType: ["protocol", "pickler", "comparator", "impl"],
  ARRAY: ["item_type", "as_tuple", "dimensions", "zero_indexes"],
  DOMAIN: ["name", "data_type"],
  Geometry: ["geometry_type", "srid", "dimension", "spatial_index"],
  Geography: ["geometry_type", "srid", "dimension", "spatial_index"],
  Vector: ["dim"],
  VECTOR: ["dim"],
  HALFVEC: ["dim"],
  SPARSEVEC: ["dim"],
};

const width = ["display_width"];
const scaled = ["precision", "scale", "asdecimal"];
const fractional = ["timezone", "fsp"];

/** Where a dialect's class of the same name takes others. */
const byDialect: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  mysql: {
    INTEGER: width,
    BIGINT: width,
    SMALLINT: width,
    MEDIUMINT: width,
    TINYINT: width,
    YEAR: width,
    NUMERIC: scaled,
    DECIMAL: scaled,
    DOUBLE: scaled,
    FLOAT: scaled,
    REAL: scaled,
    DATETIME: fractional,
    TIMESTAMP: fractional,
    TIME: fractional,
  },
  mssql: { TIME: ["precision"], REAL: [], DOUBLE_PRECISION: [], BIT: [], TIMESTAMP: [] },
  oracle: {
    FLOAT: ["binary_precision"],
    INTERVAL: ["day_precision", "second_precision"],
    NUMBER: ["precision", "scale", "asdecimal"],
    TIMESTAMP: ["timezone", "local_timezone"],
    VECTOR: ["dim", "storage_format", "storage_type"],
  },
};

/** `from`: the dialect that the class belongs to. */
export const parametersOf = (name: string, from: string | undefined): readonly string[] =>
  byDialect[from === "mariadb" ? "mysql" : (from ?? "")]?.[name] ?? byClass[name] ?? [];
