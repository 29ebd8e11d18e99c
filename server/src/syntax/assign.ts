/** Targets of assignments: names, attributes, items and patterns of them. */
import { rebind } from "./aliases.ts";
import { itemAt, itemsOf, mutated, sequence, withEntry } from "./containers.ts";
import { rangeOf, unknown, type Interpreter } from "./interpreter.ts";
import { type Node, textOf } from "./node.ts";
import { choose, type Scope } from "./scope.ts";
import { indexesOf, readBounds, type Bounds } from "./subscript.ts";
import type { Sequence, Value } from "./value.ts";

export function assign(vm: Interpreter, target: Node, value: Value, scope: Scope): void {
  switch (target.type) {
    case "identifier":
      vm.journal.bind(scope, textOf(vm.text, target), value);
      return;
    case "attribute":
      assignAttribute(vm, target, value, scope);
      return;
    case "subscript":
      assignItem(vm, target, value, scope);
      return;
    case "pattern_list":
    case "tuple_pattern":
    case "list_pattern":
    case "tuple":
    case "list":
    case "expression_list":
      assignAll(vm, target.children, value, scope);
      return;
    case "list_splat_pattern":
    case "list_splat":
    case "parenthesized_expression":
    case "as_pattern_target":
      if (target.children[0]) vm.assign(target.children[0], value, scope);
  }
}

function assignAttribute(vm: Interpreter, target: Node, value: Value, scope: Scope): void {
  const [object, attribute] = target.children;
  if (!object || !attribute) return;
  const of = vm.evaluate(object, scope);
  const name = textOf(vm.text, attribute);
  const attributes = vm.attributes.get(of);
  if (attributes) vm.journal.bind(attributes, name, value);
  if (!attributes || of.kind === "call") vm.watcher.attributeSet(of, name, value, rangeOf(target), rangeOf(attribute));
}

function assignItem(vm: Interpreter, target: Node, value: Value, scope: Scope): void {
  changeItem(vm, target, scope, (one, index) => {
    if (one.kind === "mapping" && index?.kind === "key") return withEntry(one, index.key, value);
    if (one.kind !== "sequence") return one;
    const at = index && placesOf(one, index);
    const items = index?.kind === "slice" ? itemsOf(value) : [value];
    if (!at || !items) return { ...one, items: [...one.items, value], complete: false };
    const [first = one.items.length] = at;
    return { ...one, items: one.items.toSpliced(first, at.length, ...items) };
  });
}

/** `del target`: of a list or dictionary an item goes, of a name nothing is left. */
export function remove(vm: Interpreter, target: Node, scope: Scope): void {
  if (target.type === "subscript") {
    changeItem(vm, target, scope, (one, index) => {
      if (one.kind === "mapping" && index?.kind === "key")
        return mutated(one, "pop", [{ value: index.key, range: index.key.range }]) ?? one;
      const at = one.kind === "sequence" && index ? placesOf(one, index) : undefined;
      if (one.kind !== "sequence") return one;
      return at ? { ...one, items: one.items.filter((_, i) => !at.includes(i)) } : { ...one, complete: false };
    });
  } else if (target.type !== "identifier" && target.type !== "attribute")
    for (const child of target.children) remove(vm, child, scope);
}

type Index = { readonly kind: "key"; readonly key: Value } | ({ readonly kind: "slice" } & Bounds);

/** Changes the container that a subscript is of, in each of its forms. */
function changeItem(
  vm: Interpreter,
  target: Node,
  scope: Scope,
  change: (one: Value, index: Index | undefined) => Value,
): void {
  const [object, node] = target.children;
  if (!object || !node) return;
  const of = vm.evaluate(object, scope);
  const bounds = node.type === "slice" ? readBounds(vm, node, scope) : undefined;
  const index: Index | undefined =
    node.type !== "slice" ? { kind: "key", key: vm.evaluate(node, scope) } : bounds && { kind: "slice", ...bounds };
  const options = of.kind === "choice" ? of.options : [of];
  const results = options.map((one) => change(one, index));
  if (results.every((result, i) => result === options[i])) return;
  const after = choose(results, target);
  vm.assign(object, after, scope);
  rebind(vm, of, after);
  if (object.type === "identifier") vm.watcher.mutated(textOf(vm.text, object));
}

/** The places that an index or a slice without a step means; undefined where that is not known. */
function placesOf({ items, complete }: Sequence, index: Index): readonly number[] | undefined {
  if (!complete) return undefined;
  if (index.kind === "slice") {
    if (index.step !== undefined && index.step !== 1) return undefined;
    const places = indexesOf(index, items.length);
    // An empty slice still has a place, where things may be put in.
    return places.length === 0 && items.length > 0 && (index.from ?? 0) !== items.length ? undefined : places;
  }
  const { key } = index;
  if (key.kind !== "scalar" || typeof key.value !== "number") return undefined;
  const at = key.value < 0 ? items.length + key.value : key.value;
  return at >= 0 && at < items.length ? [at] : undefined;
}

function assignAll(vm: Interpreter, targets: readonly Node[], value: Value, scope: Scope): void {
  const items = itemsOf(value);
  const star = targets.findIndex((target) => target.type === "list_splat_pattern" || target.type === "list_splat");
  targets.forEach((target, i) => {
    const index = star >= 0 && i > star ? i - targets.length : i;
    const rest =
      i === star && items ? sequence(items.slice(star, items.length - (targets.length - star - 1)), target) : undefined;
    const item = items && items.length >= targets.length - (star >= 0 ? 1 : 0) ? items.at(index) : undefined;
    const position: Value = { kind: "scalar", value: index, range: rangeOf(target) };
    vm.assign(
      target,
      rest ?? item ?? itemAt(value, position) ?? unknown("an element of something", target, value),
      scope,
    );
  });
}
