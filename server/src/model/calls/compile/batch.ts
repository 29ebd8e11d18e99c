/** How a statement that SQLAlchemy builds takes some rows at a time. */
import { sameName, type Dialect, type QualifiedName } from "../../../sql/action.ts";
import type { BatchDefinition } from "../../../sql/definition.ts";
import { parseSql } from "../../../sql/parse.ts";
import type { Value } from "../../../syntax/value.ts";
import { partsOf } from "../../values.ts";
import { chainOf, type Link } from "../chains.ts";
import { readsOf } from "../expressions.ts";
import { built, calleeOf } from "../terms.ts";
import { Compiler } from "./compiler.ts";
import { quoteName } from "./names.ts";

/**
 * What the SQL reader says of the SQL that SQLAlchemy makes of it. Rows may be chosen by a query within, or by one that
 * was run before and whose rows are named: `ids = conn.execute(sa.select(…).limit(100))`, `t.c.id.in_(ids)`.
 */
export function batchOf(
  table: QualifiedName,
  conditions: readonly Value[],
  assigned: ReadonlyMap<string, Value>,
  dialect: Dialect,
): BatchDefinition | undefined {
  if (dialect !== "postgresql" || assigned.size === 0) return undefined;
  const tests = conditions.flatMap(conjuncts);
  const [choosing, query] = tests.flatMap((test) => {
    const found = queryOf(test, table);
    return found ? [[test, found] as const] : [];
  })[0] ?? [undefined, undefined];
  if (query === undefined) return undefined;
  const compiler = new Compiler(dialect);
  const sets = [...assigned].map(
    ([column, value]) => `${quoteName(column, dialect)} = ${compiler.sql(value) ?? `${unclear}()`}`,
  );
  const outer = tests.filter((test) => test !== choosing).map((test) => compiler.within(test, 3) ?? parameter);
  const name = quoteName(table.name, dialect);
  const where = [...outer, `c IN (${chosen(query, table, compiler)})`].join(" AND ");
  const [statement] = parseSql(`UPDATE ${name} SET ${sets.join(", ")} WHERE ${where}`, dialect);
  return statement?.actions[0]?.details.batch;
}

/** The table of which `from_select` copies some rows, and the same ones again. */
export function recopiedBy(
  table: QualifiedName,
  query: Value | undefined,
  dialect: Dialect,
): QualifiedName | undefined {
  const { touches = [], unknown = [] } = query ? readsOf([query], undefined, dialect) : {};
  const from = touches[0]?.on.name;
  if (dialect !== "postgresql" || !query || !from || unknown.length > 0) return undefined;
  const conditions = limitedWithin(query, from);
  if (!conditions) return undefined;
  const name = quoteName(table.name, dialect);
  const [statement] = parseSql(`INSERT INTO ${name} ${chosen(conditions, from, new Compiler(dialect))}`, dialect);
  return statement?.actions[0]?.details.recopies && from;
}

function chosen(conditions: readonly Link[], from: QualifiedName, compiler: Compiler): string {
  const tests = conditions.flatMap(({ args }) => args.map(({ value }) => compiler.within(value, 3) ?? parameter));
  const where = tests.length > 0 ? ` WHERE ${tests.join(" AND ")}` : "";
  return `SELECT c FROM ${quoteName(from.name, compiler.dialect)}${where} LIMIT 1`;
}

/** A function of which nothing is known, for a value that is not known; and what is another thing at every turn. */
const unclear = "retort_unclear";
const parameter = "$1";

function conjuncts(value: Value): readonly Value[] {
  if (value.kind === "operator" && (value.operator === "&" || value.operator === "and"))
    return value.operands.flatMap(conjuncts);
  return built(value) === "and_" && value.kind === "call" ? value.args.flatMap((one) => conjuncts(one.value)) : [value];
}

/** The conditions of the query with a LIMIT over the table, and no other, that says which rows it is. */
function queryOf(test: Value, table: QualifiedName): readonly Link[] | undefined {
  const isChoice =
    (test.kind === "call" && calleeOf(test)?.name === "in_") || (test.kind === "operator" && test.operator === "==");
  return isChoice ? limitedWithin(test, table) : undefined;
}

const most = 500;

function limitedWithin(value: Value, table: QualifiedName): readonly Link[] | undefined {
  const seen = new Set<Value>([value]);
  for (const part of seen) {
    const { root, links } = chainOf(part);
    if (built(root) === "select" && links.some(({ name }) => name === "limit"))
      return isPlain(part, links, table)
        ? links.filter(({ name }) => name === "where" || name === "filter")
        : undefined;
    if (seen.size < most) for (const inner of partsOf(part)) seen.add(inner);
  }
  return undefined;
}

const allowed = new Set(
  "where filter limit order_by with_for_update subquery scalar_subquery cte alias select_from correlate execution_options".split(
    " ",
  ),
);

/** It reads this table alone, and takes rows from the beginning. */
function isPlain(query: Value, links: readonly Link[], table: QualifiedName): boolean {
  const { touches, unknown } = readsOf([query], undefined, "postgresql");
  return (
    unknown.length === 0 &&
    touches.every(({ on }) => sameName(on.name, table)) &&
    links.every(({ name }) => allowed.has(name))
  );
}
