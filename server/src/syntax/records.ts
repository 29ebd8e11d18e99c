/** Dataclasses and named tuples: classes whose `__init__` follows from their fields. */
import type { Range } from "../text/range.ts";
import { sequence } from "./containers.ts";
import { rangeOf, type Interpreter } from "./interpreter.ts";
import { childOf, type Node, textOf } from "./node.ts";
import type { Argument, Definition, Value } from "./value.ts";

type Fields = NonNullable<Definition["fields"]>;

interface Class {
  readonly bases: readonly Value[];
  readonly decorators: readonly string[];
  readonly members: ReadonlyMap<string, Value>;
}

const isTupleBase = (base: Value): boolean =>
  base.kind === "reference" && /^typing(?:_extensions)?\.NamedTuple$/.test(base.path);

/** Those of the bases, then the annotated names of the body; undefined for any other class. */
export function fieldsOf(vm: Interpreter, node: Node, { bases, decorators, members }: Class): Fields | undefined {
  const inherited = bases.flatMap((base) => (base.kind === "class" ? (base.fields ?? []) : []));
  if (!decorators.includes("dataclass") && !bases.some(isTupleBase))
    return inherited.length > 0 ? inherited : undefined;
  const own = (childOf(node, "block")?.children ?? []).flatMap((statement) => {
    const assignment = statement.type === "expression_statement" ? childOf(statement, "assignment") : undefined;
    const [target] = assignment?.children ?? [];
    const annotation = assignment && childOf(assignment, "type");
    if (target?.type !== "identifier" || !annotation || textOf(vm.text, annotation).includes("ClassVar")) return [];
    const name = textOf(vm.text, target);
    const value = members.get(name);
    return [{ name, ...(value ? { default: value } : {}) }];
  });
  const replaced = new Set(own.map(({ name }) => name));
  return [...inherited.filter(({ name }) => !replaced.has(name)), ...own];
}

/** What each field is given by a call; undefined where that cannot be told. */
export function bindFields(
  vm: Interpreter,
  fields: Fields,
  args: readonly Argument[],
  range: Range,
): ReadonlyMap<string, Value> | undefined {
  if (args.some((arg) => arg.starred)) return undefined;
  const positional = args.filter((arg) => arg.name === undefined);
  const bound = new Map<string, Value>();
  fields.forEach((field, i) => {
    const given = positional[i] ?? args.find((arg) => arg.name === field.name);
    const value = given?.value ?? (field.default && defaultOf(vm, field.default, range));
    if (value) bound.set(field.name, value);
  });
  return bound.size === fields.length && positional.length <= fields.length ? bound : undefined;
}

/** Also of `field(default_factory=list)`. */
function defaultOf(vm: Interpreter, value: Value, range: Range): Value | undefined {
  if (value.kind !== "call" || value.callee.kind !== "reference" || value.callee.path !== "dataclasses.field")
    return value;
  const named = (name: string): Value | undefined => value.args.find((arg) => arg.name === name)?.value;
  const factory = named("default_factory");
  if (!factory) return named("default");
  return vm.invoke({ callee: factory, args: [], range, nameRange: range, use: "expression" });
}

/** `Point("a", "b")`, where `Point` is a named tuple. */
export function makeTuple(
  vm: Interpreter,
  type: Definition,
  args: readonly Argument[],
  range: Range,
): Value | undefined {
  if (!type.fields || !(type.bases ?? []).some(isTupleBase)) return undefined;
  const bound = bindFields(vm, type.fields, args, range);
  if (!bound) return undefined;
  return { ...sequence([...bound.values()], range, "tuple"), names: [...bound.keys()], range: rangeOf(range) };
}
