/** SQLAlchemy's types in PostgreSQL's words, as its `format_type()` prints them. */
import type { ColumnType } from "../../../sql/definition.ts";
import type { TypeConstruct } from "./construct.ts";
import { flagIn, listed, numberIn, sizeIn, textIn } from "./modifiers.ts";

type Compile = (construct: TypeConstruct) => ColumnType | undefined;

const plain = (name: string): ColumnType => ({ name, arguments: [], dimensions: 0 });

function sized(name: string, sizes: readonly string[] | undefined): ColumnType | undefined {
  return sizes && { name, arguments: sizes, dimensions: 0 };
}

const always =
  (name: string): Compile =>
  () =>
    plain(name);

/** A length of 0 is none. */
const string =
  (name: string): Compile =>
  (construct) =>
    sized(name, listed(sizeIn(construct, "length")));

/** `CHAR` is one character. */
const character: Compile = (construct) => {
  const length = sizeIn(construct, "length");
  return sized("character", listed(length === null ? "1" : length));
};

/** PostgreSQL adds a scale of 0 to a precision alone. */
const numeric: Compile = (construct) => {
  const precision = numberIn(construct, "precision");
  const scale = numberIn(construct, "scale");
  if (precision === null) return plain("numeric");
  return sized("numeric", listed(precision, scale === null ? "0" : scale));
};

/** `FLOAT(p)` counts binary digits: up to 24 of them are single precision. */
const float: Compile = (construct) => {
  const precision = sizeIn(construct, "precision");
  if (precision === undefined) return undefined;
  return plain(precision !== null && Number(precision) <= 24 ? "real" : "double precision");
};

const moment =
  (name: string): Compile =>
  (construct) => {
    const zone = flagIn(construct, "timezone");
    // Only the dialect's own class and the class in capitals hand a precision on.
    const precision = construct.from === "postgresql" ? numberIn(construct, "precision") : null;
    if (zone === undefined) return undefined;
    return sized(`${name} ${zone ? "with" : "without"} time zone`, listed(precision));
  };

const interval: Compile = (construct) => {
  const own = construct.from === "postgresql";
  // `Interval(native=False)` counts from an epoch.
  if (!own && flagIn(construct, "native", true) === false) return plain("timestamp without time zone");
  const precision = numberIn(construct, own ? "precision" : "second_precision");
  const fields = own ? textIn(construct, "fields") : null;
  if (fields === undefined) return undefined;
  return sized(fields === null ? "interval" : `interval ${fields.toLowerCase()}`, listed(precision));
};

const bits: Compile = (construct) => {
  const varying = flagIn(construct, "varying");
  const length = numberIn(construct, "length");
  if (varying === undefined) return undefined;
  return varying ? sized("bit varying", listed(length)) : sized("bit", listed(length === null ? "1" : length));
};

/** `Uuid(native_uuid=False)` is 32 characters. */
const uuid: Compile = (construct) => {
  const native = flagIn(construct, "native_uuid", true);
  if (native === undefined) return undefined;
  return native ? plain("uuid") : { name: "character", arguments: ["32"], dimensions: 0 };
};

/** sqlalchemy_utils' `UUIDType`, which is the server's own unless it is told otherwise. */
const nativeUuid: Compile = (construct) => (flagIn(construct, "native", true) === true ? plain("uuid") : undefined);

/** geoalchemy2's `Geometry("POINT", srid=4326)`. */
const spatial =
  (name: string): Compile =>
  (construct) => {
    const shape = textIn(construct, "geometry_type");
    const srid = numberIn(construct, "srid");
    return sized(name, listed(shape === null ? "GEOMETRY" : shape, srid === null ? "-1" : srid));
  };

const vector =
  (name: string): Compile =>
  (construct) =>
    sized(name, listed(numberIn(construct, "dim")));

const compilers: Readonly<Record<string, Compile>> = {
  ...Object.fromEntries(
    Object.entries({
      integer: ["Integer", "INTEGER", "INT"],
      smallint: ["SmallInteger", "SMALLINT"],
      bigint: ["BigInteger", "BIGINT"],
      boolean: ["Boolean", "BOOLEAN", "MatchType"],
      date: ["Date", "DATE"],
      json: ["JSON"],
      bytea: ["LargeBinary", "BYTEA", "PickleType"],
      real: ["REAL"],
      "double precision": ["Double", "DOUBLE_PRECISION"],
    }).flatMap(([name, classes]) => classes.map((construct) => [construct, always(name)] as const)),
  ),
  String: string("character varying"),
  Unicode: string("character varying"),
  AutoString: string("character varying"),
  VARCHAR: string("character varying"),
  Text: string("text"),
  UnicodeText: string("text"),
  TEXT: string("text"),
  CHAR: character,
  NCHAR: character,
  Numeric: numeric,
  NUMERIC: numeric,
  DECIMAL: numeric,
  Float: float,
  FLOAT: float,
  DateTime: moment("timestamp"),
  TIMESTAMP: moment("timestamp"),
  Time: moment("time"),
  TIME: moment("time"),
  Interval: interval,
  INTERVAL: interval,
  BIT: bits,
  Uuid: uuid,
  UUID: uuid,
  // Of sqlalchemy_utils.
  UUIDType: nativeUuid,
  JSONType: always("json"),
  Geometry: spatial("geometry"),
  Geography: spatial("geography"),
  Vector: vector("vector"),
  VECTOR: vector("vector"),
  HALFVEC: vector("halfvec"),
  SPARSEVEC: vector("sparsevec"),
};

/** Classes of the dialect whose name is the type's own, in capitals. */
const namesakes = new Set(
  (
    "JSONB JSONPATH HSTORE INET CIDR CITEXT MACADDR MACADDR8 MONEY OID REGCLASS REGCONFIG TSVECTOR TSQUERY XML " +
    "INT4RANGE INT8RANGE NUMRANGE DATERANGE TSRANGE TSTZRANGE LTREE LQUERY LTXTQUERY " +
    "INT4MULTIRANGE INT8MULTIRANGE NUMMULTIRANGE DATEMULTIRANGE TSMULTIRANGE TSTZMULTIRANGE"
  ).split(" "),
);

/** `undefined`: a modifier is not known, or PostgreSQL has no such type. */
export function postgresqlType(construct: TypeConstruct): ColumnType | undefined {
  const { name, from } = construct;
  // A class of another server's dialect has no spelling here, except where it is the general one.
  if (from !== undefined && from !== "postgresql" && !/^(?:VARCHAR|TEXT|CHAR|INTEGER|BIGINT|SMALLINT|DATE)$/.test(name))
    return undefined;
  if (namesakes.has(name)) return plain(name.toLowerCase());
  return Object.hasOwn(compilers, name) ? compilers[name]?.(construct) : undefined;
}
