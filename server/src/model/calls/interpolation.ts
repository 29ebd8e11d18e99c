/** Where a value comes from that is put into a SQL text. */
import type { Text, Value } from "../../syntax/value.ts";
import type { Interpolation } from "../revision.ts";
import { lastName, partsOf } from "../values.ts";
import { roleOf } from "./roles.ts";

type Hole = Text["holes"][number];

export const interpolationOf = ({ value, by }: Hole): Interpolation => ({ by, from: originOf(value) });

function originOf(value: Value): Interpolation["from"] {
  if (comesFrom(value, (part) => roleOf(part) === "result")) return "rows";
  return comesFrom(value, isEnvironment) ? "environment" : "other";
}

/** What comes out of these is a number, whatever goes in. */
const harmless = /^builtins\.(?:int|float|len|bool|hash|id|round|ord|range|enumerate)$/;

const isHarmless = (value: Value): boolean =>
  value.kind === "call" &&
  ((value.callee.kind === "reference" && harmless.test(value.callee.path)) ||
    quoting.has(lastName(value.callee) ?? ""));

/** Methods of SQLAlchemy's and the drivers' that make an identifier or a literal of a text. */
const quoting = new Set([
  "quote",
  "quote_identifier",
  "format_table",
  "format_column",
  "quote_schema",
  "literal_processor",
  "compile",
]);

const mostParts = 500;

function comesFrom(value: Value, passes: (value: Value) => boolean): boolean {
  const seen = new Set<Value>([value]);
  for (const part of seen) {
    if (isHarmless(part)) continue;
    if (passes(part)) return true;
    if (seen.size < mostParts) for (const inner of partsOf(part)) seen.add(inner);
  }
  return false;
}

const environment = /^(?:os\.(?:environ|getenv)|builtins\.(?:input|open)|sys\.argv)(?:\.|$)|\.get_x_argument$/;

const isEnvironment = (value: Value): boolean => value.kind === "reference" && environment.test(value.path);
