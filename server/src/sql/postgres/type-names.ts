/** How PostgreSQL's own types are called: inside, by `format_type()`, and in the spellings that its grammar knows. */

/** From the names that the grammar and the catalog use to those that `format_type()` prints. */
export const printed: ReadonlyMap<string, string> = new Map([
  ["int2", "smallint"],
  ["int4", "integer"],
  ["int8", "bigint"],
  ["float4", "real"],
  ["float8", "double precision"],
  ["bool", "boolean"],
  ["varchar", "character varying"],
  ["bit", "bit"],
  ["varbit", "bit varying"],
  ["time", "time without time zone"],
  ["timetz", "time with time zone"],
  ["timestamp", "timestamp without time zone"],
  ["timestamptz", "timestamp with time zone"],
]);

/** From words that the grammar takes for one of them: several words are joined by a space. */
export const spoken: ReadonlyMap<string, string> = new Map([
  ["int", "integer"],
  ["integer", "integer"],
  ["smallint", "smallint"],
  ["bigint", "bigint"],
  ["real", "real"],
  ["double precision", "double precision"],
  ["boolean", "boolean"],
  ["dec", "numeric"],
  ["decimal", "numeric"],
  ["numeric", "numeric"],
  ["char", "character"],
  ["character", "character"],
  ["nchar", "character"],
  ["national char", "character"],
  ["national character", "character"],
  ["varchar", "character varying"],
  ["char varying", "character varying"],
  ["character varying", "character varying"],
  ["nchar varying", "character varying"],
  ["national char varying", "character varying"],
  ["national character varying", "character varying"],
  ["bit varying", "bit varying"],
  ["serial", "integer"],
  ["serial4", "integer"],
  ["bigserial", "bigint"],
  ["serial8", "bigint"],
  ["smallserial", "smallint"],
  ["serial2", "smallint"],
]);

/** Each with the sequence of its own that gives its default. */
export const serials: ReadonlySet<string> = new Set([
  "serial",
  "bigserial",
  "smallserial",
  "serial2",
  "serial4",
  "serial8",
]);

/** What may follow `interval`, with the mask by which the grammar writes it down. */
export const intervalFields: ReadonlyMap<number, string> = new Map([
  [4, "year"],
  [2, "month"],
  [8, "day"],
  [1024, "hour"],
  [2048, "minute"],
  [4096, "second"],
  [6, "year to month"],
  [1032, "day to hour"],
  [3080, "day to minute"],
  [7176, "day to second"],
  [3072, "hour to minute"],
  [7168, "hour to second"],
  [6144, "minute to second"],
]);

/** Built-in types that the grammar leaves unqualified; those that it knows by keyword come with `pg_catalog`. */
export const builtIn: ReadonlySet<string> = new Set(
  (
    "int2 int4 int8 float4 float8 bool text name bytea uuid json jsonb jsonpath xml date timestamptz timetz inet cidr macaddr macaddr8 money oid xid xid8 " +
    "tid cid char varchar bpchar numeric decimal bit varbit interval time timestamp point line lseg box path polygon circle tsvector tsquery " +
    "int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange " +
    "regclass regtype regproc regprocedure regoper regoperator regrole regnamespace regconfig regdictionary regcollation " +
    "void record trigger event_trigger any anyelement anyarray anynonarray anyenum anyrange anycompatible anycompatiblearray cstring internal refcursor pg_lsn txid_snapshot"
  ).split(" "),
);
