/** `sa.func.now()` and `column.op("@>")(value)`: calls whose callee is made at will. */
import type { Dialect } from "../../../sql/action.ts";
import type { Call, Value } from "../../../syntax/value.ts";
import { calleeOf, splitPath } from "../terms.ts";
import { quoteName } from "./names.ts";
import { anything } from "./operators.ts";
import type { Piece } from "./piece.ts";

/** Functions of the standard that stand without brackets. */
const bare = new Set([
  "current_date",
  "current_time",
  "current_timestamp",
  "current_user",
  "localtime",
  "localtimestamp",
  "session_user",
  "user",
]);

/** The name of a function of the database: `lower` of `sqlalchemy.func.lower`, also with its schema. */
export function functionName(callee: Value): readonly string[] | undefined {
  if (callee.kind !== "reference") return undefined;
  const parts = callee.path.split(".");
  const at = parts.indexOf("func");
  if (at >= 0 && at < parts.length - 1) return parts.slice(at + 1);
  const { parent, name } = splitPath(callee.path);
  return parent.startsWith("sqlalchemy") && parent.endsWith(".functions") ? [name] : undefined;
}

/** What reads the parts of a call. */
interface Parts {
  readonly dialect: Dialect;
  list(values: readonly Value[]): string | undefined;
  custom(receiver: Value, sign: Value | undefined, operand: Value | undefined): Piece | undefined;
}

/** `undefined`: it is no such call, or an argument is not known. */
export function functionCall(call: Call, compiler: Parts): Piece | undefined {
  const path = functionName(call.callee);
  if (path) return named(path, call, compiler);
  if (call.callee.kind !== "call") return undefined;
  const inner = calleeOf(call.callee);
  if (inner?.receiver === undefined || !/^(?:bool_)?op$/.test(inner.name)) return undefined;
  return compiler.custom(inner.receiver, call.callee.args[0]?.value, call.args[0]?.value);
}

function named(path: readonly string[], call: Call, compiler: Parts): Piece | undefined {
  const name = path.at(-1) ?? "";
  const args = compiler.list(call.args.map((argument) => argument.value));
  if (args === undefined || call.args.some((argument) => argument.starred)) return undefined;
  if (path.length > 1) {
    const dotted = path.map((part) => quoteName(part, compiler.dialect)).join(".");
    return { sql: `${dotted}(${args})`, precedence: anything };
  }
  const folded = name.toLowerCase();
  if (bare.has(folded)) return { sql: folded.toUpperCase() + (args === "" ? "" : `(${args})`), precedence: anything };
  if (folded === "now" && args === "") return { sql: nowIn(compiler.dialect), precedence: anything };
  if (folded === "count" && args === "") return { sql: "count(*)", precedence: anything };
  return { sql: `${name}(${args})`, precedence: anything };
}

const nowIn = (dialect: Dialect): string =>
  dialect === "sqlite" || dialect === "mssql" || dialect === "oracle" ? "CURRENT_TIMESTAMP" : "now()";
