/** Statements, run in order. */
import { itemAt, itemsOf, sequence, withEntry } from "./containers.ts";
import { define, readArguments } from "./evaluate.ts";
import { isImport, readImport } from "./imports.ts";
import { maximalTurns, rangeOf, unknown, type Completion, type Frame, type Interpreter } from "./interpreter.ts";
import { childOf, childrenOf, type Node, textOf } from "./node.ts";
import { foldBinary, truthOf } from "./operators.ts";
import { newScope, type Scope } from "./scope.ts";
import type { Definition, Value } from "./value.ts";

export function execute(vm: Interpreter, statements: readonly Node[], scope: Scope): Completion {
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

const withinAll = <T>(vm: Interpreter, frames: readonly Frame[], run: () => T): T => {
  const [first, ...others] = frames;
  return first ? vm.watcher.within(first, () => withinAll(vm, others, run)) : run();
};

function executeStatement(vm: Interpreter, node: Node, scope: Scope, guards: Frame[]): Completion {
  if (isImport(node)) return importNames(vm, node, scope);
  switch (node.type) {
    case "expression_statement":
      for (const child of node.children) executeExpression(vm, child, scope);
      return "next";
    case "return_statement":
      if (node.children[0]) vm.running.at(-1)?.returned.push(vm.evaluate(node.children[0], scope));
      else vm.running.at(-1)?.returned.push({ kind: "scalar", value: null, range: rangeOf(node) });
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

const decoratorName = (text: string, node: Node): string =>
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
  const value = foldBinary(operator, vm.evaluate(target, scope), vm.evaluate(right, scope), node);
  vm.assign(target, value, scope);
  vm.watcher.bound(value);
}

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
  if (of.kind === "mapping" && index.type !== "slice")
    vm.assign(object, withEntry(of, vm.evaluate(index, scope), value), scope);
  else if (of.kind === "sequence") vm.assign(object, { ...of, items: [...of.items, value], complete: false }, scope);
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

function importNames(vm: Interpreter, node: Node, scope: Scope): Completion {
  const { names, star } = readImport(node, vm.text);
  if (star !== undefined) vm.stars.push(star);
  for (const { name, path, range } of names) vm.journal.bind(scope, name, { kind: "reference", path, range });
  return "next";
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

interface Arm {
  readonly frames: readonly Frame[];
  readonly body: readonly Node[];
}

function executeIf(vm: Interpreter, node: Node, scope: Scope, guards: Frame[]): Completion {
  const arms: Arm[] = [];
  const negations: Frame[] = [];
  let decided = false;
  for (const clause of [
    node,
    ...node.children.filter((child) => child.type === "elif_clause" || child.type === "else_clause"),
  ]) {
    const body = childOf(clause, "block")?.children ?? [];
    if (clause.type === "else_clause") {
      arms.push({ frames: [...negations], body });
      decided = true;
      break;
    }
    const condition = clause.children[0];
    const test = condition ? vm.evaluate(condition, scope) : unknown("incomplete code", clause);
    const truth = truthOf(test);
    if (truth === false) continue;
    const range = rangeOf(clause === node ? { start: node.start, end: node.end } : clause);
    arms.push({ frames: truth === true ? [...negations] : [{ kind: "branch", test, negated: false, range }], body });
    if (truth === true) {
      decided = true;
      break;
    }
    negations.push({ kind: "branch", test, negated: true, range });
  }
  if (!decided) arms.push({ frames: [...negations], body: [] });
  return executeArms(vm, arms, scope, node, guards);
}

function executeArms(vm: Interpreter, arms: readonly Arm[], scope: Scope, node: Node, guards: Frame[]): Completion {
  const [only] = arms;
  if (only && arms.length === 1) return withinAll(vm, only.frames, () => vm.execute(only.body, scope));
  const completions: Completion[] = [];
  vm.running.at(-1)?.asked.push(...testsOf(arms));
  vm.journal.branch(
    arms.map((arm) => () => {
      const completion = withinAll(vm, arm.frames, () => vm.execute(arm.body, scope));
      completions.push(completion);
      return completion !== "return" && completion !== "raise";
    }),
    rangeOf(node),
    testsOf(arms),
  );
  const [first = "next"] = completions;
  if (!completions.includes("next")) return completions.every((other) => other === first) ? first : "return";
  completions.forEach((completion, i) => {
    const frames = arms[i]?.frames ?? [];
    // What follows a `raise` runs or the whole migration fails, so it is under no condition.
    if (completion === "next" || completion === "raise" || frames.length !== 1) return;
    for (const frame of frames) if (frame.kind === "branch") guards.push({ ...frame, negated: !frame.negated });
  });
  return "next";
}

const testsOf = (arms: readonly Arm[]): readonly Value[] =>
  arms.flatMap(({ frames }) =>
    frames.flatMap((frame) => (frame.kind === "branch" && !frame.negated ? [frame.test] : [])),
  );

function executeFor(vm: Interpreter, node: Node, scope: Scope): Completion {
  const [target, iterable] = node.children;
  const body = childOf(node, "block")?.children ?? [];
  if (!target || !iterable) return "next";
  const over = vm.evaluate(iterable, scope);
  const items = itemsOf(over);
  const unrolled = items !== undefined && items.length <= maximalTurns;
  if (!items) vm.running.at(-1)?.asked.push(over);
  const frame: Frame = { kind: "loop", over, constant: items !== undefined, endless: false, range: rangeOf(node) };
  const completion = vm.watcher.within(frame, (): Completion => {
    if (!unrolled) {
      vm.journal.loop(() => {
        vm.assign(target, unknown("an element of something", iterable, over), scope);
        vm.execute(body, scope);
      }, rangeOf(node));
      return "next";
    }
    for (const item of items) {
      vm.assign(target, item, scope);
      const turn = vm.execute(body, scope);
      if (turn === "break") break;
      if (turn === "return" || turn === "raise") return turn;
    }
    return "next";
  });
  return completion === "next" ? executeElse(vm, node, scope) : completion;
}

const executeElse = (vm: Interpreter, node: Node, scope: Scope): Completion => {
  const clause = childOf(node, "else_clause");
  return clause ? vm.execute(childOf(clause, "block")?.children ?? [], scope) : "next";
};

function executeWhile(vm: Interpreter, node: Node, scope: Scope): Completion {
  const condition = node.children[0];
  const body = childOf(node, "block")?.children ?? [];
  const over = condition ? vm.evaluate(condition, scope) : undefined;
  const truth = over && truthOf(over);
  const changes = over?.kind !== "scalar" || condition?.type !== "true";
  if (truth !== false || changes) {
    const endless = truth === true && (condition?.type === "true" || condition?.type === "integer");
    vm.watcher.within({ kind: "loop", over, constant: false, endless, range: rangeOf(node) }, () => {
      vm.journal.loop(() => void vm.execute(body, scope), rangeOf(node));
    });
  }
  return executeElse(vm, node, scope);
}

function executeTry(vm: Interpreter, node: Node, scope: Scope): Completion {
  const body = childOf(node, "block")?.children ?? [];
  const frame: Frame = { kind: "try", range: rangeOf(node) };
  const handlers = childrenOf(node, "except_clause");
  const result = vm.watcher.within(frame, () => {
    const main = vm.execute(body, scope);
    const completions: Completion[] = [main];
    // A module that is imported, or else replaced by a stub, is taken as imported.
    if (!body.some(isImport) || main !== "next") {
      vm.journal.branch(
        [() => true, ...handlers.map((handler) => () => executeHandler(vm, handler, scope, completions))],
        rangeOf(node),
      );
    }
    if (main === "next") executeElse(vm, node, scope);
    return completions.includes("next") ? "next" : main;
  });
  const last = childOf(node, "finally_clause");
  const finished = last ? vm.execute(childOf(last, "block")?.children ?? [], scope) : "next";
  return finished === "next" ? result : finished;
}

function executeHandler(vm: Interpreter, handler: Node, scope: Scope, completions: Completion[]): boolean {
  const alias = handler.children.find((child) => child.type === "as_pattern")?.children.at(-1);
  if (alias) vm.assign(alias, unknown("an exception", alias), scope);
  const completion = vm.execute(childOf(handler, "block")?.children ?? [], scope);
  completions.push(completion);
  return completion === "next";
}

function executeWith(vm: Interpreter, node: Node, scope: Scope): Completion {
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
    const value = vm.evaluate(expression, scope, "assignment");
    if (target) {
      vm.assign(target, value, scope);
      vm.watcher.bound(value);
    }
    return vm.watcher.within({ kind: "with", value, range: rangeOf(node) }, () => open(index + 1));
  };
  return open(0);
}

function executeMatch(vm: Interpreter, node: Node, scope: Scope): Completion {
  const subject = node.children[0] ? vm.evaluate(node.children[0], scope) : unknown("incomplete code", node);
  const cases = childrenOf(childOf(node, "block") ?? node, "case_clause");
  const arms = cases.map((clause): Arm => {
    const test: Value = { kind: "operator", operator: "match", operands: [subject], range: rangeOf(clause) };
    return {
      frames: [{ kind: "branch", test, negated: false, range: rangeOf(clause) }],
      body: childOf(clause, "block")?.children ?? [],
    };
  });
  return executeArms(vm, [...arms, { frames: [], body: [] }], scope, node, []);
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
  const definition: Definition = { kind: "class", name, bases, members, range: rangeOf(node) };
  vm.code.set(definition, { node, scope, decorators });
  vm.journal.bind(scope, name, definition);
}
