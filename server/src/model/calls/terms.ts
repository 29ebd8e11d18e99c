/** The words that the readers of calls share: what is called on what, and what a value says about itself. */
import { HOLE, type Call, type Choice, type Reference, type Text, type Value } from "../../syntax/value.ts";

/** What is called, and on what: `op.execute` and `session.execute` alike, whether a name or a value carries it. */
export interface Callee {
  readonly name: string;
  /** The value or the name that the method is taken from; absent for a bare name such as `print`. */
  readonly receiver?: Value;
}

/** Where several names lead to one module, the one that the readers know. */
export function calleeOf(call: Call): Callee | undefined {
  const { callee } = call;
  if (callee.kind === "member") return { name: callee.name, receiver: callee.of };
  if (callee.kind !== "reference") return undefined;
  const { parent, name } = splitPath(callee.path);
  return parent === ""
    ? { name }
    : { name, receiver: { kind: "reference", path: parent, range: callee.range } satisfies Reference };
}

export function splitPath(path: string): { readonly parent: string; readonly name: string } {
  const dot = path.lastIndexOf(".");
  return { parent: dot < 0 ? "" : path.slice(0, dot), name: path.slice(dot + 1) };
}

/** The last part of the name of what is called: `PGView` of `alembic_utils.pg_view.PGView`. */
export const lastOf = (callee: Value): string | undefined =>
  callee.kind === "reference" ? splitPath(callee.path).name : callee.kind === "member" ? callee.name : undefined;

const sqlalchemyRoots = new Set(["sqlalchemy", "sqlmodel", "geoalchemy2", "sqlalchemy_utils", "pgvector"]);

/**
 * The name of a construct of SQLAlchemy, without the module that it came through: `Column` of `sqlalchemy.Column`,
 * `sqlalchemy.schema.Column` and of an application's `db.Column`.
 */
export function constructName(value: Value): string | undefined {
  if (value.kind !== "reference") return undefined;
  const { parent, name } = splitPath(value.path);
  const root = value.path.slice(0, value.path.indexOf("."));
  if (sqlalchemyRoots.has(root)) return canonical.get(name) ?? name;
  const owner = splitPath(parent).name;
  if (owner !== "db" && owner !== "sa" && owner !== "orm") return undefined;
  return /^[A-Z]/.test(name) || lowerCase.has(name) ? (canonical.get(name) ?? name) : undefined;
}

const lowerCase = new Set(
  "table column text select insert update delete func null and_ or_ mapped_column aliased".split(" "),
);

const libraries =
  /^(?:sqlalchemy|sqlmodel|alembic|builtins|datetime|uuid|json|typing|enum|decimal|collections|pathlib|logging|re)\./;

export const isLibrary = (path: string): boolean => libraries.test(path);

/**
 * A capitalised name from elsewhere, as models have; with `attribute`, also an attribute of one: `app.models.User.id`.
 * Constants and members of enumerations are written in capitals.
 */
export const isImportedModel = (path: string, attribute = false): boolean =>
  !libraries.test(path) && (attribute ? modelAttribute : modelName).test(path);

const modelName = /\.[A-Z]+[a-z]\w{2,}$/;
const modelAttribute = /\.[A-Z]+[a-z]\w{2,}(?:\.(?![A-Z0-9_]+$)\w+)?$/;

const canonical = new Map([
  ["Insert", "insert"],
  ["Update", "update"],
  ["Delete", "delete"],
  ["Select", "select"],
  ["TextClause", "text"],
  ["TableClause", "table"],
  ["ENUM", "Enum"],
  ["mapped_column", "Column"],
  ["AsyncSession", "Session"],
  ["async_sessionmaker", "sessionmaker"],
  ["async_scoped_session", "scoped_session"],
]);

/** The name of the construct that a call builds: `Column` of `sa.Column("x", …)`. */
export const built = (value: Value): string | undefined =>
  value.kind === "call" ? constructName(value.callee) : undefined;

/** The characters of a string that is known in full. */
export function textOf(value: Value | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value.kind === "text") return value.text.includes(HOLE) ? undefined : value.text;
  if (value.kind === "choice") return agreed(value, textOf);
  return undefined;
}

/** What all arms of a choice say, if they say the same. */
export function agreed<T>(choice: Choice, of: (value: Value) => T | undefined): T | undefined {
  const [first, ...others] = choice.options;
  const said = first === undefined ? undefined : of(first);
  return said !== undefined && others.every((other) => of(other) === said) ? said : undefined;
}

export function booleanOf(value: Value | undefined): boolean | undefined {
  if (value?.kind === "choice") return agreed(value, booleanOf);
  if (value?.kind !== "scalar") return undefined;
  if (value.value === 0 || value.value === 1) return value.value === 1;
  return typeof value.value === "boolean" ? value.value : undefined;
}

export const isNone = (value: Value | undefined): boolean => value?.kind === "scalar" && value.value === null;

/** Python's None, or SQL's NULL as SQLAlchemy builds it. */
export const isNull = (value: Value): boolean => isNone(value) || built(value) === "null";

/** `name(value)` for wrappers that do not change what a name is: `op.f`, `quoted_name`, `conv`. */
export function unwrapName(value: Value): Value {
  if (value.kind !== "call") return value;
  const name = calleeOf(value)?.name;
  const first = value.args[0]?.value;
  return first !== undefined && (name === "f" || name === "quoted_name" || name === "conv") ? unwrapName(first) : value;
}

/** An identifier, given as a string or through a wrapper of one. */
export const nameOf = (value: Value | undefined): string | undefined =>
  value === undefined ? undefined : textOf(unwrapName(value));

/** Why a value is not known, in words that continue a sentence. */
export function whyUnknown(value: Value | undefined, what: string): string {
  if (value === undefined) return `${what} is not given`;
  if (value.kind === "unknown") return `${what} is not known: ${value.why}`;
  if (value.kind === "choice") return `${what} is one of several`;
  if (value.kind === "sequence" || value.kind === "mapping") return `${what} is only known in part`;
  if (value.kind === "reference") return `${what} comes from \`${value.path}\``;
  return `${what} is not a constant`;
}

export const isText = (value: Value | undefined): value is Text => value?.kind === "text";
