/** Statements about rows in node-sql-parser's dialects. */
import { renderName, sameName, type Action, type QualifiedName } from "../action.ts";
import { action, Touches } from "../draft.ts";
import { findSource, newScope } from "../scope.ts";
import { readFrom, readQuery, readWith, walk } from "./expression.ts";
import { at, columnName, isNull, isTree, tableName, textAt, treesAt, type Tree } from "./tree.ts";

export function selectActions(select: Tree): readonly Action[] {
  const touches = new Touches();
  readQuery(select, newScope(), touches);
  const into = textAt(select, "into", "expr");
  if (into !== undefined && textAt(select, "into", "type") === "into") {
    // MySQL's INTO names a variable or a file, SQL Server's a new table.
    if (into.startsWith("@")) return [action("select", { touches })];
    const table = { name: into };
    touches.table("create", table);
    return [action("create_table", { table, touches, details: into.startsWith("#") ? { temporary: true } : {} })];
  }
  const first = touches.list.find(({ on }) => on.type === "table");
  const details = { hasWhere: isTree(select["where"]), ...(isDigest(select) && { digest: true as const }) };
  return [action("select", { table: first?.on.name, touches, details })];
}

/** Not the rows of one table as they are: some of them, a count, a group, a constant, those of several tables. */
const isDigest = (select: Tree): boolean =>
  isLimited(select) ||
  at(select, "distinct") === "DISTINCT" ||
  treesAt(select, "groupby", "columns").length > 0 ||
  isTree(select["having"]) ||
  treesAt(select, "from").length !== 1 ||
  (treesAt(select, "columns").length > 0 && treesAt(select, "columns").every(isSummed));

const isLimited = (select: Tree): boolean => treesAt(select, "limit", "value").length > 0 || isTree(select["top"]);

/** An aggregate or a constant, or made of them. */
function isSummed(column: Tree): boolean {
  const kinds = new Set<string>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    if (!isTree(value)) return;
    const type = textAt(value, "type") ?? "";
    // What stands in an aggregate is no column of the result; with OVER there is a row for each row.
    if (type === "aggr_func" && !isTree(value["over"])) return;
    kinds.add(type);
    for (const inner of Object.values(value)) collect(inner);
  };
  collect(column["expr"]);
  return !kinds.has("column_ref") && !kinds.has("star");
}

export function insertActions(insert: Tree): readonly Action[] {
  const table = tableName(treesAt(insert, "table")[0]);
  const listed: unknown = insert["columns"];
  const assigned = treesAt(insert, "set");
  const names = Array.isArray(listed) ? listed.map(columnName) : assigned.map(columnName);
  const columns = names.flatMap((name) => name ?? []);
  const whole = columns.length === 0 || columns.length < names.length;
  const touches = new Touches().table("insert", table).columns("insert", table, whole ? [...columns, "*"] : columns);
  const scope = newScope();
  readWith(insert, scope, touches);
  walk([insert["values"], assigned.map((set) => set["value"])], scope, touches);
  const conflict = treesAt(insert, "on_duplicate_update", "set");
  const or = treesAt(insert, "or").length > 0;
  const ignores = textAt(insert, "prefix")?.includes("ignore") === true;
  const replaces = textAt(insert, "type") === "replace";
  const onConflict = or || ignores || replaces || isTree(at(insert, "on_duplicate_update"));
  if (onConflict && table) touches.add("require", { type: "index", name: table });
  touches.columns(
    "update",
    table,
    conflict.flatMap((set) => columnName(set) ?? []),
  );
  if (replaces) touches.table("delete", table);
  const query = textAt(insert, "values", "type") === "select" || isTree(at(insert, "values", "ast"));
  const valueLists = treesAt(insert, "values", "values").length;
  const rows = assigned.length > 0 ? 1 : valueLists > 0 ? valueLists : undefined;
  return [
    action("insert", {
      table,
      columns,
      touches,
      details: {
        source: query ? "query" : "values",
        ...(!query && rows !== undefined && { rows }),
        ...(onConflict && { onConflict }),
      },
    }),
  ];
}

/** One action per table that is set: MySQL's multiple-table UPDATE may write several. */
export function updateActions(update: Tree): readonly Action[] {
  const { tables, named } = updatedTables(update);
  const scope = newScope();
  const reads = new Touches();
  readWith(update, scope, reads);
  readFrom(tables, scope, reads, named);
  const sets = treesAt(update, "set");
  for (const set of sets) walk(set["value"], scope, reads);
  walk(update["where"], scope, reads);
  const hasWhere = isTree(update["where"]) || tables.some(isJoined);
  const wide = update["limit"] ? undefined : isWide(update["where"], tables);
  const bySet = sets.map((set) => {
    const alias = textAt(set, "table");
    return { set, table: alias === undefined ? named : (findSource(scope, alias)?.table ?? named) };
  });
  const written = [...new Map(bySet.map(({ table }) => [table ? renderName(table) : "", table])).values()];
  return written.map((table) => {
    const own = bySet.filter((one) => one.table === table || (one.table && table && sameName(one.table, table)));
    const names = own.map(({ set }) => columnName(set));
    const columns = names.flatMap((name) => name ?? []);
    const touches = new Touches()
      .table("update", table)
      .columns("update", table, columns.length < names.length ? [...columns, "*"] : columns)
      .addAll(reads.list);
    const setsNull = own.length > 0 && own.every(({ set }) => isNull(set["value"]));
    const details = { hasWhere, ...(wide && { wideWhere: wide }), ...(setsNull && { setsNull }) };
    return action("update", { table, columns, touches, details, incomplete: reads.incomplete });
  });
}

/** The WHERE, and what joins restrict by, may pass every row; see `Details.wideWhere`. */
function isWide(where: unknown, tables: readonly Tree[]): true | undefined {
  const conditions = [where, ...tables.map((item) => item["on"])].filter(isTree);
  const whole = tables.every((item) => textAt(item, "table") !== undefined && !Array.isArray(item["using"]));
  return (conditions.length > 0 && whole && conditions.every(isWideCondition)) || undefined;
}

const isWideCondition = (condition: Tree): boolean => {
  const operator = textAt(condition, "operator")?.toUpperCase() ?? "";
  const [left, right] = [condition["left"], condition["right"]];
  if (operator === "AND" || operator === "OR")
    return [left, right].every((side) => isTree(side) && isWideCondition(side));
  if (operator === "IS" || operator === "IS NOT") return isNull(right);
  return comparing.has(operator) && [left, right].every((side) => textAt(side, "type") === "column_ref");
};

const comparing = new Set(["=", "<>", "!=", "<=>", "<", ">", "<=", ">="]);

const isJoined = (item: Tree): boolean => isTree(item["on"]) || Array.isArray(item["using"]);

/** SQL Server's `UPDATE u SET … FROM users u`: the name before SET is an alias of FROM. */
function updatedTables(update: Tree): { readonly tables: readonly Tree[]; readonly named: QualifiedName | undefined } {
  const listed = treesAt(update, "table");
  const from = treesAt(update, "from");
  const target = from.find(
    (item) => (textAt(item, "as") ?? textAt(item, "table")) === textAt(listed[0], "table") && listed.length === 1,
  );
  return target
    ? { tables: from, named: tableName(target) }
    : { tables: [...listed, ...from], named: tableName(listed[0]) };
}

export function deleteActions(remove: Tree): readonly Action[] {
  const from = treesAt(remove, "from");
  const scope = newScope();
  const reads = new Touches();
  readWith(remove, scope, reads);
  const targets = treesAt(remove, "table");
  readFrom(from, scope, reads, from.length === 1 ? tableName(from[0]) : undefined);
  walk(remove["where"], scope, reads);
  const hasWhere = isTree(remove["where"]) || from.some(isJoined);
  return (targets.length > 0 ? targets : from.slice(0, 1)).map((item) => {
    const table = findSource(scope, textAt(item, "as") ?? textAt(item, "table") ?? "")?.table ?? tableName(item);
    const touches = new Touches().table("delete", table).addAll(reads.list);
    return action("delete", { table, touches, details: { hasWhere }, incomplete: reads.incomplete });
  });
}

export function truncateActions(truncate: Tree): readonly Action[] {
  return treesAt(truncate, "name").map((item) => {
    const table = tableName(item);
    return action("truncate", { table, touches: new Touches().table("delete", table), details: { hasWhere: false } });
  });
}
