/** `with`: what is opened runs before its block and, where it is a context manager of the project itself, after it. */
import { readInvocation } from "./evaluate.ts";
import { rangeOf, type Completion, type Interpreter } from "./interpreter.ts";
import { isGenerator, runManager } from "./invoke.ts";
import { findMember, isOwnObject } from "./members.ts";
import { childOf, childrenOf, type Node } from "./node.ts";
import type { Scope } from "./scope.ts";
import type { Definition, Value } from "./value.ts";

export function executeWith(vm: Interpreter, node: Node, scope: Scope): Completion {
  const clause = childOf(node, "with_clause");
  const body = childOf(node, "block")?.children ?? [];
  const items = (clause ? childrenOf(clause, "with_item") : []).flatMap((item) => item.children);
  const open = (index: number): Completion => {
    const item = items[index];
    if (!item) return vm.execute(body, scope);
    const aliased = item.type === "as_pattern";
    const expression = aliased ? item.children[0] : item;
    const target = aliased ? item.children[1] : undefined;
    if (!expression) return open(index + 1);
    const enter: Enter = (value, managed) => {
      if (target) {
        vm.assign(target, value, scope);
        vm.watcher.bound(value);
      }
      const frame = { kind: "with" as const, value, range: rangeOf(node), ...(managed && { managed }) };
      return vm.watcher.within(frame, () => open(index + 1));
    };
    return manage(vm, expression, scope, enter);
  };
  return open(0);
}

type Enter = (value: Value, managed?: true) => Completion;

/** Opens what the expression gives, lets `enter` run the block, and closes it. */
function manage(vm: Interpreter, expression: Node, scope: Scope, enter: Enter): Completion {
  const invocation = expression.type === "call" ? readInvocation(vm, expression, scope, "assignment") : undefined;
  const definition = invocation && managerOf(vm, invocation.callee);
  if (definition) {
    const passesOn = !swallows(vm.code.get(definition)?.node);
    return runManager(vm, definition, invocation, (value) => enter(value, passesOn || undefined));
  }
  const value = invocation ? vm.invoke(invocation) : vm.evaluate(expression, scope, "assignment");
  if (!isOwnObject(value)) return enter(value);
  const range = rangeOf(expression);
  const none: Value = { kind: "scalar", value: null, range };
  const call = (name: string, args: readonly Value[]): Value | undefined => {
    const callee = findMember(vm, value, name, range, range);
    if (callee.kind !== "function") return undefined;
    const given = args.map((arg) => ({ value: arg, range }));
    return vm.invoke({ callee, args: given, range, nameRange: range, use: "assignment" });
  };
  const completion = enter(call("__enter__", []) ?? value);
  call("__exit__", [none, none, none]);
  return completion;
}

/** A function of the project that `contextlib.contextmanager` decorates. */
function managerOf(vm: Interpreter, callee: Value): Definition | undefined {
  const code = callee.kind === "function" ? vm.code.get(callee) : undefined;
  return callee.kind === "function" &&
    code?.decorators.some((name) => name.endsWith("contextmanager")) &&
    isGenerator(code.node)
    ? callee
    : undefined;
}

/** It may end what its block raises, so that the code after the `with` goes on. */
function swallows(node: Node | undefined): boolean {
  if (!node) return true;
  if (node.type === "except_clause") {
    const last = childOf(node, "block")?.children.at(-1);
    return last?.type !== "raise_statement";
  }
  return node.children.some(swallows);
}
