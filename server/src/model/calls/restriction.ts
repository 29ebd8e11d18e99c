/** Whether a condition that SQLAlchemy builds chooses some of the rows, or may be true of all of them. */
import type { Value } from "../../syntax/value.ts";
import { columnReference } from "./columns.ts";
import { built, calleeOf, isNull } from "./terms.ts";

const comparing = new Set(["==", "!=", "<", ">", "<=", ">="]);
const nullTests = new Set(["is_", "is_not", "isnot", "is_distinct_from", "is_not_distinct_from"]);

/** Nothing but tests for NULL and comparisons of columns with each other. */
export function isWideCondition(value: Value): boolean {
  if (value.kind === "operator") {
    if (["and", "or", "not", "&", "|", "~"].includes(value.operator)) return value.operands.every(isWideCondition);
    const [left, right] = value.operands;
    return comparing.has(value.operator) && isColumn(left) && right !== undefined && (isNull(right) || isColumn(right));
  }
  if (value.kind !== "call") return false;
  const construct = built(value);
  if (construct === "and_" || construct === "or_" || construct === "not_")
    return value.args.every((argument) => isWideCondition(argument.value));
  const callee = calleeOf(value);
  const first = value.args[0]?.value;
  return (
    callee?.receiver !== undefined &&
    nullTests.has(callee.name) &&
    isColumn(callee.receiver) &&
    first !== undefined &&
    (isNull(first) || isColumn(first))
  );
}

const isColumn = (value: Value | undefined): boolean =>
  value !== undefined && (columnReference(value) !== undefined || built(value) === "column");
