/** `while`: turned as often as Python would where its tests are known, else once for any number of turns. */
import { executeElse } from "./compound.ts";
import { maximalTurns, rangeOf, unknown, type Completion, type Frame, type Interpreter } from "./interpreter.ts";
import { childOf, textOf, walk, type Node } from "./node.ts";
import { truthOf } from "./operators.ts";
import { lookUp, type Scope } from "./scope.ts";
import type { Value } from "./value.ts";

export function executeWhile(vm: Interpreter, node: Node, scope: Scope): Completion {
  const turned = canBeCounted(vm, node, scope) ? turnAll(vm, node, scope) : undefined;
  const completion = turned ?? turnOnce(vm, node, scope);
  if (completion === "break") return "next";
  return completion === "next" ? executeElse(vm, node, scope) : completion;
}

const bodyOf = (node: Node): readonly Node[] => childOf(node, "block")?.children ?? [];

/** Tries it, unheard and without a trace: it ends after few turns, and nothing in it is unknown. */
function canBeCounted(vm: Interpreter, node: Node, scope: Scope): boolean {
  const [condition] = node.children;
  const frame = vm.running.at(-1);
  // A loop within one that is being tried is part of the trial.
  if (vm.trial.isOn) return true;
  if (!condition || !frame || truthOf(vm.evaluate(condition, scope)) === undefined) return false;
  const { watcher } = vm;
  const before = { returned: frame.returned.length, asked: frame.asked.length, firstReturn: frame.firstReturn };
  const exhausted = vm.limits.exhausted;
  vm.trial.isOn = true;
  vm.trial.hasFailed = false;
  vm.trial.undecided = undefined;
  vm.watcher = {
    ...vm.silence,
    within: (other, run) => {
      if (other.kind === "branch" || (other.kind === "loop" && !other.constant)) vm.trial.hasFailed = true;
      return run();
    },
  };
  try {
    vm.journal.branch(
      [
        () => {
          if (turnAll(vm, node, scope) === undefined) vm.trial.hasFailed = true;
          return false;
        },
      ],
      rangeOf(node),
    );
  } finally {
    vm.watcher = watcher;
    vm.trial.isOn = false;
    vm.limits.exhausted = exhausted;
    frame.returned.length = before.returned;
    frame.asked.length = before.asked;
    frame.firstReturn = before.firstReturn;
  }
  return !vm.trial.hasFailed;
}

/** Undefined where it does not come to an end soon. */
function turnAll(vm: Interpreter, node: Node, scope: Scope): Completion | undefined {
  const [condition] = node.children;
  if (!condition) return "next";
  const range = rangeOf(node);
  for (let turn = 0; turn < maximalTurns && vm.limits.steps > 0; turn++) {
    if (vm.trial.isOn && vm.trial.hasFailed) return undefined;
    const over = vm.evaluate(condition, scope);
    const truth = truthOf(over);
    if (truth === false) return "next";
    if (truth === undefined) {
      vm.trial.undecided = over;
      return undefined;
    }
    const frame: Frame = { kind: "loop", over, constant: true, endless: false, range };
    const completion = vm.watcher.within(frame, () => vm.execute(bodyOf(node), scope));
    if (completion !== "next" && completion !== "continue") return completion;
  }
  return undefined;
}

function turnOnce(vm: Interpreter, node: Node, scope: Scope): Completion {
  const [condition] = node.children;
  // Of the last trial, which was of this loop.
  const again = vm.trial.undecided;
  vm.trial.undecided = undefined;
  const over: Value | undefined = condition ? vm.evaluate(condition, scope) : undefined;
  const truth = over && truthOf(over);
  const isTrue = over?.kind === "scalar" && condition?.type === "true";
  if (truth === false && isTrue) return "next";
  const endless = truth === true && (condition?.type === "true" || condition?.type === "integer");
  vm.watcher.within({ kind: "loop", over, constant: false, endless, again, range: rangeOf(node) }, () => {
    vm.journal.loop(() => {
      forgetCounted(vm, node, scope);
      vm.execute(bodyOf(node), scope);
    }, rangeOf(node));
  });
  return "next";
}

/** A number that a turn sets is another in the next, of which there is no telling. */
function forgetCounted(vm: Interpreter, node: Node, scope: Scope): void {
  for (const { type, children } of walk(node)) {
    const [target] = children;
    if (!/^(?:augmented_)?assignment$/.test(type) || target?.type !== "identifier") continue;
    const name = textOf(vm.text, target);
    const value = lookUp(scope, name);
    if (value?.kind === "scalar" && typeof value.value === "number")
      vm.journal.bind(scope, name, unknown("a number that changes from turn to turn", target, value));
  }
}
