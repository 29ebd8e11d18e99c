/** Reads one call: a directive of `op` or of a batch, something executed, a session's or an inspector's method. */
import type { Dialect } from "../../sql/action.ts";
import { HOLE, type Call, type Value } from "../../syntax/value.ts";
import type { Range } from "../../text/range.ts";
import type { CallReading, Draft, ReadCall, Role } from "../reading.ts";
import { lastName } from "../values.ts";
import { bind } from "./arguments.ts";
import { columnCall } from "./elements/column.ts";
import { executedElement, readCreation } from "./created/index.ts";
import { directive, isSilent, readBatchDirective, readDirective } from "./directives/index.ts";
import { action, draft, opaque, placeOf, type Sketch } from "./draft.ts";
import { readExecuted, readStatementValue } from "./execute.ts";
import { invocationOf } from "./invoke.ts";
import { isInspection, readInspection, readReflection } from "./inspection.ts";
import { readSession } from "./orm.ts";
import { readQuery } from "./queries.ts";
import { hands, roleOf } from "./roles.ts";
import { built, calleeOf, isLibrary, isText, textOf } from "./terms.ts";
import { readWrapper } from "./wrappers.ts";

export const readCall: ReadCall = (call, dialect) => {
  const element = executedElement(call);
  if (element && hands(call)) return reading(readExecuted({ statement: element }, placeOf(call, "core"), dialect));
  const callee = calleeOf(call);
  if (callee === undefined) return undefined;
  const method = callee.receiver && readMethod(callee.name, callee.receiver, call, dialect);
  if (method) return method;
  if (call.callee.kind === "reference" && driverRuns.test(call.callee.path)) {
    const [, statement, rows] = call.args.map(({ value }) => value);
    return reading(readExecuted({ statement, parameters: rows }, placeOf(call, "core"), dialect));
  }
  const reflection = readReflection(callee.name, call);
  if (reflection) return ranBy("inspector", reading([draft(reflection, placeOf(call, "core"))]));
  const wrapped = isApplication(call.callee) ? readWrapper(callee.name, call, dialect) : undefined;
  return wrapped && reading(wrapped.map((sketch) => draft(sketch, placeOf(call, "python"))));
};

/** Functions of a driver that are given a cursor, a statement and rows. */
const driverRuns = /^psycopg2\.extras\.execute_(?:values|batch)$/;

const isApplication = (callee: Value): boolean => callee.kind === "reference" && !isLibrary(callee.path);

const reading = (drafts: readonly Draft[]): CallReading => ({ drafts });

function readMethod(name: string, receiver: Value, call: Call, dialect: Dialect): CallReading | undefined {
  const role = roleOf(receiver);
  const core = (sketches: readonly Sketch[]): CallReading =>
    reading(sketches.map((sketch) => draft(sketch, placeOf(call, "core"))));
  if (role === "op" || role === "batch") return readOp(role, name, receiver, call, dialect);
  const imported = receiver.kind === "reference" && role === "other";
  if (isInspection(name) && role !== "result" && !imported)
    return ranBy("inspector", core([readInspection(name, call)]));
  if (isRunner(role)) return ranBy(role === "session" ? role : "connection", readRunner(role, name, call, dialect));
  const query = readQuery(call, dialect);
  if (query) return ranBy("session", reading(query));
  const created = readCreation(name, receiver, call, dialect);
  if (created) return core(created);
  if ((name === "create" || name === "drop") && hands(call)) {
    return core([opaque("schema", `what is ${name === "drop" ? "dropped" : "created"} is not known`)]);
  }
  return role === "other" ? readUnknownReceiver(name, receiver, call, dialect) : undefined;
}

function ranBy(runner: NonNullable<Draft["runner"]>, given: CallReading | undefined): CallReading | undefined {
  return given && { drafts: given.drafts.map((one) => ({ ...one, runner })) };
}

export function readOp(
  role: "op" | "batch",
  name: string,
  receiver: Value,
  call: Call,
  dialect: Dialect,
): CallReading | undefined {
  if (isSilent(name)) return undefined;
  if (name === "execute") return ranBy("op", reading(readExecute(call, dialect)));
  const place = placeOf(call, role === "op" ? "directive" : "batch");
  if (name === "run_async") return reading([draft(opaque("unknown", "an asynchronous function runs here"), place)]);
  if (name === "invoke") return readInvoked(call, dialect);
  const known = directive(name);
  const parameters = role === "op" ? known?.parameters : known?.batch;
  if (known === undefined || parameters === undefined) {
    return reading([draft(opaque("schema", `\`${name}\` is not a directive that Alembic comes with`), place)]);
  }
  const sketches =
    role === "op"
      ? readDirective(known, call.args, dialect)
      : readBatchDirective(known, parameters, call.args, receiver, dialect);
  return reading(sketches.map((sketch) => draft(sketch, place)));
}

/** Also of a batch: an operation object names its own table. */
function readInvoked(call: Call, dialect: Dialect): CallReading {
  const invoked = invocationOf(call.args[0]?.value);
  if (invoked?.name === "execute") return reading(readExecute({ ...call, args: invoked.args }, dialect));
  const known = invoked && directive(invoked.name);
  const sketches = known
    ? readDirective(known, invoked.args, dialect)
    : [opaque("schema", "an operation object is invoked")];
  return reading(sketches.map((sketch) => draft(sketch, placeOf(call, "directive"))));
}

type Runner = "connection" | "session" | "context";
const isRunner = (role: Role): role is Runner => role === "connection" || role === "session" || role === "context";

/** Methods that run the statement that they are given. */
const executing = new Set([
  "execute",
  "exec_driver_sql",
  "scalar",
  "scalars",
  "exec",
  "executemany",
  "stream",
  "stream_scalars",
  "executescript",
]);
/** Those of SQLAlchemy itself that want a construct. */
const wantsConstruct = new Set(["execute", "scalar", "scalars", "stream", "stream_scalars"]);

/** Where a plain string is handed to a connection or session that is known to be SQLAlchemy's, and no driver's. */
function bareStringOf(name: string, call: Call): Range | undefined {
  const { statement } = executed(call);
  const receiver = calleeOf(call)?.receiver;
  if (!wantsConstruct.has(name) || !isText(statement) || !receiver || !isOfSqlAlchemy(receiver)) return undefined;
  const argument = call.args.find(({ value }) => value === statement);
  if (!argument || argument.starred) return undefined;
  const { start, end } = argument.name === undefined ? argument.range : statement.range;
  return { start, end };
}

const ownConnections = new Set(["get_bind", "connect", "begin", "execution_options", "Session", "connection"]);

/** `op.get_bind()`, `engine.connect()`, `Session(bind)`; not a cursor, and not the connection of a driver. */
function isOfSqlAlchemy(receiver: Value): boolean {
  if (receiver.kind === "choice") return receiver.options.every(isOfSqlAlchemy);
  if (receiver.kind === "member")
    return (receiver.name === "bind" || receiver.name === "connection") && roleOf(receiver.of) === "context";
  if (receiver.kind !== "call") return false;
  const construct = built(receiver) ?? calleeOf(receiver)?.name;
  if (construct !== undefined && ownConnections.has(construct)) return true;
  const factory = built(receiver.callee);
  return factory === "sessionmaker" || factory === "scoped_session";
}

/** Methods of a connection about its transaction, as the SQL that they stand for. */
const transactional: ReadonlyMap<string, string> = new Map([
  ["commit", "commit"],
  ["rollback", "rollback"],
  ["begin", "begin"],
  ["begin_nested", "savepoint"],
  ["prepare", "commit"],
  ["recover_twophase", "begin"],
]);

/** What they do to what `begin_nested()` gives. */
const ofSavepoint: ReadonlyMap<string, string> = new Map([
  ["commit", "release"],
  ["rollback", "rollback_to"],
]);

const isSavepoint = ({ callee }: Call): boolean =>
  callee.kind === "member" && callee.of.kind === "call" && lastName(callee.of.callee) === "begin_nested";

function readRunner(role: Runner, name: string, call: Call, dialect: Dialect): CallReading | undefined {
  if (executing.has(name)) {
    const bare = bareStringOf(name, call);
    const drafts = readExecute(call, dialect);
    return reading(bare ? drafts.map((one) => ({ ...one, bareString: bare })) : drafts);
  }
  if (role === "session") return readQueryOrSession(name, call, dialect);
  const transaction = isSavepoint(call) ? ofSavepoint.get(name) : transactional.get(name);
  if (transaction !== undefined) {
    const made = action({ kind: "transaction", effect: "transaction", name: transaction });
    return reading([draft({ action: made, doubts: [] }, placeOf(call, "core"))]);
  }
  if (name.startsWith("copy_")) return reading([draft(copying(call), placeOf(call, "core"))]);
  if (name === "run_sync")
    return reading([draft(opaque("unknown", "a function is run on the connection"), placeOf(call, "python"))]);
  return undefined;
}

function readQueryOrSession(name: string, call: Call, dialect: Dialect): CallReading | undefined {
  const query = readQuery(call, dialect);
  return query ? reading(query) : readSession(name, call, dialect);
}

/** `cursor.copy_expert(sql, file)`, `cursor.copy_from(file, "table")`. */
function copying(call: Call): Sketch {
  const table = call.args.map(({ value }) => textOf(value)).find((text) => text !== undefined && /^[\w.]+$/.test(text));
  return {
    action: action({
      kind: "copy",
      effect: "data",
      table: table === undefined ? undefined : { name: table },
      incomplete: true,
    }),
    doubts: ["what is copied is not read"],
  };
}

export function readExecute(call: Call, dialect: Dialect): readonly Draft[] {
  const { statement, parameters } = executed(call);
  return readExecuted({ statement, parameters }, placeOf(call, "core"), dialect);
}

function executed(call: Call): { readonly statement: Value | undefined; readonly parameters: Value | undefined } {
  const bound = bind(call.args, [
    "sqltext|statement|object_|clauseelement|sql|operation|query",
    "multiparams|params|parameters|seq_of_parameters|params_list",
  ]);
  return { statement: bound.get("sqltext"), parameters: bound.get("multiparams") ?? keywordValues(call) };
}

const options = new Set([
  "sqltext",
  "statement",
  "object_",
  "sql",
  "operation",
  "query",
  "execution_options",
  "bind_arguments",
]);

/** `conn.execute(t.insert(), id=1)`, as older versions of SQLAlchemy allow. */
function keywordValues(call: Call): Value | undefined {
  const entries = call.args.flatMap(({ name, value, range }): [Value, Value][] =>
    name === undefined || options.has(name)
      ? []
      : [[{ kind: "text", text: name, holes: [], pieces: [], range }, value]],
  );
  return entries.length > 0 ? { kind: "mapping", entries, complete: true, range: call.range } : undefined;
}

const looksLikeSql =
  /^[\s(]*(?:--|\/\*|(?:SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|CREATE|ALTER|DROP|TRUNCATE|COPY|SET|RESET|SHOW|EXPLAIN|GRANT|REVOKE|COMMENT|LOCK|REINDEX|VACUUM|ANALYZE|REFRESH|DO|CALL|EXEC|EXECUTE|DECLARE|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|PRAGMA|REPLACE|RENAME|USE|IF)\b)/i;

/** A method of a value of which nothing is known: a parameter, an attribute, what an imported function returned. */
function readUnknownReceiver(name: string, receiver: Value, call: Call, dialect: Dialect): CallReading | undefined {
  if (receiver.kind === "class" || receiver.kind === "mapping" || receiver.kind === "sequence") return undefined;
  if (executing.has(name)) {
    const { statement, parameters } = executed(call);
    const place = placeOf(call, "core");
    const sql = isText(statement) && (looksLikeSql.test(statement.text) || statement.text.startsWith(HOLE));
    if (sql || (statement !== undefined && !isText(statement))) {
      const drafts = readStatementValue({ statement, parameters }, place, dialect, 12);
      if (drafts) return reading(drafts);
    }
    // A library's `scalar` or `exec` is its own affair; `execute` of an unknown thing may be a cursor's.
    return name === "execute" && receiver.kind !== "reference" && statement !== undefined
      ? reading(readExecuted({ statement, parameters }, place, dialect))
      : undefined;
  }
  return readHandedOver(name, receiver, call, dialect);
}

/** `op`, a batch or a session that came in as a parameter: told by the name and arguments of what is called. */
function readHandedOver(name: string, receiver: Value, call: Call, dialect: Dialect): CallReading | undefined {
  const known = directive(name);
  const first = call.args[0]?.value;
  if (known && first && name !== "bulk_insert") {
    const onBatch = columnCall(first) !== undefined && name === "add_column";
    if (receiver.kind === "unknown" && (isText(first) || onBatch)) {
      return readOp(onBatch ? "batch" : "op", name, receiver, call, dialect);
    }
  }
  if (name === "bulk_insert" && receiver.kind === "unknown" && call.args.length > 1)
    return readOp("op", name, receiver, call, dialect);
  const ofModel = first?.kind === "call" && first.callee.kind === "class";
  if ((name === "add" || name === "merge") && ofModel) return readSession(name, call, dialect);
  if (
    /^bulk_(?:save_objects|insert_mappings|update_mappings)$/.test(name) ||
    (receiver.kind === "unknown" && (name === "commit" || name === "rollback" || name === "flush"))
  ) {
    return readSession(name, call, dialect);
  }
  return undefined;
}
