/** PostgreSQL's exclusion constraints: `ExcludeConstraint((column, "&&"), using="gist", where=…)`. */
import type { ConstraintDefinition } from "../../../sql/definition.ts";
import type { Value } from "../../../syntax/value.ts";
import type { Bound } from "../arguments.ts";
import { columnReference } from "../columns.ts";
import { conditionOf } from "../compile/index.ts";
import { quoteName } from "../compile/names.ts";
import { columnsOfExpression } from "../expressions.ts";
import { isNone, nameOf, textOf } from "../terms.ts";
import { constraintDefinition, type Owner } from "./constraint-parts.ts";
import { keySql } from "./index-key.ts";

/** `bound.rest` holds the elements, each a pair of expression and operator. */
export function exclusionOf(bound: Bound, name: Value | undefined, owner: Owner): ConstraintDefinition {
  const pairs = bound.rest.map((element) => (element.kind === "sequence" ? element.items : []));
  const columns = pairs.flatMap(([expression]) => (expression ? excluded(expression, owner) : ["*"]));
  const parts = { type: "exclude" as const, name, bound, dialect: owner.dialect };
  return constraintDefinition(
    { ...parts, columns: bound.open || columns.includes("*") ? undefined : columns },
    { expression: { sql: bound.open ? undefined : sqlOf(pairs, bound, owner) } },
  );
}

function excluded(expression: Value, { table, dialect }: Owner): readonly string[] {
  const name = nameOf(expression) ?? columnReference(expression)?.column;
  return name === undefined ? columnsOfExpression(expression, table, dialect) : [name];
}

function sqlOf(pairs: readonly (readonly Value[])[], bound: Bound, { dialect }: Owner): string | undefined {
  const ops = bound.get("ops");
  const elements = pairs.map(([expression, operator]) => {
    const name = expression && (nameOf(expression) ?? columnReference(expression)?.column);
    const sql = name === undefined ? expression && keySql(expression, dialect) : quoteName(name, dialect);
    const sign = textOf(operator);
    const given = ops?.kind === "mapping" ? ops.entries.find(([key]) => textOf(key) === name)?.[1] : undefined;
    const by = given === undefined ? "" : ` ${textOf(given) ?? ""}`;
    return sql === undefined || sign === undefined ? undefined : `${sql}${by} WITH ${sign}`;
  });
  const using = bound.get("using");
  const method = using === undefined || isNone(using) ? "gist" : textOf(using)?.toLowerCase();
  const where = bound.get("where");
  const condition = where === undefined || isNone(where) ? undefined : conditionOf(where, dialect);
  if (method === undefined || !elements.every((element) => element !== undefined)) return undefined;
  if (condition && condition.sql === undefined) return undefined;
  return `USING ${method} (${elements.join(", ")})${condition ? ` WHERE (${condition.sql ?? ""})` : ""}`;
}
