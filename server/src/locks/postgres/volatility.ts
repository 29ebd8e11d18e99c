/** Whether a default gives every row the same value: then a new column needs no rewrite. */
import type { SqlExpression } from "../../sql/definition.ts";
import { mentions } from "./proof.ts";

/** Give another value at each call. A test holds both lists to `pg_proc.provolatile` of the servers. */
export const volatileFunctions: ReadonlySet<string> = new Set([
  "clock_timestamp",
  "currval",
  "gen_random_uuid",
  "lastval",
  "nextval",
  "pg_sleep",
  "random",
  "random_normal",
  "set_config",
  "setseed",
  "setval",
  "timeofday",
  "uuidv4",
  "uuidv7",
]);

/** Of extensions that come with PostgreSQL: `uuid-ossp` and `pgcrypto`. */
export const volatileInExtensions: ReadonlySet<string> = new Set([
  "uuid_generate_v1",
  "uuid_generate_v1mc",
  "uuid_generate_v4",
  "gen_random_bytes",
  "gen_salt",
]);

/** Words of the grammar that are calls in all but form. */
export const stableWords: ReadonlySet<string> = new Set([
  "current_catalog",
  "current_date",
  "current_role",
  "current_schema",
  "current_time",
  "current_timestamp",
  "current_user",
  "localtime",
  "localtimestamp",
  "session_user",
  "user",
]);

/** Stable and immutable ones, as defaults use them. */
export const stableFunctions: ReadonlySet<string> = new Set([
  "abs",
  "age",
  "array_append",
  "ascii",
  "btrim",
  "ceil",
  "char_length",
  "chr",
  "concat",
  "concat_ws",
  "current_database",
  "current_setting",
  "date_part",
  "date_trunc",
  "decode",
  "encode",
  "extract",
  "floor",
  "format",
  "initcap",
  "int4range",
  "json_build_array",
  "json_build_object",
  "jsonb_build_array",
  "jsonb_build_object",
  "left",
  "length",
  "lower",
  "lpad",
  "ltrim",
  "make_date",
  "make_interval",
  "make_timestamp",
  "md5",
  "mod",
  "now",
  "power",
  "regexp_replace",
  "repeat",
  "replace",
  "right",
  "round",
  "rpad",
  "rtrim",
  "sha256",
  "sqrt",
  "statement_timestamp",
  "string_to_array",
  "substring",
  "substr",
  "timezone",
  "to_char",
  "to_date",
  "to_json",
  "to_jsonb",
  "to_number",
  "to_timestamp",
  "to_tsvector",
  "transaction_timestamp",
  "trim",
  "trunc",
  "txid_current",
  "upper",
]);

export type Volatility = "same" | "volatile" | "unknown";

export function volatilityOf(expression: SqlExpression): Volatility {
  if (expression.constant) return "same";
  if (expression.sql === undefined) return "unknown";
  const calls = (expression.calls ?? []).map(withoutSchema);
  // AT TIME ZONE is immutable, but for `timetz`; AT LOCAL is the same function with one argument.
  const risks = ["local", "timetz", "current_time"];
  if (calls.includes("timezone") && risks.some((word) => mentions(expression.sql, word))) return "unknown";
  if (calls.some((name) => volatileFunctions.has(name) || volatileInExtensions.has(name))) return "volatile";
  return calls.every((name) => stableFunctions.has(name) || stableWords.has(name)) ? "same" : "unknown";
}

const withoutSchema = (name: string): string =>
  name.startsWith("pg_catalog.") ? name.slice("pg_catalog.".length) : name;
