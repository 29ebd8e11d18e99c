/** Which operations can run at all, and which of two never run in the same upgrade. */
import { appliesTo } from "../model/applies.ts";
import type { Context, Operation } from "../model/revision.ts";
import { contains, type Range } from "../text/range.ts";

type Branch = Extract<Context, { kind: "branch" }>;

/** Whether the operation can run on this dialect, as far as the tests around it tell. */
export const runsOn = appliesTo;

const sameRange = (a: Range, b: Range): boolean => a.start === b.start && a.end === b.end;

/** Tests that are made once: not in a loop, where each turn may go another way. */
function testsOf({ context }: Operation): readonly Branch[] {
  const loop = context.findIndex(({ kind }) => kind === "loop");
  const outside = loop < 0 ? context : context.slice(0, loop);
  // Of tests in other files the places do not tell one from another.
  return outside.filter((one): one is Branch => one.kind === "branch" && one.path === undefined);
}

/** How many of the calls that lead to the operation were made before the test, as far as their places tell. */
function depthOf(test: Range, { calls }: Operation): number {
  const inside = calls.findIndex((call) => contains(test, call.range));
  return inside < 0 ? calls.length : inside;
}

/** Whether it is one run of the test that both stand under: a helper that is called twice makes its tests twice. */
function isOneRun(test: Range, a: Operation, b: Operation): boolean {
  const before = a.calls.slice(0, Math.min(depthOf(test, a), depthOf(test, b)));
  return before.every((call, i) => sameRange(call.range, b.calls[i]?.range ?? test));
}

/** One stands under a test and the other under its opposite: an upgrade runs the one or the other. */
export function excludeEachOther(a: Operation, b: Operation): boolean {
  const others = testsOf(b);
  return testsOf(a).some(({ range, negated = false }) =>
    others.some(
      (other) => sameRange(range, other.range) && negated !== (other.negated ?? false) && isOneRun(range, a, b),
    ),
  );
}
