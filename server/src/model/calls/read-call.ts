/** Reads one call: a directive of `op` or of a batch, something executed, a session's or an inspector's method. */
import type { Dialect } from "../../sql/action.ts";
import type { Call, Value } from "../../syntax/value.ts";
import type { CallReading, Draft, ReadCall, Role } from "../reading.ts";
import { bind } from "./arguments.ts";
import { readBatchDirective, readDirective, directive, isSilent } from "./directives/index.ts";
import { draft, opaque, placeOf } from "./draft.ts";
import { readExecuted } from "./execute.ts";
import { roleOf } from "./roles.ts";
import { calleeOf, type Callee } from "./terms.ts";

export const readCall: ReadCall = (call, dialect) => {
  const callee = calleeOf(call);
  if (callee?.receiver === undefined) return undefined;
  const receiver = roleOf(callee.receiver);
  return readOn(receiver, callee, callee.receiver, call, dialect);
};

function readOn(role: Role, { name }: Callee, receiver: Value, call: Call, dialect: Dialect): CallReading | undefined {
  if (role === "op" || role === "batch") return readOp(role, name, receiver, call, dialect);
  if (role === "connection" || role === "session" || role === "context") {
    return executing.has(name) ? reading(readExecute(call, dialect)) : undefined;
  }
  return undefined;
}

/** Methods that run the statement that they are given. */
const executing = new Set([
  "execute",
  "exec_driver_sql",
  "scalar",
  "scalars",
  "executemany",
  "stream",
  "stream_scalars",
]);

const reading = (drafts: readonly Draft[]): CallReading => ({ drafts });

export function readOp(
  role: "op" | "batch",
  name: string,
  receiver: Value,
  call: Call,
  dialect: Dialect,
): CallReading | undefined {
  if (isSilent(name)) return undefined;
  if (name === "execute") return reading(readExecute(call, dialect));
  if (name === "run_async")
    return reading([draft(opaque("unknown", "an asynchronous function runs here"), placeOf(call, "python"))]);
  const known = directive(name);
  const parameters = role === "op" ? known?.parameters : known?.batch;
  if (known === undefined || parameters === undefined) {
    const why = name === "invoke" ? "an operation object is invoked" : `\`${name}\` is not a directive of Alembic`;
    return reading([draft(opaque("schema", why), placeOf(call, role === "op" ? "directive" : "batch"))]);
  }
  const sketches =
    role === "op"
      ? readDirective(known, call.args, dialect)
      : readBatchDirective(known, parameters, call.args, receiver, dialect);
  return reading(sketches.map((sketch) => draft(sketch, placeOf(call, role === "op" ? "directive" : "batch"))));
}

export function readExecute(call: Call, dialect: Dialect): readonly Draft[] {
  const bound = bind(call.args, [
    "sqltext|statement|object_|clauseelement|sql|operation",
    "multiparams|params|parameters|seq_of_parameters",
  ]);
  return readExecuted(
    { statement: bound.get("sqltext"), parameters: bound.get("multiparams") },
    placeOf(call, "core"),
    dialect,
  );
}
