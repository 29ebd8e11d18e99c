/** The order of constants, as Python has it. */
import { numberOf } from "./numbers.ts";
import { isKnown } from "./text.ts";
import type { Value } from "./value.ts";

/** Less than 0, 0 or more than 0; undefined where Python would not compare them, or they are not known. */
export function compareValues(a: Value, b: Value): number | undefined {
  if (isKnown(a) && isKnown(b)) return compareTexts(a.text, b.text);
  if (a.kind === "scalar" && b.kind === "scalar") {
    const [left, right] = [numberOf(a), numberOf(b)];
    return left && right && left.value - right.value;
  }
  if (a.kind !== "sequence" || b.kind !== "sequence" || a.type !== b.type || !a.complete || !b.complete)
    return undefined;
  if (a.type === "set") return undefined;
  for (let i = 0; i < Math.min(a.items.length, b.items.length); i++) {
    const [left, right] = [a.items[i], b.items[i]];
    const order = left && right && compareValues(left, right);
    if (order !== 0) return order;
  }
  return a.items.length - b.items.length;
}

/** By code points, which UTF-16 units do not always follow. */
function compareTexts(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** The places of the values in their order; equal ones stay as they stand. Undefined where two cannot be compared. */
export function sortedIndexes(values: readonly Value[], reverse: boolean): readonly number[] | undefined {
  let isKnownOrder = true;
  const order = values.map((_, i) => i);
  order.sort((i, j) => {
    const [a, b] = [values[i], values[j]];
    const compared = a && b && compareValues(a, b);
    if (compared === undefined) isKnownOrder = false;
    return (reverse ? -1 : 1) * (compared ?? 0);
  });
  return isKnownOrder && (values.length !== 1 || values[0] !== undefined) ? order : undefined;
}
