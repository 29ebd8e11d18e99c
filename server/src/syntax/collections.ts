/** Displays and comprehensions of lists, sets, tuples and dictionaries. */
import { distinctItems, extend, mapping, sequence } from "./containers.ts";
import { maximalTurns, rangeOf, unknown, type Interpreter } from "./interpreter.ts";
import type { Node } from "./node.ts";
import { iterated } from "./iteration.ts";
import { truthOf } from "./operators.ts";
import { newScope, type Scope } from "./scope.ts";
import type { Tested, Value } from "./value.ts";

export function readSequence(vm: Interpreter, node: Node, scope: Scope): Value {
  const type = node.type === "list" ? "list" : node.type === "set" ? "set" : "tuple";
  let result = sequence([], node, type);
  const items: Value[] = [];
  for (const child of node.children) {
    const value = vm.evaluate(child, scope);
    if (child.type !== "list_splat") items.push(value);
    else {
      result = extend({ ...result, items: result.items.concat(items.splice(0)) }, value);
    }
  }
  const all = result.items.length > 0 ? result.items.concat(items) : items;
  return { ...result, items: type === "set" ? distinctItems(all) : all };
}

export function readMapping(vm: Interpreter, node: Node, scope: Scope): Value {
  const entries: (readonly [Value, Value])[] = [];
  let complete = true;
  for (const child of node.children) {
    const [first, second] = child.children;
    if (child.type === "pair" && first && second) entries.push([vm.evaluate(first, scope), vm.evaluate(second, scope)]);
    else if (child.type === "dictionary_splat" && first) {
      const value = vm.evaluate(first, scope);
      if (value.kind === "mapping") for (const entry of value.entries) entries.push(entry);
      complete &&= value.kind === "mapping" && value.complete;
    } else complete = false;
  }
  return mapping(entries, node, complete);
}

export function comprehend(vm: Interpreter, node: Node, outer: Scope): Value {
  const [body, ...clauses] = node.children;
  if (!body) return unknown("incomplete code", node);
  const items: Value[] = [];
  const entries: [Value, Value][] = [];
  const under: (readonly Tested[])[] = [];
  const tests: Tested[] = [];
  let complete = true as boolean;
  const overs: Value[] = [];
  const scope = newScope(outer);
  const run = (index: number): void => {
    const clause = clauses[index];
    if (!clause) {
      const [key, item] = body.children;
      under.push([...tests]);
      if (body.type === "pair" && key && item) entries.push([vm.evaluate(key, scope), vm.evaluate(item, scope)]);
      else items.push(vm.evaluate(body, scope));
    } else if (clause.type === "if_clause") {
      const test = clause.children[0] ? vm.evaluate(clause.children[0], scope) : unknown("incomplete code", clause);
      const truth = truthOf(test);
      if (truth === undefined) {
        complete = false;
        tests.push({ test, negated: false, range: rangeOf(clause) });
      }
      if (truth !== false) run(index + 1);
      if (truth === undefined) tests.pop();
    } else if (clause.type === "for_in_clause") {
      const [target, iterable] = clause.children;
      if (!target || !iterable) return;
      const over = vm.evaluate(iterable, scope);
      const turns = iterated(over);
      const each = (item: Value): void => {
        vm.assign(target, item, scope);
        run(index + 1);
      };
      if (turns && turns.length <= maximalTurns * 16) for (const turn of turns) each(turn);
      else {
        complete = false;
        overs.push(over);
        vm.watcher.within(
          { kind: "loop", over, constant: turns !== undefined, endless: false, range: rangeOf(node) },
          () => {
            each(unknown("an element of something", iterable, over));
          },
        );
      }
    }
  };
  run(0);
  const each = clauses.length === 1 ? overs[0] : undefined;
  if (body.type === "pair") return { ...mapping(entries, node, complete), ...(each && { each }) };
  const isSet = node.type === "set_comprehension";
  const kept = isSet ? distinctItems(items) : items;
  const isFiltered = !complete && overs.length === 0 && kept.length === items.length;
  return {
    ...sequence(kept, node, isSet ? "set" : "list", complete),
    ...(each && { each }),
    ...(isFiltered && { under }),
  };
}
