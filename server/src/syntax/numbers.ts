/** Numbers as Python writes them. Integers beyond what a double holds exactly are not known here. */
import type { Scalar } from "./value.ts";

/** A number of one of Python's two kinds; None and booleans are none. */
export interface PythonNumber {
  readonly value: number;
  readonly isFloat: boolean;
}

/** The number that Python computes with: True is 1. Undefined for None and for what a double does not hold. */
export function numberOf(scalar: Scalar): PythonNumber | undefined {
  if (scalar.value === null) return undefined;
  const value = Number(scalar.value);
  const isFloat = scalar.isFloat === true;
  return Number.isFinite(value) && (isFloat || Number.isSafeInteger(value)) ? { value, isFloat } : undefined;
}

/** `repr(number)`. */
export function showNumber({ value, isFloat }: PythonNumber): string {
  if (!isFloat) return Object.is(value, -0) ? "0" : String(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [digits = "0", exponent = "0"] = Math.abs(value).toExponential().split("e");
  const power = Number(exponent);
  if (value !== 0 && (power < -4 || power >= 16)) return `${sign}${digits}e${exponentOf(power)}`;
  const bare = digits.replace(".", "");
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${bare}`;
  const whole = bare.slice(0, power + 1).padEnd(power + 1, "0");
  return `${sign}${whole}.${bare.slice(power + 1) || "0"}`;
}

const exponentOf = (power: number): string => (power < 0 ? "-" : "+") + String(Math.abs(power)).padStart(2, "0");

/** Digits beyond which nothing is written: a double has fewer that say anything, and JavaScript writes no more. */
export const mostDigits = 90;

/** The absolute value with so many digits behind the point; halves go to the even digit. */
export function fixed(value: number, digits: number): string {
  const exact = Math.abs(value).toFixed(100);
  return roundDigits(exact, exact.length - 100 + digits);
}

/** The absolute value as `d.ddde±dd`. */
export function exponential(value: number, digits: number): string {
  const [mantissa = "0", power = "0"] = Math.abs(value).toExponential(100).split("e");
  const rounded = roundDigits(mantissa, 2 + digits);
  const carried = rounded.startsWith("10");
  const shown = carried
    ? rounded
        .replace("10", "1")
        .replace("1.", "1.0")
        .slice(0, digits > 0 ? digits + 2 : 1)
    : rounded;
  return `${shown}e${exponentOf(Number(power) + (carried ? 1 : 0))}`;
}

/** `digits` of a number are kept up to the length; the rest decides whether the last one goes up. */
function roundDigits(digits: string, length: number): string {
  const kept = digits.slice(0, length);
  const rest = digits.slice(length).replace(".", "");
  const last = Number(kept.replace(".", "").at(-1));
  const isTie = /^50*$/.test(rest);
  const up = isTie ? last % 2 === 1 : rest >= "5";
  return trimPoint(up ? increment(kept) : kept);
}

const trimPoint = (digits: string): string => (digits.endsWith(".") ? digits.slice(0, -1) : digits);

function increment(digits: string): string {
  for (let i = digits.length - 1; i >= 0; i--) {
    const c = digits.charAt(i);
    if (c === ".") continue;
    if (c !== "9") return digits.slice(0, i) + String(Number(c) + 1) + digits.slice(i + 1).replaceAll("9", "0");
  }
  return `1${digits.replaceAll("9", "0")}`;
}

/** As `%g` has it: so many digits in all, in the shorter of the two forms. */
export function general(value: number, precision: number, keepsZeros: boolean): string {
  const digits = Math.max(1, precision);
  const power = value === 0 ? 0 : Number(exponential(value, digits - 1).split("e")[1]);
  if (power >= -4 && power < digits) {
    const shown = fixed(value, digits - 1 - power);
    return keepsZeros ? shown : trimZeros(shown);
  }
  const [mantissa = "", exponent = ""] = exponential(value, digits - 1).split("e");
  return `${keepsZeros ? mantissa : trimZeros(mantissa)}e${exponent}`;
}

const trimZeros = (digits: string): string => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);
