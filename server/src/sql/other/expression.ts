/** What expressions and queries of node-sql-parser's dialects read. */
import { sameName, type QualifiedName } from "../action.ts";
import { Touches } from "../draft.ts";
import { HOLE } from "../hole.ts";
import { isCte, newScope, readColumn, type Scope } from "../scope.ts";
import { at, columnText, isTree, tableName, textAt, treesAt, type Tree } from "./tree.ts";

/** Reads whatever there is beneath a value of the tree. */
export function walk(value: unknown, scope: Scope, touches: Touches): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, scope, touches);
    return;
  }
  if (!isTree(value)) return;
  const type = textAt(value, "type");
  if (isTree(value["ast"])) readQuery(value["ast"], scope, touches);
  else if (type === "select") readQuery(value, scope, touches);
  else if (type === "column_ref") readReference(value, scope, touches);
  else for (const child of Object.values(value)) walk(child, scope, touches);
}

function readReference(reference: Tree, scope: Scope, touches: Touches): void {
  const column = columnText(reference);
  if (column === HOLE || column === "") return;
  const table = textAt(reference, "table");
  if (column === "*" && table === undefined) {
    for (const source of scope.sources) touches.columns("read", source.table, ["*"]);
  } else readColumn(scope, table === undefined ? [column] : [table, column], touches);
}

export function readQuery(query: Tree, outer: Scope, touches: Touches): void {
  const scope = newScope(outer);
  readWith(query, scope, touches);
  readFrom(treesAt(query, "from"), scope, touches);
  const columns = treesAt(query, "columns");
  for (const column of columns) {
    if (columnText(at(column, "expr")) === HOLE) {
      for (const source of scope.sources) touches.columns("read", source.table, ["*"]);
    } else walk(column["expr"], scope, touches);
  }
  // SELECT * of some builds.
  if (query["columns"] === "*") for (const { table } of scope.sources) touches.columns("read", table, ["*"]);
  for (const key of ["where", "having", "limit", "window", "distinct"]) walk(query[key], scope, touches);
  const outputs = new Set(columns.flatMap((column) => textAt(column, "as") ?? []));
  for (const key of ["groupby", "orderby"]) walkExcept(outputs, query[key], scope, touches);
  if (isTree(query["_next"])) readQuery(query["_next"], scope.outer ?? scope, touches);
}

/** GROUP BY and ORDER BY may name an output instead of a column. */
function walkExcept(outputs: ReadonlySet<string>, value: unknown, scope: Scope, touches: Touches): void {
  const list: unknown = Array.isArray(value) ? value : at(value, "columns");
  if (!Array.isArray(list)) return;
  for (const item of list) {
    const expression = at(item, "expr") ?? item;
    const isOutput = textAt(expression, "table") === undefined && outputs.has(columnText(expression));
    if (!isOutput) walk(expression, scope, touches);
  }
}

export function readWith(statement: Tree, scope: Scope, touches: Touches): void {
  for (const cte of treesAt(statement, "with")) {
    const name = textAt(cte, "name", "value") ?? textAt(cte, "name") ?? "";
    if (cte["recursive"] === true) scope.ctes.add(name);
    const inner = at(cte, "stmt", "ast") ?? at(cte, "stmt");
    if (isTree(inner)) readQuery(inner, scope, touches);
    scope.ctes.add(name);
  }
}

/** Tables, joins and subqueries. `except`: the statement's own target, which it does not only read. */
export function readFrom(items: readonly Tree[], scope: Scope, touches: Touches, except?: QualifiedName): void {
  for (const item of items) {
    const alias = textAt(item, "as");
    if (isTree(item["expr"])) {
      walk(item["expr"], newScope(scope.outer), touches);
      scope.sources.push({ alias: alias ?? "" });
    } else if (textAt(item, "table") !== undefined) {
      const name = tableName(item);
      const cte = name !== undefined && name.schema === undefined && isCte(scope, name.name);
      const isTarget = except !== undefined && name !== undefined && sameName(name, except);
      if (!cte && !isTarget) touches.table("read", name);
      scope.sources.push({ alias: alias ?? textAt(item, "table") ?? "", table: cte ? undefined : name });
    }
  }
  for (const item of items) {
    walk(item["on"], scope, touches);
    for (const column of treesAt(item, "using"))
      walk({ type: "column_ref", column: columnText(column) }, scope, touches);
  }
}

/** The columns of `table` that an expression names. */
export function columnsIn(expression: unknown, table: QualifiedName | undefined): readonly string[] {
  if (!table) return [];
  const touches = new Touches();
  const scope = newScope();
  scope.sources.push({ alias: table.name, table });
  walk(expression, scope, touches);
  return touches.list.flatMap(({ on }) => (on.column !== undefined && sameName(on.name, table) ? [on.column] : []));
}
