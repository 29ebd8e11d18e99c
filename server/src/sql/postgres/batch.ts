/** How a statement that takes some rows at a time chooses them, and whether it leaves them chosen. */
import type { InsertStmt, Node, UpdateStmt } from "libpg-query";
import { sameName, type QualifiedName } from "../action.ts";
import type { BatchDefinition, NullWhen } from "../definition.ts";
import { hasHole } from "../hole.ts";
import { all, as, isNull, nameOfTable, strings } from "./tree.ts";

/** Undefined where no subquery with LIMIT over the same table chooses the rows. */
export function batchOf(update: UpdateStmt): BatchDefinition | undefined {
  const table = nameOfTable(update.relation)?.name;
  const conditions = conjuncts(update.whereClause);
  const queries = conditions.flatMap((condition) => as(as(condition, "SubLink")?.subselect, "SelectStmt") ?? []);
  const chooses = queries.find(
    ({ limitCount, fromClause = [] }) =>
      limitCount !== undefined && fromClause.length === 1 && nameOfTable(as(fromClause[0], "RangeVar"))?.name === table,
  );
  if (!chooses || chooses.limitOffset) return undefined;
  const tests = [...conditions.filter((condition) => !as(condition, "SubLink")), ...conjuncts(chooses.whereClause)];
  return {
    isNull: testedColumns(tests, "IS_NULL"),
    isNotNull: testedColumns(tests, "IS_NOT_NULL"),
    mentions: columnsWithin(tests),
    fixed: !hasParameter(tests),
    sets: all(update.targetList, "ResTarget").flatMap(({ name, val }) =>
      name === undefined || hasHole(name) ? [] : [{ column: name, nullWhen: nullWhen(val) }],
    ),
  };
}

/**
 * The table of which an INSERT copies some rows without looking at what it has copied: it would copy the same ones again.
 * Undefined where that is otherwise, or not known.
 */
export function recopiedBy(insert: InsertStmt): QualifiedName | undefined {
  const target = nameOfTable(insert.relation);
  const query = as(insert.selectStmt, "SelectStmt");
  const [only, ...others] = query?.fromClause ?? [];
  const from = nameOfTable(as(only, "RangeVar"));
  if (!query?.limitCount || query.limitOffset || others.length > 0 || !from || !target) return undefined;
  if (insert.onConflictClause || insert.withClause || query.withClause || sameName(from, target)) return undefined;
  return hasParameter(query.whereClause) || hasQuery(query.whereClause) ? undefined : from;
}

function hasQuery(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasQuery);
  return typeof value === "object" && value !== null && ("SubLink" in value || Object.values(value).some(hasQuery));
}

function conjuncts(node: Node | undefined): readonly Node[] {
  if (!node) return [];
  const bool = as(node, "BoolExpr");
  return bool?.boolop === "AND_EXPR" ? (bool.args ?? []).flatMap(conjuncts) : [node];
}

const testedColumns = (tests: readonly Node[], type: "IS_NULL" | "IS_NOT_NULL"): readonly string[] =>
  tests.flatMap((test) => {
    const found = as(test, "NullTest");
    return found?.nulltesttype === type ? (columnOf(found.arg) ?? []) : [];
  });

const columnOf = (node: Node | undefined): string | undefined => strings(as(node, "ColumnRef")?.fields).at(-1);

function columnsWithin(value: unknown): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap(columnsWithin))];
  if (typeof value !== "object" || value === null) return [];
  if ("ColumnRef" in value) return [columnOf(value as Node) ?? []].flat();
  return [...new Set(Object.values(value).flatMap(columnsWithin))];
}

function hasParameter(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasParameter);
  if (typeof value === "string") return hasHole(value);
  if (typeof value !== "object" || value === null) return false;
  return "ParamRef" in value || Object.values(value).some(hasParameter);
}

const never: NullWhen = { columns: [] };
const unclear: NullWhen = { columns: [], otherwise: true };

const anyOf = (nodes: readonly (Node | undefined)[]): NullWhen => {
  const each = nodes.map(nullWhen);
  const columns = [...new Set(each.flatMap((one) => one.columns))];
  return each.some(({ otherwise }) => otherwise) ? { columns, otherwise: true } : { columns };
};

/** Functions that are never NULL, whatever they are given; of others only that they may be. */
const solid = new Set([
  "concat",
  "concat_ws",
  "now",
  "gen_random_uuid",
  "clock_timestamp",
  "random",
  "uuidv4",
  "uuidv7",
]);
/** Functions that are NULL where an argument is, and only there. */
const strict = new Set([
  "lower",
  "upper",
  "trim",
  "btrim",
  "ltrim",
  "rtrim",
  "initcap",
  "abs",
  "round",
  "floor",
  "ceil",
  "length",
  "md5",
  "substr",
  "substring",
  "left",
  "right",
  "to_char",
]);

/** When an expression is NULL. */
function nullWhen(node: Node | undefined): NullWhen {
  if (!node || isNull(node)) return unclear;
  if (as(node, "A_Const") ?? as(node, "SQLValueFunction") ?? as(node, "NullTest") ?? as(node, "BooleanTest"))
    return never;
  const column = columnOf(node);
  if (column !== undefined) return hasHole(column) ? unclear : { columns: [column] };
  const cast = as(node, "TypeCast");
  if (cast) return nullWhen(cast.arg);
  const coalesce = as(node, "CoalesceExpr");
  if (coalesce) {
    const each = (coalesce.args ?? []).map(nullWhen);
    return each.find(({ columns, otherwise }) => columns.length === 0 && !otherwise) ?? anyOf(coalesce.args ?? []);
  }
  const expression = as(node, "A_Expr");
  if (expression)
    return expression.kind === "AEXPR_OP" ? anyOf([expression.lexpr, expression.rexpr].filter(Boolean)) : unclear;
  const call = as(node, "FuncCall");
  const name = strings(call?.funcname).at(-1) ?? "";
  if (solid.has(name)) return never;
  return strict.has(name) ? anyOf(call?.args ?? []) : unclear;
}
