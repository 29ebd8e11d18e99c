/** A column type as it is built: which class of SQLAlchemy, from which module, with which arguments. */
import type { Dialect } from "../../../sql/action.ts";
import type { Argument, Definition, Value } from "../../../syntax/value.ts";
import { bind, type Bound } from "../arguments.ts";
import type { Range } from "../../../text/range.ts";
import { calleeOf, constructName, nameOf, splitPath } from "../terms.ts";
import { parametersOf } from "./parameters.ts";

export interface TypeConstruct {
  /** `String`, `TIMESTAMP`; `ENUM` is `Enum`. */
  readonly name: string;
  /** The dialect whose module it came from: `mysql` of `sqlalchemy.dialects.mysql.TINYINT`. */
  readonly from: string | undefined;
  readonly bound: Bound;
}

const deepest = 12;

/** Methods that give the type itself, or one that differs in Python only. */
const same = new Set(["copy", "evaluates_none", "as_mutable", "load_dialect_impl", "dialect_impl", "adapt"]);

/** The construct that the dialect is given. `undefined`: the value is none, or comes from elsewhere. */
export function typeConstruct(value: Value | undefined, dialect: Dialect, depth = deepest): TypeConstruct | undefined {
  if (value === undefined || depth === 0) return undefined;
  switch (value.kind) {
    case "reference":
      return construct(value, [], dialect, depth);
    case "class":
      return ofClass(value, [], dialect, depth);
    case "call":
      if (value.callee.kind === "class") return ofClass(value.callee, value.args, dialect, depth);
      return ofMethod(value, dialect, depth) ?? construct(value.callee, value.args, dialect, depth);
    default:
      return undefined;
  }
}

/** The type that `.with_variant(…)` was asked of. */
export function withoutVariants(value: Value | undefined): Value | undefined {
  const callee = value?.kind === "call" ? calleeOf(value) : undefined;
  return callee?.name === "with_variant" && callee.receiver ? withoutVariants(callee.receiver) : value;
}

function construct(
  callee: Value,
  args: readonly Argument[],
  dialect: Dialect,
  depth: number,
): TypeConstruct | undefined {
  if (callee.kind !== "reference") return undefined;
  const name = constructName(callee) ?? thirdParty.get(splitPath(callee.path).name);
  if (name === undefined || !/^[A-Z]/.test(name)) return undefined;
  const from = /^sqlalchemy\.dialects\.(\w+)\./.exec(callee.path)?.[1];
  if (name === "Variant") return typeConstruct(args[0]?.value, dialect, depth - 1);
  return { name, from, bound: bind(args, parametersOf(name, from)) };
}

/** Types of packages that say by their name alone what they are. */
const thirdParty: ReadonlyMap<string, string> = new Map([["CIText", "CITEXT"]]);

function ofMethod(
  value: Value & { readonly kind: "call" },
  dialect: Dialect,
  depth: number,
): TypeConstruct | undefined {
  const callee = calleeOf(value);
  if (callee?.receiver === undefined) return undefined;
  if (callee.name === "with_variant") {
    const [type, ...names] = value.args.map((argument) => argument.value);
    const mine = names.some((name) => nameOf(name) === dialect);
    return typeConstruct(mine ? type : callee.receiver, dialect, depth - 1);
  }
  // `MutableDict.as_mutable(JSONB)`.
  if (callee.name === "as_mutable") return typeConstruct(value.args[0]?.value, dialect, depth - 1);
  return same.has(callee.name) ? typeConstruct(callee.receiver, dialect, depth - 1) : undefined;
}

/** Methods with which a class of the project decides for itself, in ways that are not followed, what a database is given. */
const deciding = ["get_col_spec", "type_engine"];

/**
 * A `TypeDecorator` of the project says by `load_dialect_impl` what the dialect is given; else it hands its arguments on to
 * `impl`; where that is an instance, it is used as it is.
 */
function ofClass(
  type: Definition,
  args: readonly Argument[],
  dialect: Dialect,
  depth: number,
): TypeConstruct | undefined {
  const members = classMembers(type);
  if (deciding.some((name) => members.has(name))) return undefined;
  return members.has("load_dialect_impl")
    ? ofLoaded(type, members, { args, dialect, depth })
    : ofImpl(type, members, { args, dialect, depth });
}

interface Making {
  readonly args: readonly Argument[];
  readonly dialect: Dialect;
  readonly depth: number;
}

type Members = ReadonlyMap<string, Value>;

function ofImpl(type: Definition, members: Members, { args, dialect, depth }: Making): TypeConstruct | undefined {
  const impl = members.get("impl");
  if (impl === undefined) {
    const [base] = type.bases ?? [];
    return base?.kind === "reference" ? construct(base, args, dialect, depth - 1) : undefined;
  }
  if (members.has("__init__") && args.length > 0) return undefined;
  return impl.kind === "reference"
    ? construct(impl, args, dialect, depth - 1)
    : typeConstruct(impl, dialect, depth - 1);
}

function ofLoaded(type: Definition, members: Members, making: Making): TypeConstruct | undefined {
  const { args, dialect, depth } = making;
  const self: Value = { kind: "call", callee: type, args, nameRange: type.range, range: type.range };
  const loaded = type.ask?.("load_dialect_impl", self, [dialectObject(dialect, type.range)]);
  if (loaded === undefined || isOfBase(loaded)) return loaded && ofImpl(type, members, making);
  const impl = members.get("impl");
  const given = withoutDescriptor(loaded);
  // `self.impl` is not the class but what it made of the arguments.
  if (given?.kind === "reference" && impl?.kind === "reference" && given.path === impl.path)
    return given === loaded || args.length === 0 ? ofImpl(type, members, making) : undefined;
  return typeConstruct(given, dialect, depth - 1);
}

/** `super().load_dialect_impl(dialect)`, which gives `impl`. */
function isOfBase(value: Value): boolean {
  const callee = value.kind === "call" ? calleeOf(value) : undefined;
  return callee?.name === "load_dialect_impl";
}

/** What a type may ask of the dialect that it is handed: its name. */
function dialectObject(dialect: Dialect, range: Range): Value {
  const name: Value = { kind: "text", text: dialect, holes: [], pieces: [], range };
  const callee: Definition = { kind: "class", name: "Dialect", members: new Map([["name", name]]), range };
  return { kind: "call", callee, args: [], nameRange: range, range };
}

/** `dialect.type_descriptor(postgresql.UUID())` is the type that it is given. */
function withoutDescriptor(value: Value | undefined): Value | undefined {
  const callee = value?.kind === "call" ? calleeOf(value) : undefined;
  return value?.kind === "call" && callee?.name === "type_descriptor" ? value.args[0]?.value : value;
}

/** Its own and those of the bases in the file, which the own hide. */
export function classMembers(type: Definition, depth = 6): ReadonlyMap<string, Value> {
  const inherited = (type.bases ?? []).flatMap((base) =>
    base.kind === "class" && depth > 0 ? [...classMembers(base, depth - 1)] : [],
  );
  return new Map([...inherited, ...(type.members ?? [])]);
}
