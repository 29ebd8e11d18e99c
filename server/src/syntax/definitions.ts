/** Functions, lambdas and classes as values. */
import { rangeOf, type Interpreter } from "./interpreter.ts";
import { askQuietly } from "./methods.ts";
import { childOf, type Node } from "./node.ts";
import type { Scope } from "./scope.ts";
import type { Definition } from "./value.ts";

export function define(
  vm: Interpreter,
  node: Node,
  scope: Scope,
  kind: Definition["kind"],
  name: string,
  decorators: readonly string[] = [],
): Definition {
  const definition: Definition = {
    kind,
    name,
    range: rangeOf(node),
    answer: (args, told) => askQuietly(vm, definition, args, told),
  };
  vm.code.set(definition, { node, scope, decorators, home: vm.home });
  return definition;
}

export const bodyOf = (node: Node): readonly Node[] => childOf(node, "block")?.children ?? [];
