/** The arguments of a call, with `*` and `**` unpacked where their contents are known. */
import { itemsOf } from "./containers.ts";
import { rangeOf, type Interpreter } from "./interpreter.ts";
import { type Node, textOf } from "./node.ts";
import type { Scope } from "./scope.ts";
import { isKnown } from "./text.ts";
import type { Argument, Value } from "./value.ts";

export const argument = (node: Node, value: Value): Argument => ({ value, range: rangeOf(node) });

export function readArguments(vm: Interpreter, list: Node, scope: Scope): Argument[] {
  return list.children.flatMap((node): Argument[] => {
    const [first, second] = node.children;
    if (node.type === "keyword_argument" && first && second) {
      return [{ name: textOf(vm.text, first), value: vm.evaluate(second, scope), range: rangeOf(node) }];
    }
    if (node.type === "list_splat" && first) {
      const value = vm.evaluate(first, scope);
      const items = itemsOf(value);
      return items ? items.map((item) => argument(node, item)) : [{ starred: true, value, range: rangeOf(node) }];
    }
    if (node.type === "dictionary_splat" && first) return spread(vm.evaluate(first, scope), node);
    return [argument(node, vm.evaluate(node, scope))];
  });
}

function spread(value: Value, node: Node): Argument[] {
  const known = value.kind === "mapping" && value.complete && value.entries.every(([key]) => isKnown(key));
  if (!known) return [{ starred: true, value, range: rangeOf(node) }];
  return value.entries.flatMap(([key, item]) =>
    key.kind === "text" ? [{ name: key.text, value: item, range: rangeOf(node) }] : [],
  );
}
