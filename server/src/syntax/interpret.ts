/** Puts the parts of the interpreter together and reads a module with it. */
import { evaluate } from "./evaluate.ts";
import { assign } from "./assign.ts";
import { execute } from "./execute.ts";
import type { Interpreter, ResolveStar, Watcher } from "./interpreter.ts";
import { invoke } from "./invoke.ts";
import { childOf, textOf, walk, type Node } from "./node.ts";
import { newJournal, newScope } from "./scope.ts";
import type { Source } from "./source.ts";
import type { Value } from "./value.ts";

/** Expressions evaluated at most for a module, and again for each of its functions that is run. */
export const maximalSteps = 200_000;

/** Hears nothing. */
export const silence: Watcher = {
  called: () => undefined,
  attributeSet: () => undefined,
  bound: () => undefined,
  mutated: () => undefined,
  statement: (_node, run) => run(),
  within: (_frame, run) => run(),
  runsArguments: () => false,
};

/** An interpreter that has run the module's own statements: its constants, functions and classes are known. */
export function interpretModule(source: Source, resolveStar: ResolveStar): Interpreter {
  const vm: Interpreter = {
    text: source.text,
    module: newScope(undefined),
    journal: newJournal(),
    stars: [],
    resolveStar,
    watcher: silence,
    limits: { depth: 0, steps: maximalSteps, exhausted: false },
    running: [],
    code: new WeakMap(),
    attributes: new WeakMap(),
    evaluate: (node, scope, use) => evaluate(vm, node, scope, use),
    execute: (statements, scope) => execute(vm, statements, scope),
    invoke: (invocation) => invoke(vm, invocation),
    assign: (target, value, scope) => {
      assign(vm, target, value, scope);
    },
  };
  vm.execute(source.statements, vm.module);
  return vm;
}

/**
 * Runs a function of the module, its parameters bound as `argumentFor` says, and tells the watcher. What the run binds
 * in the module is taken back. False where there was more to do than the limits allow.
 */
export function interpretFunction(
  vm: Interpreter,
  definition: Node,
  watcher: Watcher,
  argumentFor: (name: string) => Value,
): boolean {
  const scope = newScope(vm.module);
  vm.limits.steps = maximalSteps;
  vm.limits.exhausted = false;
  vm.watcher = watcher;
  vm.running.push({ node: definition, returned: [], asked: [] });
  try {
    vm.journal.branch(
      [
        () => {
          const list = childOf(definition, "parameters");
          for (const parameter of list?.children ?? []) {
            const name = [...walk(parameter)].find((part) => part.type === "identifier");
            if (name) vm.journal.bind(scope, textOf(vm.text, name), argumentFor(textOf(vm.text, name)));
          }
          vm.execute(childOf(definition, "block")?.children ?? [], scope);
          return false;
        },
      ],
      definition,
    );
  } finally {
    vm.running.pop();
    vm.watcher = silence;
  }
  return !vm.limits.exhausted;
}
