/** What a test asks about the schema, where that is wholly known: whether there are tables, and columns of them. */
import type { QualifiedName } from "../sql/action.ts";
import type { Value } from "../syntax/value.ts";
import { splitName } from "./calls/entities.ts";
import { textOf } from "./calls/terms.ts";
import type { Role, RoleOf } from "./reading.ts";
import type { Question } from "./revision.ts";
import { lastName } from "./values.ts";

/** A function of this name says whether there is such a table, or such a column of a table; its last argument may be a connection. */
const ofTable = /^_?(?:has_table|table_exists|does_table_exist)$/;
const ofColumn = /^_?(?:has_column|column_exists|table_has_column|does_column_exist)$/;

const handles: readonly Role[] = ["connection", "session", "inspector", "op", "context"];

/** `undefined`: it asks something else as well. Tests of the dialect ask nothing of the schema. */
export function questionsOf(
  test: Value,
  roleOf: RoleOf,
  isOther: (value: Value) => boolean,
): readonly Question[] | undefined {
  if (isOther(test)) return [];
  if (test.kind === "operator") {
    const [left, right] = test.operands;
    if (["not", "bool", "and", "or"].includes(test.operator)) {
      const all = test.operands.map((operand) => questionsOf(operand, roleOf, isOther));
      return all.every((one) => one !== undefined) ? all.flat() : undefined;
    }
    if (test.operator !== "in" && test.operator !== "not in") return undefined;
    const table = textOf(left);
    const lists = right?.kind === "call" && lastName(right.callee) === "get_table_names" && right.args.length === 0;
    return table !== undefined && lists ? [{ table: { name: table } }] : undefined;
  }
  if (test.kind !== "call") return undefined;
  const name = lastName(test.callee) ?? "";
  const given = test.args.filter(({ value }) => !handles.includes(roleOf(value)));
  const [first, second] = given.map(({ value }) => textOf(value));
  if (first === undefined || given.some(({ name: keyword }) => keyword !== undefined)) return undefined;
  const table: QualifiedName = splitName(first);
  if (ofTable.test(name) && given.length === 1) return [{ table }];
  return ofColumn.test(name) && given.length === 2 && second !== undefined ? [{ table, column: second }] : undefined;
}
