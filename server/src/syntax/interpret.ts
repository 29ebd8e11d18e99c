/** Puts the parts of the interpreter together and reads a module with it. */
import { evaluate } from "./evaluate.ts";
import { assign } from "./assign.ts";
import { execute } from "./execute.ts";
import type { Home, Interpreter, Modules, ResolveStar, Session, Watcher } from "./interpreter.ts";
import { invoke } from "./invoke.ts";
import { childOf, textOf, walk, type Characters, type Node } from "./node.ts";
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
  outside: (_always, run) => run(),
  runsArguments: () => false,
};

export const newHome = (text: Characters, path: string | undefined, isMain: boolean): Home => ({
  text,
  module: newScope(undefined),
  stars: [],
  path,
  isMain,
});

interface Surroundings {
  readonly resolveStar: ResolveStar;
  readonly modules?: Modules | undefined;
  /** How deep the work is that leads here. */
  readonly depth?: number;
}

const newSession = ({ resolveStar, modules, depth = 0 }: Surroundings): Session => ({
  journal: newJournal(),
  resolveStar,
  modules,
  asked: new Set(),
  watcher: silence,
  silence,
  changed: new WeakSet(),
  trial: { isOn: false, hasFailed: false },
  limits: { depth, steps: maximalSteps, exhausted: false },
  asking: { told: undefined },
  running: [],
  code: modules?.code ?? new WeakMap(),
  attributes: modules?.attributes ?? new WeakMap(),
});

type Interpreters = Map<Home, Interpreter>;

function interpreterAt(home: Home, session: Session, others: Interpreters = new Map()): Interpreter {
  const vm: Interpreter = {
    ...session,
    get watcher() {
      return session.watcher;
    },
    set watcher(watcher) {
      session.watcher = watcher;
    },
    home,
    text: home.text,
    module: home.module,
    at: (other) => others.get(other) ?? interpreterAt(other, session, others),
    evaluate: (node, scope, use) => evaluate(vm, node, scope, use),
    execute: (statements, scope) => execute(vm, statements, scope),
    invoke: (invocation) => invoke(vm, invocation),
    assign: (target, value, scope) => {
      assign(vm, target, value, scope);
    },
  };
  others.set(home, vm);
  return vm;
}

/** An interpreter that has run the module's own statements: its constants, functions and classes are known. */
export function interpretModule(
  source: Source,
  resolveStar: ResolveStar,
  place: { readonly path?: string; readonly modules?: Modules | undefined } = {},
): Interpreter {
  const vm = interpreterAt(newHome(source.text, place.path, true), newSession({ resolveStar, modules: place.modules }));
  vm.execute(source.statements, vm.module);
  return vm;
}

/** Runs the statements of a module that is imported. */
export function runModule(statements: readonly Node[], home: Home, surroundings: Surroundings): Interpreter {
  const vm = interpreterAt(home, newSession(surroundings));
  vm.execute(statements, vm.module);
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
  vm.running.push({ node: definition, scope, returned: [], asked: [] });
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
