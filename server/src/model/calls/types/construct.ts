/** A column type as it is built: which class of SQLAlchemy, from which module, with which arguments. */
import type { Dialect } from "../../../sql/action.ts";
import {
  superInit,
  type Argument,
  type Call,
  type Choice,
  type Definition,
  type Tested,
  type Value,
} from "../../../syntax/value.ts";
import { isFor } from "../../applies.ts";
import { contextOf } from "../../contexts.ts";
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
    case "choice":
      return typeConstruct(onlyOn(value, dialect), dialect, depth - 1);
    case "call": {
      const callee = value.callee.kind === "choice" ? onlyOn(value.callee, dialect) : undefined;
      if (callee) return typeConstruct({ ...value, callee }, dialect, depth - 1);
      if (value.callee.kind === "class") return ofClass(value.callee, value.args, dialect, depth);
      const lazy = behindProxy(value, dialect);
      if (lazy) return typeConstruct(lazy, dialect, depth - 1);
      return ofMethod(value, dialect, depth) ?? construct(value.callee, value.args, dialect, depth);
    }
    default:
      return undefined;
  }
}

/** Those that code for the dialect may come to: `JSONB() if bind.dialect.name == "postgresql" else sa.JSON()`. */
export function optionsOn({ options, under }: Choice, dialect: Dialect): readonly Value[] {
  const isOn = ({ test, negated, range }: Tested): boolean => {
    const context = contextOf({ kind: "branch", test, negated, range }, () => "other");
    return context === undefined || isFor(context, dialect);
  };
  return under ? options.filter((_, i) => under[i]?.every(isOn) !== false) : options;
}

/** The one that is left of them, where no other is. */
export function onlyOn(choice: Choice, dialect: Dialect): Value | undefined {
  const [only, ...others] = optionsOn(choice, dialect);
  return others.length === 0 ? only : undefined;
}

/**
 * `Proxy(load)` stands for what `load()` answers when the migration runs, when the dialect is known; and what is called by
 * its name, `Proxy(load)(length=50)`, for what that gives.
 */
function behindProxy({ callee, args }: Call, dialect: Dialect): Value | undefined {
  if (callee.kind === "call") {
    const stood = behindProxy(callee, dialect);
    if (stood?.kind === "function") return stood.answer?.(args, told(dialect));
    return stood?.kind === "class" || stood?.kind === "reference" ? { ...callee, callee: stood, args } : undefined;
  }
  const [load] = args;
  const isProxy = callee.kind === "reference" && callee.path === "lazy_object_proxy.Proxy";
  return isProxy && load?.value.kind === "function" ? load.value.answer?.([], told(dialect)) : undefined;
}

const told = (dialect: Dialect): ReadonlyMap<string, string> => new Map([["dialect.name", dialect]]);

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

function ofImpl(type: Definition, members: Members, making: Making): TypeConstruct | undefined {
  const { dialect, depth } = making;
  const made = handedOn(type, members, making);
  if (made === undefined) return undefined;
  const { args, own } = made;
  const impl = own ?? members.get("impl");
  if (impl === undefined) {
    const base = baseOf(type);
    return base && construct(base, args, dialect, depth - 1);
  }
  return impl.kind === "reference" && own === undefined
    ? construct(impl, args, dialect, depth - 1)
    : typeConstruct(impl, dialect, depth - 1);
}

/** What the type it is made of is given, and the `impl` that `__init__` puts in the place of the class's own. */
function handedOn(
  type: Definition,
  members: Members,
  { args }: Making,
): { readonly args: readonly Argument[]; readonly own?: Value | undefined } | undefined {
  if (!members.has("__init__")) return { args };
  const attributes = type.make?.(args)?.attributes;
  const handed = attributes?.get(superInit);
  // Before the base's `__init__`, `self.impl` would be set for nothing.
  const names = [...(attributes?.keys() ?? [])];
  const isLost = names.includes("impl") && names.indexOf("impl") < names.indexOf(superInit);
  return handed?.kind === "call" && !isLost ? { args: handed.args, own: attributes?.get("impl") } : undefined;
}

/** What the project's classes are derived from in the end. */
function baseOf({ bases = [] }: Definition, depth = 6): Value | undefined {
  const [base] = bases;
  return base?.kind === "class" && depth > 0 ? baseOf(base, depth - 1) : base?.kind === "reference" ? base : undefined;
}

function ofLoaded(type: Definition, members: Members, making: Making): TypeConstruct | undefined {
  const { args, dialect, depth } = making;
  const bare: Value = { kind: "call", callee: type, args, nameRange: type.range, range: type.range };
  const self = (members.has("__init__") ? type.make?.(args)?.object : undefined) ?? bare;
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
