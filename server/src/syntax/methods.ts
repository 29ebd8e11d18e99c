/** What a method of a class answers, asked from outside of the run of the code. */
import type { Interpreter } from "./interpreter.ts";
import { findInClass } from "./members.ts";
import type { Definition, Value } from "./value.ts";

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
  const { watcher, limits } = vm;
  const { steps, exhausted } = limits;
  vm.watcher = vm.silence;
  limits.steps = mostSteps;
  limits.exhausted = false;
  const { range } = self;
  try {
    const given = args.map((value) => ({ value, range }));
    const answer = vm.invoke({ callee: bound, args: given, range, nameRange: range, use: "expression" });
    return limits.exhausted ? undefined : answer;
  } finally {
    vm.watcher = watcher;
    limits.steps = steps;
    limits.exhausted = exhausted;
  }
}
