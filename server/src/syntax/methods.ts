/** What a method of a class answers, asked from outside of the run of the code. */
import type { Interpreter } from "./interpreter.ts";
import { findInClass, findMember } from "./members.ts";
import { newScope } from "./scope.ts";
import type { Argument, Call, Definition, Made, Told, Value } from "./value.ts";

/** A method that only tells something is short. */
const mostSteps = 5_000;

/**
 * `self` is the object; `args` those after it. Nothing is told to the watcher. Undefined where the class defines no such
 * method, or it does more than can be followed.
 */
export function askMethod(
  vm: Interpreter,
  of: Definition,
  name: string,
  self: Value,
  args: readonly Value[],
): Value | undefined {
  const method = findInClass(of, name);
  const code = method?.kind === "function" ? vm.code.get(method) : undefined;
  if (method?.kind !== "function" || !code || code.decorators.length > 0) return undefined;
  const bound: Definition = { ...method };
  vm.code.set(bound, { ...code, self });
  const { range } = self;
  return askQuietly(
    vm,
    bound,
    args.map((value) => ({ value, range })),
  );
}

/** Nothing is told to the watcher. Undefined where there is more to do than can be followed. */
export function askQuietly(vm: Interpreter, callee: Value, args: readonly Argument[], told?: Told): Value | undefined {
  const { watcher, limits, asking } = vm;
  const { steps, exhausted } = limits;
  const before = asking.told;
  vm.watcher = vm.silence;
  limits.steps = mostSteps;
  limits.exhausted = false;
  asking.told = told ?? before;
  const { range } = callee;
  try {
    const answer = vm.invoke({ callee, args, range, nameRange: range, use: "expression" });
    return limits.exhausted ? undefined : answer;
  } finally {
    vm.watcher = watcher;
    limits.steps = steps;
    limits.exhausted = exhausted;
    asking.told = before;
  }
}

/** A new object of the class, its `__init__` run. */
export function makeObject(vm: Interpreter, of: Definition, args: readonly Argument[]): Made | undefined {
  const { range } = of;
  const object: Call = { kind: "call", callee: of, args, nameRange: range, range };
  const attributes = newScope(undefined);
  vm.attributes.set(object, attributes);
  const initialize = findMember(vm, object, "__init__", range, range);
  if (initialize.kind !== "function" || !askQuietly(vm, initialize, args)) return undefined;
  return { object, attributes: attributes.names };
}
