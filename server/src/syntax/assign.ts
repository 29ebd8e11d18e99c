/** Targets of assignments: names, attributes, items and patterns of them. */
import { itemAt, itemsOf, sequence, withEntry } from "./containers.ts";
import { rangeOf, unknown, type Interpreter } from "./interpreter.ts";
import { type Node, textOf } from "./node.ts";
import { choose, type Scope } from "./scope.ts";
import type { Value } from "./value.ts";

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
  const [object, index] = target.children;
  if (!object || !index) return;
  const of = vm.evaluate(object, scope);
  const key = index.type === "slice" ? undefined : vm.evaluate(index, scope);
  const changed = (one: Value): Value => {
    if (one.kind === "mapping" && key) return withEntry(one, key, value);
    if (one.kind === "sequence") return { ...one, items: [...one.items, value], complete: false };
    return one;
  };
  const options = of.kind === "choice" ? of.options : [of];
  const results = options.map(changed);
  if (results.some((result, i) => result !== options[i])) vm.assign(object, choose(results, target), scope);
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
