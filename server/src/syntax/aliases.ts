/** One list, several names: `todo = names` and then `todo.append(…)` changes both. */
import { textOf, walk, type Node } from "./node.ts";
import { lookUp } from "./scope.ts";
import type { Interpreter } from "./interpreter.ts";
import type { Scope } from "./scope.ts";
import type { Value } from "./value.ts";

/** Names that stand for `before`, in the functions that are running and around them, from now on stand for `after`. */
export function rebind(vm: Interpreter, before: Value, after: Value): void {
  if (before.kind === "choice") return;
  vm.changed.add(before);
  const seen = new Set<Scope>();
  for (const { scope } of vm.running)
    for (let at: Scope | undefined = scope; at && !seen.has(at); at = at.parent) {
      seen.add(at);
      for (const [name, value] of at.names) if (value === before) vm.journal.bind(at, name, after);
    }
}

/**
 * Answers whether a list or dictionary that the expression names has been changed since: a loop over it would see that,
 * as it goes on.
 */
export function watchSources(vm: Interpreter, expression: Node, scope: Scope): () => boolean {
  const names = [...walk(expression)].filter((node) => node.type === "identifier");
  const values = new Set(names.flatMap((node) => lookUp(scope, textOf(vm.text, node)) ?? []));
  return () => [...values].some((value) => vm.changed.has(value));
}
