/** Statements that hold blocks: every branch is taken, every loop is unrolled or run once. */
import { isImport } from "./imports.ts";
import { maximalTurns, rangeOf, unknown, type Completion, type Frame, type Interpreter } from "./interpreter.ts";
import { watchSources } from "./aliases.ts";
import { iterated } from "./iteration.ts";
import { childOf, childrenOf, type Node } from "./node.ts";
import { truthOf } from "./operators.ts";
import type { Scope } from "./scope.ts";
import type { Tested, Value } from "./value.ts";

export const withinAll = <T>(vm: Interpreter, frames: readonly Frame[], run: () => T): T => {
  const [first, ...others] = frames;
  if (!first) return run();
  const under = first.kind === "branch" ? vm.running.at(-1)?.under : undefined;
  if (first.kind === "branch") under?.push(first);
  try {
    return vm.watcher.within(first, () => withinAll(vm, others, run));
  } finally {
    under?.pop();
  }
};

/** What an `if` with more clauses does is not followed: it is a table written as code. */
const maximalArms = 200;

export interface Arm {
  readonly frames: readonly Frame[];
  readonly body: readonly Node[];
}

export function executeIf(vm: Interpreter, node: Node, scope: Scope, guards: Frame[]): Completion {
  const arms: Arm[] = [];
  const negations: Frame[] = [];
  let decided = false;
  for (const clause of [
    node,
    ...node.children.filter((child) => child.type === "elif_clause" || child.type === "else_clause"),
  ]) {
    if (arms.length >= maximalArms) {
      vm.limits.exhausted = true;
      break;
    }
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
    const own: readonly Frame[] = truth === true ? [] : [{ kind: "branch", test, negated: false, range }];
    arms.push({ frames: [...negations, ...own], body });
    if (truth === true) {
      decided = true;
      break;
    }
    negations.push({ kind: "branch", test, negated: true, range });
  }
  if (!decided) arms.push({ frames: [...negations], body: [] });
  return executeArms(vm, arms, scope, node, guards);
}

export function executeArms(
  vm: Interpreter,
  arms: readonly Arm[],
  scope: Scope,
  node: Node,
  guards: Frame[],
): Completion {
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
    arms.map(({ frames }) => frames.filter((frame) => frame.kind === "branch")),
  );
  const [first = "next"] = completions;
  if (!completions.includes("next")) return completions.every((other) => other === first) ? first : "return";
  guards.push(...whatFollows(arms, completions));
  return "next";
}

/** Under what runs what follows: some of the arms have left. */
function whatFollows(arms: readonly Arm[], completions: readonly Completion[]): readonly Frame[] {
  const going = completions.indexOf("next");
  const only = completions.lastIndexOf("next") === going;
  // What follows a `raise` runs or the whole migration fails, so it is under no condition.
  const negated = arms.slice(0, going).flatMap(({ frames }, i): readonly Frame[] => {
    const last = frames.at(-1);
    return last?.kind === "branch" && completions[i] !== "raise" ? [{ ...last, negated: !last.negated }] : [];
  });
  const own = arms[going]?.frames.at(-1);
  const othersLeft = completions.slice(going + 1).some((completion) => completion !== "raise");
  return only && othersLeft && own?.kind === "branch" && !own.negated ? [...negated, own] : negated;
}

const testsOf = (arms: readonly Arm[]): readonly Value[] =>
  arms.flatMap(({ frames }) =>
    frames.flatMap((frame) => (frame.kind === "branch" && !frame.negated ? [frame.test] : [])),
  );

export function executeFor(vm: Interpreter, node: Node, scope: Scope): Completion {
  const [target, iterable] = node.children;
  const body = childOf(node, "block")?.children ?? [];
  if (!target || !iterable) return "next";
  const over = vm.evaluate(iterable, scope);
  const items = iterated(over);
  const unrolled = items !== undefined && items.length <= maximalTurns;
  if (!items) vm.running.at(-1)?.asked.push(over);
  const frame: Frame = { kind: "loop", over, constant: items !== undefined, endless: false, range: rangeOf(node) };
  const turnOnce = (): Completion => {
    vm.journal.loop(() => {
      vm.assign(target, unknown("an element of something", iterable, over), scope);
      vm.execute(body, scope);
    }, rangeOf(node));
    return "next";
  };
  const possible = over.kind === "sequence" && over.under && over.items.length <= maximalTurns ? over.under : undefined;
  if (over.kind === "sequence" && possible) {
    const turns = over.items.map((item, i): Turn => ({ item, under: possible[i] ?? [] }));
    return vm.watcher.within({ ...frame, constant: true }, () =>
      turnPossible(vm, { node, target, body, scope }, turns),
    );
  }
  const isChanged = unrolled ? watchSources(vm, iterable, scope) : () => false;
  const turnAll = (): Completion | "changed" => {
    for (const item of items ?? []) {
      vm.assign(target, item, scope);
      const turn = vm.execute(body, scope);
      if (turn === "break" || turn === "return" || turn === "raise") return turn;
      if (isChanged()) return "changed";
    }
    return "next";
  };
  const turned = vm.watcher.within(frame, unrolled ? turnAll : turnOnce);
  const completion = turned === "changed" ? vm.watcher.within({ ...frame, constant: false }, turnOnce) : turned;
  if (completion === "break") return "next";
  return completion === "next" ? executeElse(vm, node, scope) : completion;
}

interface Turn {
  readonly item: Value;
  /** The tests that it is in the list by. */
  readonly under: readonly Tested[];
}

interface Loop {
  readonly node: Node;
  readonly target: Node;
  readonly body: readonly Node[];
  readonly scope: Scope;
}

/** A loop over items each of which may be there or not: what it does is done where the item's tests hold. */
function turnPossible(vm: Interpreter, loop: Loop, [turn, ...others]: readonly Turn[]): Completion {
  const { node, target, body, scope } = loop;
  if (!turn) return executeElse(vm, node, scope) === "next" ? "next" : "return";
  vm.assign(target, turn.item, scope);
  const test = allOf(turn.under);
  const guards: Frame[] = [];
  const arms: readonly Arm[] = test
    ? [
        { frames: [{ kind: "branch", test, negated: false, range: test.range }], body },
        { frames: [{ kind: "branch", test, negated: true, range: test.range }], body: [] },
      ]
    : [{ frames: [], body }];
  const completion = executeArms(vm, arms, scope, node, guards);
  if (completion === "break") return "next";
  if (completion === "return" || completion === "raise") return completion;
  return withinAll(vm, guards, () => turnPossible(vm, loop, others));
}

function allOf(tests: readonly Tested[]): Value | undefined {
  const values = tests.map(({ test, negated, range }): Value =>
    negated ? { kind: "operator", operator: "not", operands: [test], range } : test,
  );
  const [first, ...others] = values;
  if (!first || others.length === 0) return first;
  return { kind: "operator", operator: "and", operands: values, range: first.range };
}

export const executeElse = (vm: Interpreter, node: Node, scope: Scope): Completion => {
  const clause = childOf(node, "else_clause");
  return clause ? vm.execute(childOf(clause, "block")?.children ?? [], scope) : "next";
};

export function executeTry(vm: Interpreter, node: Node, scope: Scope): Completion {
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
