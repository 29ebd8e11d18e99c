/** What a value is in the terms of Alembic and SQLAlchemy, as far as its construction tells. */
import type { Call, Value } from "../../syntax/value.ts";
import type { Role, RoleOf } from "../reading.ts";
import { isModel, tableOf } from "./tables.ts";
import { built, calleeOf, isImportedModel, isLibrary, isNone, splitPath } from "./terms.ts";

export const roleOf: RoleOf = (value) => role(value, 64);

const byPath: Readonly<Record<string, Role>> = {
  "alembic.op": "op",
  "alembic.context": "context",
  "alembic.operations.Operations": "op",
  "alembic.op.impl": "context",
};

/** Constructs of SQLAlchemy, by what calling them gives. */
const byConstruct: Readonly<Record<string, Role>> = {
  Session: "session",
  create_session: "session",
  scoped_session: "session",
  create_engine: "connection",
  engine_from_config: "connection",
  Connection: "connection",
  inspect: "inspector",
  Inspector: "inspector",
  from_engine: "inspector",
  text: "executable",
  DDL: "executable",
  select: "executable",
  insert: "executable",
  update: "executable",
  delete: "executable",
  union: "executable",
  union_all: "executable",
  exists: "executable",
  CreateTable: "executable",
  DropTable: "executable",
  CreateIndex: "executable",
  DropIndex: "executable",
  AddConstraint: "executable",
  DropConstraint: "executable",
  CreateSchema: "executable",
  DropSchema: "executable",
  CreateSequence: "executable",
  DropSequence: "executable",
};

/** What a method gives, by the role of what it is called on. */
const byMethod: Partial<Record<Role, Readonly<Record<string, Role>>>> = {
  op: {
    get_bind: "connection",
    get_context: "context",
    batch_alter_table: "batch",
    create_table: "table",
    context: "op",
  },
  batch: { get_bind: "connection", get_context: "context" },
  context: { get_bind: "connection", get_context: "context", configure: "other" },
  connection: {
    connect: "connection",
    begin: "connection",
    begin_nested: "connection",
    execution_options: "connection",
    cursor: "connection",
    raw_connection: "connection",
    get_bind: "connection",
    execute: "result",
    exec_driver_sql: "result",
    scalar: "result",
    scalars: "result",
    fetchall: "result",
    fetchone: "result",
    fetchmany: "result",
  },
  session: {
    connection: "connection",
    get_bind: "connection",
    query: "executable",
    execute: "result",
    scalar: "result",
    scalars: "result",
    get: "result",
    begin: "session",
    begin_nested: "session",
    registry: "session",
  },
};

const byAttribute: Partial<Record<Role, Readonly<Record<string, Role>>>> = {
  context: { bind: "connection", connection: "connection", impl: "context" },
  connection: {
    engine: "connection",
    connection: "connection",
    bind: "connection",
    dbapi_connection: "connection",
    driver_connection: "connection",
  },
  session: { bind: "connection", session: "session" },
  op: { impl: "context", migration_context: "context" },
  batch: { impl: "context", migration_context: "context" },
};

/** Methods that run a query and give rows of it, Flask-SQLAlchemy's among them. */
export const queryEnds = new Set([
  "all",
  "first",
  "first_or_404",
  "one",
  "one_or_none",
  "scalar",
  "scalars",
  "count",
  "get",
  "get_or_404",
  "fetchall",
  "fetchone",
  "iterate",
  "paginate",
]);

function role(value: Value, depth: number): Role {
  if (depth === 0) return "other";
  switch (value.kind) {
    case "reference":
      return roleOfPath(value.path);
    case "call":
      return roleOfCall(value, depth);
    case "member": {
      if (value.name === "__table__") return "table";
      return byAttribute[role(value.of, depth - 1)]?.[value.name] ?? "other";
    }
    case "item":
      return tableOf(value) ? "table" : role(value.of, depth - 1) === "result" ? "result" : "other";
    case "class":
      return isModel(value) ? "table" : "other";
    case "choice": {
      const roles = new Set(value.options.filter((option) => !isNone(option)).map((option) => role(option, depth - 1)));
      const [only, ...others] = roles;
      return only !== undefined && others.length === 0 ? only : "other";
    }
    default:
      return "other";
  }
}

/** Names from outside: Alembic's own, and an application's `db.session` or `engine`. */
function roleOfPath(path: string): Role {
  const known = byPath[path];
  if (known) return known;
  const { parent, name } = splitPath(path);
  if (parent !== "" && (name === "bind" || name === "connection") && roleOfPath(parent) === "context")
    return "connection";
  // `LinkType.session` is a member of an enumeration, or of some other class.
  if (name === "session" && !path.startsWith("sqlalchemy")) return isImportedModel(parent) ? "other" : "session";
  if (name === "engine" && !path.startsWith("sqlalchemy")) return "connection";
  return "other";
}

/** `SessionLocal()`, `get_session()`, `get_engine()` of an application. */
function roleOfFactory(name: string): Role | undefined {
  if (/^(?:get_|create_|make_|new_)?(?:db_)?session(?:_?(?:local|maker|factory|scope))?$/i.test(name)) return "session";
  return /^(?:get_|create_|make_)?(?:db_)?engine$/i.test(name) ? "connection" : undefined;
}

function roleOfCall(call: Call, depth: number): Role {
  // `sessionmaker(bind=…)()`, also through `scoped_session`.
  const factory = built(call.callee);
  if (factory === "sessionmaker" || factory === "scoped_session") return "session";
  const construct = built(call);
  if (construct !== undefined && construct in byConstruct) return byConstruct[construct] ?? "other";
  if (call.callee.kind === "reference" && !isLibrary(call.callee.path)) {
    const made = roleOfFactory(splitPath(call.callee.path).name);
    if (made) return made;
  }
  if (tableOf(call)) return "table";
  const callee = calleeOf(call);
  if (callee?.receiver === undefined) return "other";
  const receiver = role(callee.receiver, depth - 1);
  const given = byMethod[receiver]?.[callee.name];
  if (given) return given;
  if (receiver === "executable") return queryEnds.has(callee.name) ? "result" : "executable";
  if (receiver === "result") return "result";
  if (receiver === "table")
    return ["insert", "update", "delete", "select"].includes(callee.name) ? "executable" : "other";
  // An `op` that was handed in as a parameter.
  if (callee.receiver.kind === "unknown") return byMethod.op?.[callee.name] ?? "other";
  return "other";
}

const live: ReadonlySet<Role> = new Set(["op", "batch", "connection", "session", "context"]);

/** An argument is a way to the database. */
export const hands = (call: Call): boolean => call.args.some(({ value }) => live.has(roleOf(value)));
