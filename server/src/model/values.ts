/** Looking through values. */
import type { Value } from "../syntax/value.ts";

/** The last name of a dotted expression: `execute` of `op.get_bind().execute`. */
export function lastName(value: Value): string | undefined {
  switch (value.kind) {
    case "reference":
      return value.path.slice(value.path.lastIndexOf(".") + 1);
    case "member":
      return value.name;
    case "call":
      return lastName(value.callee);
    case "function":
    case "class":
    case "lambda":
      return value.name;
    default:
      return undefined;
  }
}

/** What a value was made from. */
export function partsOf(value: Value): readonly Value[] {
  switch (value.kind) {
    case "text":
      return value.holes.map((hole) => hole.value);
    case "sequence":
      // What is in it by a test is made from what that asks.
      return value.under ? [...value.items, ...value.under.flatMap((all) => all.map(({ test }) => test))] : value.items;
    case "mapping":
      return value.entries.flat();
    case "member":
      return [value.of];
    case "item":
      return [value.of, value.index];
    case "call":
      return [value.callee, ...value.args.map((arg) => arg.value)];
    case "operator":
      return value.operands;
    case "choice":
      return value.options;
    case "unknown":
      return value.from ? [value.from] : [];
    default:
      return [];
  }
}

const maximalParts = 2000;

/**
 * True where the value or anything that it was made from passes. Gives up, with false, on very large values.
 * @param parts what a value was made from as far as it counts, nearest first
 */
export function anyWithin(
  value: Value,
  passes: (value: Value) => boolean,
  parts: (value: Value) => readonly Value[] = partsOf,
): boolean {
  const seen = new Set<Value>([value]);
  for (const part of seen) {
    if (passes(part)) return true;
    if (seen.size < maximalParts) for (const inner of parts(part)) seen.add(inner);
  }
  return false;
}
