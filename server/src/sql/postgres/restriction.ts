/** Whether a condition chooses some of the rows, or may be true of all of them. */
import { hasHole } from "../hole.ts";
import { as, strings, type Node } from "./tree.ts";

/** Nothing but tests for NULL and comparisons of columns with each other. */
export function isWide(node: Node | undefined): boolean {
  if (as(node, "NullTest")) return true;
  const bool = as(node, "BoolExpr");
  if (bool) return (bool.args ?? []).every(isWide);
  const expression = as(node, "A_Expr");
  const compares = expression?.kind === "AEXPR_OP" || expression?.kind === "AEXPR_DISTINCT";
  return compares && isOfColumns(expression.lexpr) && isOfColumns(expression.rexpr);
}

/** A column, or what functions and casts make of columns alone. */
function isOfColumns(node: Node | undefined): boolean {
  const column = as(node, "ColumnRef");
  // An unknown part is a value as well as a column.
  if (column) return !strings(column.fields).some(hasHole);
  const cast = as(node, "TypeCast");
  if (cast) return isOfColumns(cast.arg);
  const call = as(node, "FuncCall");
  return call?.args !== undefined && call.args.every(isOfColumns);
}

/** Of what stands beside the target: a table and no list of a few rows. */
export function isWholeTable(node: Node): boolean {
  const join = as(node, "JoinExpr");
  if (!join) return as(node, "RangeVar") !== undefined;
  return [join.larg, join.rarg].every((side) => side !== undefined && isWholeTable(side)) && isWide(join.quals);
}
