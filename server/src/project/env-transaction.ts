/** What `env.py` does over the connection besides handing it to Alembic: transactions that it begins, locks that it takes. */
import type { Dialect } from "../sql/action.ts";
import { parseSql } from "../sql/parse.ts";
import type { Call, Value } from "../syntax/value.ts";
import type { Range } from "../text/range.ts";
import { argumentOf, calleeName, type Made } from "./env-run.ts";
import { findConfigured, type Given } from "./env-configure.ts";

const using = new Set(["execute", "scalar", "scalars", "exec_driver_sql", "begin"]);
const ending = new Set(["commit", "rollback", "close"]);

const isSame = (a: Value, b: Value): boolean =>
  a.kind === b.kind && a.range.start === b.range.start && a.range.end === b.range.end;

/** `engine.connect()`, whose use begins a transaction that somebody has to commit. */
const isConnect = (value: Value): boolean => value.kind === "call" && calleeName(value) === "connect";

const receiverOf = ({ callee }: Call): Value | undefined => (callee.kind === "member" ? callee.of : undefined);

/** The connection by each of its names: what `run_sync` hands on is the one that it is called on. */
function namesOf(connection: Value, made: readonly Made[]): readonly Value[] {
  if (isConnect(connection)) return [connection];
  const handed = made.find(
    ({ call }) => calleeName(call) === "run_sync" && call.range.start === connection.range.start,
  );
  const receiver = handed && receiverOf(handed.call);
  return connection.kind === "unknown" && receiver && isConnect(receiver) ? [connection, receiver] : [];
}

/**
 * The first use of the connection before `context.configure()`, where nothing commits it: SQLAlchemy 2 has begun a
 * transaction by then, and Alembic, which finds one that is not its own, commits nothing. Undefined where there is none, or
 * where it is not certain.
 */
export function findBegun(made: readonly Made[]): Range | undefined {
  for (const call of findConfigured(made).online) {
    const connection = argumentOf(call, "connection", 0);
    const names = connection ? namesOf(connection, made) : [];
    const begun = names.length > 0 ? begunBefore(call, names, made) : undefined;
    if (begun) return begun;
  }
  return undefined;
}

function begunBefore(configure: Call, names: readonly Value[], made: readonly Made[]): Range | undefined {
  const isOurs = (value: Value | undefined): boolean =>
    value !== undefined && names.some((name) => isSame(name, value));
  let begun: Range | undefined;
  let isBefore = true;
  for (const { call, conditional } of made) {
    // One place may be reached several times.
    if (call === configure) isBefore = false;
    const name = calleeName(call) ?? "";
    if (isOurs(receiverOf(call))) {
      // After it, too: who commits by himself has seen to it. `with connection.begin():` commits at its end.
      if (name === "begin" || (ending.has(name) && !isBefore)) return undefined;
      if (isBefore && ending.has(name)) begun = undefined;
      if (isBefore && using.has(name) && !conditional) begun ??= call.nameRange;
    } else if (name !== "configure" && call.args.some(({ value }) => isOurs(value))) return undefined;
  }
  return begun;
}

const locking = new Set([
  "pg_advisory_lock",
  "pg_advisory_xact_lock",
  "pg_try_advisory_lock",
  "pg_try_advisory_xact_lock",
  "get_lock",
]);
const dialectsWithLocks: readonly Dialect[] = ["postgresql", "mysql"];

/** In SQL text, or as `func.pg_advisory_lock(…)`; and whatever is called a lock by its name. */
const isLock = (call: Call): boolean =>
  (calleeName(call) ?? "").toLowerCase().includes("lock") ||
  call.args.some(
    ({ value }) =>
      value.kind === "text" &&
      value.text.toLowerCase().includes("lock") &&
      dialectsWithLocks.some((dialect) =>
        parseSql(value.text, dialect).some(({ actions }) =>
          actions.some(({ kind, details }) => kind === "lock" || details.calls?.some((name) => locking.has(name))),
        ),
      ),
  );

/** Whether one run of the migrations keeps another from running beside it. `unknown`: other code runs them. */
export function lockOf(made: readonly Made[]): Given {
  if (made.some(({ call }) => isLock(call))) return "given";
  return findConfigured(made).online.length === 0 ? "unknown" : "absent";
}
