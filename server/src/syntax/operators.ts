/** Operators on values: folded where the operands are known, else kept as they are written. */
import type { Range } from "../text/range.ts";
import { extend, isConstant, itemsOf, mapping } from "./containers.ts";
import { rangeOf } from "./interpreter.ts";
import { sameValue } from "./scope.ts";
import { percent } from "./strings.ts";
import { concatenate } from "./text.ts";
import type { Operator, Value } from "./value.ts";

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
  if (!isConstant(left) || !isConstant(right)) return undefined;
  if (operator === "==" || operator === "is") return sameValue(left, right);
  if (operator === "!=" || operator === "<>" || operator === "is not") return !sameValue(left, right);
  if (
    left.kind !== "scalar" ||
    right.kind !== "scalar" ||
    typeof left.value !== "number" ||
    typeof right.value !== "number"
  )
    return undefined;
  const order = {
    "<": left.value < right.value,
    "<=": left.value <= right.value,
    ">": left.value > right.value,
    ">=": left.value >= right.value,
  };
  return operator in order ? order[operator as keyof typeof order] : undefined;
}

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
    return mapping(left.entries.concat(right.entries), range, left.complete && right.complete);
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
  return number === undefined ? operation(operator, [left, right], range) : scalar(number, range);
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

const canBeText = (value: Value): boolean => value.kind === "unknown" || value.kind === "choice";

function arithmetic(operator: string, left: Value, right: Value): number | undefined {
  if (
    left.kind !== "scalar" ||
    right.kind !== "scalar" ||
    typeof left.value !== "number" ||
    typeof right.value !== "number"
  )
    return undefined;
  const [a, b] = [left.value, right.value];
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
    default:
      return undefined;
  }
}
