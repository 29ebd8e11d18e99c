/** Statements, run in order. */
import { rebind } from "./aliases.ts";
import { remove } from "./assign.ts";
import { readArguments } from "./arguments.ts";
import { executeFor, executeIf, executeTry, withinAll } from "./compound.ts";
import { sequence } from "./containers.ts";
import { define } from "./definitions.ts";
import { fieldsOf } from "./records.ts";
import { isImport, readImport } from "./imports.ts";
import { charge, maximalDepth, rangeOf, type Completion, type Frame, type Interpreter } from "./interpreter.ts";
import { type Characters, childOf, childrenOf, type Node, textOf } from "./node.ts";
import { executeMatch } from "./match.ts";
import { askMethod, makeObject } from "./methods.ts";
import { executeWith } from "./managers.ts";
import { iterated } from "./iteration.ts";
import { foldBinary } from "./operators.ts";
import { executeWhile } from "./while.ts";
import { newScope, type Scope } from "./scope.ts";
import type { Definition, Value } from "./value.ts";

/** A block costs the stack as much as several expressions. */
const depthOfBlock = 2;

export function execute(vm: Interpreter, statements: readonly Node[], scope: Scope): Completion {
  const { limits } = vm;
  if (limits.depth > maximalDepth) {
    limits.exhausted = true;
    return "return";
  }
  limits.depth += depthOfBlock;
  try {
    return executeAll(vm, statements, scope);
  } finally {
    limits.depth -= depthOfBlock;
  }
}

function executeAll(vm: Interpreter, statements: readonly Node[], scope: Scope): Completion {
  for (let i = 0; i < statements.length; i++) {
    const node = statements[i];
    if (!node) continue;
    if (vm.limits.steps <= 0) {
      vm.limits.exhausted = true;
      return "return";
    }
    vm.limits.steps--;
    const guards: Frame[] = [];
    const completion = vm.watcher.statement(node, () => executeStatement(vm, node, scope, guards));
    if (completion !== "next") return completion;
    if (guards.length > 0) return withinAll(vm, guards, () => vm.execute(statements.slice(i + 1), scope));
  }
  return "next";
}

function executeStatement(vm: Interpreter, node: Node, scope: Scope, guards: Frame[]): Completion {
  if (isImport(node)) return importNames(vm, node, scope);
  switch (node.type) {
    case "expression_statement":
      for (const child of node.children) executeExpression(vm, child, scope);
      return "next";
    case "return_statement":
      answer(
        vm,
        node.children[0] ? vm.evaluate(node.children[0], scope) : { kind: "scalar", value: null, range: rangeOf(node) },
      );
      return "return";
    case "raise_statement":
      for (const child of node.children) vm.evaluate(child, scope);
      return "raise";
    case "break_statement":
      return "break";
    case "continue_statement":
      return "continue";
    case "assert_statement":
    case "print_statement":
      for (const child of node.children) vm.evaluate(child, scope);
      return "next";
    case "delete_statement":
      for (const child of node.children) remove(vm, child, scope);
      return "next";
    case "global_statement":
    case "nonlocal_statement":
      return declareElsewhere(vm, node, scope);
    case "if_statement":
      return executeIf(vm, node, scope, guards);
    case "for_statement":
      return executeFor(vm, node, scope);
    case "while_statement":
      return executeWhile(vm, node, scope);
    case "try_statement":
      return executeTry(vm, node, scope);
    case "with_statement":
      return executeWith(vm, node, scope);
    case "match_statement":
      return executeMatch(vm, node, scope);
    case "function_definition":
    case "class_definition":
      defineNamed(vm, node, scope, []);
      return "next";
    case "decorated_definition": {
      const decorators = childrenOf(node, "decorator").map((decorator) => decoratorName(vm.text, decorator));
      const definition = node.children.at(-1);
      if (definition) defineNamed(vm, definition, scope, decorators);
      return "next";
    }
    default:
      return "next";
  }
}

function answer({ running }: Interpreter, value: Value): void {
  const frame = running.at(-1);
  if (!frame) return;
  const [only, ...others] = frame.under ?? [];
  if (frame.returned.length === 0 && only && others.length === 0) frame.firstReturn = only;
  frame.returned.push(value);
  frame.returnedUnder?.push([...(frame.under ?? [])]);
}

const decoratorName = (text: Characters, node: Node): string =>
  textOf(text, node).replace(/^@\s*/, "").replace(/\(.*$/s, "").split(".").at(-1)?.trim() ?? "";

function executeExpression(vm: Interpreter, node: Node, scope: Scope): void {
  if (node.type === "assignment") executeAssignment(vm, node, scope);
  else if (node.type === "augmented_assignment") augment(vm, node, scope);
  else vm.evaluate(node, scope, "statement");
}

/** Answers the value, for `a = b = value`. */
function executeAssignment(vm: Interpreter, node: Node, scope: Scope): Value | undefined {
  const target = node.children[0];
  const right = node.children.slice(1).find((child) => child.type !== "type");
  if (!target || !right) return undefined;
  const value =
    right.type === "assignment" ? executeAssignment(vm, right, scope) : vm.evaluate(right, scope, "assignment");
  if (!value) return undefined;
  vm.assign(target, value, scope);
  vm.watcher.bound(value);
  return value;
}

function augment(vm: Interpreter, node: Node, scope: Scope): void {
  const [target, right] = node.children;
  if (!target || !right) return;
  const operator = vm.text.slice(target.end, right.start).trim().replace(/=$/, "");
  const [before, by] = [vm.evaluate(target, scope), vm.evaluate(right, scope)];
  // `names += "ab"` takes any iterable, where `names + "ab"` does not.
  const items = operator === "+" && before.kind === "sequence" && before.type === "list" ? iterated(by) : undefined;
  const value = foldBinary(operator, before, items ? sequence(items, right) : by, node);
  charge(vm, value);
  vm.assign(target, value, scope);
  // A list is added to in place, where a tuple or a string is made anew.
  if (items || before.kind === "mapping") rebind(vm, before, value);
  vm.watcher.bound(value);
}

function importNames(vm: Interpreter, node: Node, scope: Scope): Completion {
  const { names, star } = readImport(node, vm.text);
  if (star !== undefined) vm.home.stars.push(absolute(vm, star));
  for (const { name, path, range } of names)
    vm.journal.bind(scope, name, { kind: "reference", path: absolute(vm, path), range });
  return "next";
}

/** `.constants` of `/app/versions/x.py` is `/app/versions/constants`. */
function absolute({ home }: Interpreter, path: string): string {
  const dots = /^\.+/.exec(path)?.[0].length ?? 0;
  if (dots === 0 || home.path === undefined) return path;
  const folders = home.path.split("/").slice(0, -dots);
  return [...folders, path.slice(dots)].join("/");
}

function declareElsewhere(vm: Interpreter, node: Node, scope: Scope): Completion {
  for (const child of node.children) {
    const name = textOf(vm.text, child);
    let owner: Scope | undefined = node.type === "global_statement" ? vm.module : scope.parent;
    if (node.type === "nonlocal_statement") while (owner && !owner.names.has(name)) owner = owner.parent;
    if (owner && owner !== scope) scope.elsewhere.set(name, owner);
  }
  return "next";
}

function defineNamed(vm: Interpreter, node: Node, scope: Scope, decorators: readonly string[]): void {
  const nameNode = childOf(node, "identifier");
  if (!nameNode) return;
  const name = textOf(vm.text, nameNode);
  if (node.type === "function_definition") {
    vm.journal.bind(scope, name, define(vm, node, scope, "function", name, decorators));
    return;
  }
  const list = childOf(node, "argument_list");
  const bases = list
    ? readArguments(vm, list, scope).flatMap((arg) => (arg.name === undefined ? [arg.value] : []))
    : [];
  const inside = newScope(scope, true);
  vm.execute(childOf(node, "block")?.children ?? [], inside);
  const members = new Map(inside.names);
  const fields = fieldsOf(vm, node, { bases, decorators, members });
  const definition: Definition = {
    kind: "class",
    name,
    bases,
    members,
    ...(fields ? { fields } : {}),
    ask: (method, self, args) => askMethod(vm, definition, method, self, args),
    make: (args) => makeObject(vm, definition, args),
    range: rangeOf(node),
  };
  vm.code.set(definition, { node, scope, decorators, home: vm.home });
  vm.journal.bind(scope, name, definition);
}
