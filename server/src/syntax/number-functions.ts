/** Functions of Python whose result is a number, or a text of one. */
import type { Range } from "../text/range.ts";
import { itemsOf, sequence } from "./containers.ts";
import { fixed, numberOf, type PythonNumber } from "./numbers.ts";
import { isKnown } from "./text.ts";
import type { Value } from "./value.ts";

type Result = PythonNumber | string | readonly PythonNumber[] | undefined;

const number = (value: Value | undefined): PythonNumber | undefined =>
  value?.kind === "scalar" ? numberOf(value) : undefined;

const whole = (value: number): PythonNumber | undefined =>
  Number.isSafeInteger(value) ? { value: value === 0 ? 0 : value, isFloat: false } : undefined;

const integer = (value: Value | undefined): number | undefined => {
  const found = number(value);
  return found && !found.isFloat ? found.value : undefined;
};

const inBase =
  (prefix: string, base: number) =>
  ([value]: readonly Value[]): Result => {
    const found = integer(value);
    return found === undefined ? undefined : `${found < 0 ? "-" : ""}${prefix}${Math.abs(found).toString(base)}`;
  };

export const numberFunctions: Readonly<Record<string, (values: readonly Value[]) => Result>> = {
  int: ([value, base]) => {
    if (!value || base) return value ? undefined : whole(0);
    if (isKnown(value)) return /^\s*[+-]?\d+\s*$/.test(value.text) ? whole(Number(value.text)) : undefined;
    const found = number(value);
    return found && whole(Math.trunc(found.value));
  },
  float: ([value]) => {
    if (isKnown(value))
      return /^\s*[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?\s*$/.test(value.text)
        ? { value: Number(value.text), isFloat: true }
        : undefined;
    const found = number(value);
    return found && { ...found, isFloat: true };
  },
  abs: ([value]) => {
    const found = number(value);
    return found && { ...found, value: Math.abs(found.value) };
  },
  round: ([value, digits]) => {
    const found = number(value);
    if (!found || (digits && !(digits.kind === "scalar" && digits.value === null))) return undefined;
    return whole(Math.sign(found.value) * Number(fixed(found.value, 0)));
  },
  sum: ([over, start]) => {
    const items = over && itemsOf(over);
    const all = [...(start ? [start] : []), ...(items ?? [])].map(number);
    if (!items || !all.every((one) => one !== undefined)) return undefined;
    const value = all.reduce((total, one) => total + one.value, 0);
    // Since Python 3.12 floats are summed with more digits.
    return all.some((one) => one.isFloat) ? undefined : whole(value);
  },
  divmod: ([a, b]) => {
    const [left, right] = [integer(a), integer(b)];
    if (left === undefined || right === undefined || right === 0) return undefined;
    const quotient = Math.floor(left / right);
    const [first, second] = [whole(quotient), whole(left - quotient * right)];
    return first && second && [first, second];
  },
  pow: ([a, b, modulus]) => {
    const [left, right] = [integer(a), integer(b)];
    return left === undefined || right === undefined || right < 0 || modulus ? undefined : whole(left ** right);
  },
  ord: ([value]) =>
    isKnown(value) && Array.from(value.text).length === 1 ? whole(value.text.codePointAt(0) ?? 0) : undefined,
  chr: ([value]) => {
    const code = integer(value);
    return code !== undefined && code >= 0 && code < 0x110000 ? String.fromCodePoint(code) : undefined;
  },
  hex: inBase("0x", 16),
  oct: inBase("0o", 8),
  bin: inBase("0b", 2),
};

export function toValue(result: PythonNumber | readonly PythonNumber[], range: Range): Value {
  if ("value" in result) {
    const { value, isFloat } = result;
    return { kind: "scalar", value, ...(isFloat ? { isFloat } : {}), range: { start: range.start, end: range.end } };
  }
  return sequence(
    result.map((one) => toValue(one, range)),
    range,
    "tuple",
  );
}
