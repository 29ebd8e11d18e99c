/** Operators on values: folded where the operands are known, else kept as they are written. */
import type { Range } from "../text/range.ts";
import { extend, isConstant, itemsOf, mapping } from "./containers.ts";
import { rangeOf } from "./interpreter.ts";
import { passesForValue } from "./enums.ts";
import { toValue } from "./number-functions.ts";
import { numberOf, type PythonNumber } from "./numbers.ts";
import { compareValues } from "./ordering.ts";
import { sameValue } from "./scope.ts";
import { percent } from "./templates.ts";
import { concatenate } from "./text.ts";
import type { EnumMember, Operator, Value } from "./value.ts";

const scalar = (value: number | boolean, range: Range): Value => ({ kind: "scalar", value, range: rangeOf(range) });

const operation = (operator: string, operands: readonly Value[], range: Range): Operator => ({
  kind: "operator",
  operator,
  operands,
  range: rangeOf(range),
});

/** What `bool(value)` gives, where that is certain. Items of an incomplete list are samples: there may be none. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.kind) {
    case "scalar":
      return typeof value.value === "number" && Number.isNaN(value.value) ? undefined : Boolean(value.value);
    case "text":
      return value.holes.length === 0 ? value.text !== "" : undefined;
    case "sequence":
      return value.complete ? value.items.length > 0 : undefined;
    case "mapping":
      return value.complete ? value.entries.length > 0 : undefined;
    case "function":
    case "lambda":
      return true;
    default:
      return undefined;
  }
}

export function foldNot(value: Value, range: Range): Value {
  const truth = truthOf(value);
  return truth === undefined ? operation("not", [value], range) : scalar(!truth, range);
}

export function foldComparison(operands: readonly Value[], operators: readonly string[], range: Range): Value {
  const parts = operators.map((operator, i): Value => {
    const left = operands[i];
    const right = operands[i + 1];
    if (!left || !right) return operation(operator, operands, range);
    const known = compare(operator, left, right);
    return known === undefined ? operation(operator, [left, right], range) : scalar(known, range);
  });
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const truths = parts.map(truthOf);
  if (truths.includes(false)) return scalar(false, range);
  if (truths.every((truth) => truth === true)) return scalar(true, range);
  return operation("and", parts, range);
}

function compare(operator: string, left: Value, right: Value): boolean | undefined {
  if (operator === "in" || operator === "not in") {
    const found = isIn(left, right);
    return found === undefined ? undefined : found === (operator === "in");
  }
  if (operator === "==" || operator === "is") return areEqual(left, right);
  if (operator === "!=" || operator === "<>" || operator === "is not") {
    const equal = areEqual(left, right);
    return equal === undefined ? undefined : !equal;
  }
  const order = compareValues(left, right);
  if (order === undefined) return undefined;
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    default:
      return undefined;
  }
}

function areEqual(left: Value, right: Value): boolean | undefined {
  if (isConstant(left) && isConstant(right)) {
    const [a, b] = [memberOf(left), memberOf(right)];
    // A member of a plain enumeration equals nothing but itself.
    if ((a === undefined) !== (b === undefined) && ![a, b].every((one) => !one || passesForValue(one))) return false;
    return sameValue(left, right);
  }
  const isNone = (value: Value): boolean => value.kind === "scalar" && value.value === null;
  if (isNone(left) || isNone(right)) {
    const other = isNone(left) ? right : left;
    return ["sequence", "mapping", "text", "function", "class", "lambda"].includes(other.kind) ? false : undefined;
  }
  const order = compareValues(left, right);
  if (order !== undefined) return order === 0;
  const [items, others] = [itemsOf(left), itemsOf(right)];
  return items?.length === 0 && others?.length === 0 && left.kind === right.kind ? true : undefined;
}

const memberOf = (value: Value): EnumMember | undefined => ("member" in value ? value.member : undefined);

function isIn(left: Value, right: Value): boolean | undefined {
  if (!isConstant(left)) return undefined;
  if (left.kind === "text" && right.kind === "text" && right.holes.length === 0) return right.text.includes(left.text);
  const items = itemsOf(right);
  if (!items) return undefined;
  if (items.some((item) => sameValue(item, left))) return true;
  return items.every(isConstant) ? false : undefined;
}

export function foldBinary(operator: string, left: Value, right: Value, range: Range): Value {
  if (operator === "%" && left.kind === "text") return percent(left, right, range);
  if (operator === "+") {
    const added = add(left, right, range);
    if (added) return added;
  }
  if (operator === "|" && left.kind === "mapping" && right.kind === "mapping") {
    return mapping([...left.entries, ...right.entries], range, left.complete && right.complete);
  }
  if (operator === "*" && left.kind === "sequence" && left.complete && right.kind === "scalar") {
    const times = numberOf(right)?.value ?? -1;
    if (times >= 0 && times * left.items.length <= maximalRepeated)
      return { ...left, items: Array.from({ length: times }, () => left.items).flat(), range: rangeOf(range) };
  }
  if (operator === "-" && left.kind === "sequence" && left.type === "set") {
    const without = itemsOf(right);
    const items = itemsOf(left);
    if (without?.every(isConstant) && items?.every(isConstant))
      return {
        ...left,
        items: items.filter((item) => !without.some((other) => sameValue(other, item))),
        range: rangeOf(range),
      };
  }
  if (
    operator === "*" &&
    left.kind === "text" &&
    right.kind === "scalar" &&
    typeof right.value === "number" &&
    right.value >= 0 &&
    right.value <= 200
  ) {
    return concatenate(
      Array.from({ length: right.value }, () => left),
      range,
      "concatenation",
    );
  }
  const number = arithmetic(operator, left, right);
  return number === undefined ? operation(operator, [left, right], range) : toValue(number, range);
}

function add(left: Value, right: Value, range: Range): Value | undefined {
  if (left.kind === "text" || right.kind === "text") {
    if (left.kind === "text" && right.kind === "text") return concatenate([left, right], range, "concatenation");
    // `column + " suffix"` may also be an expression of SQL; only a text on the left is certain to stay a text.
    return left.kind === "text" || (right.kind === "text" && canBeText(left))
      ? concatenate([left, right], range, "concatenation")
      : undefined;
  }
  if (left.kind !== "sequence") return undefined;
  return { ...extend(left, right), range: rangeOf(range) };
}

/** Items of a list that is made by `*`. */
const maximalRepeated = 10_000;

const canBeText = (value: Value): boolean => value.kind === "unknown" || value.kind === "choice";

function arithmetic(operator: string, left: Value, right: Value): PythonNumber | undefined {
  const a = left.kind === "scalar" ? numberOf(left) : undefined;
  const b = right.kind === "scalar" ? numberOf(right) : undefined;
  if (!a || !b) return undefined;
  const isFloat = a.isFloat || b.isFloat || operator === "/" || (operator === "**" && b.value < 0);
  const value = compute(operator, a.value, b.value, isFloat);
  if (value === undefined || (isFloat ? !Number.isFinite(value) : !Number.isSafeInteger(value))) return undefined;
  return { value: isFloat || value !== 0 ? value : 0, isFloat };
}

const bits = 2 ** 31;

function compute(operator: string, a: number, b: number, isFloat: boolean): number | undefined {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return b === 0 ? undefined : a / b;
    case "//":
      return b === 0 ? undefined : Math.floor(a / b);
    case "%":
      return b === 0 ? undefined : ((a % b) + b) % b;
    case "**":
      return a ** b;
  }
  if (isFloat || Math.abs(a) >= bits || Math.abs(b) >= bits) return undefined;
  switch (operator) {
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "<<":
      return b >= 0 && b < 20 ? a * 2 ** b : undefined;
    case ">>":
      return b >= 0 ? Math.floor(a / 2 ** b) : undefined;
    default:
      return undefined;
  }
}
