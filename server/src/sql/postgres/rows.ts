/** Statements about rows: SELECT, INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY. */
import type {
  CopyStmt,
  DeleteStmt,
  InsertStmt,
  MergeStmt,
  RangeVar,
  ResTarget,
  SelectStmt,
  TruncateStmt,
  UpdateStmt,
} from "libpg-query";
import { besideTable, sameName, type Action, type Details, type QualifiedName } from "../action.ts";
import { action, Touches } from "../draft.ts";
import { hasHole, known } from "../hole.ts";
import { batchOf, recopiedBy } from "./batch.ts";
import { functionName, readTargets, readWith, walk, type Sink } from "./expression.ts";
import { newScope, type Scope } from "../scope.ts";
import { all, as, isNull, nameOfTable, stringConstant, strings, type Node } from "./tree.ts";
import { isWholeTable, isWide } from "./restriction.ts";
import { callsIn } from "./value.ts";

/** The action of a statement about rows; what its WITH queries write goes to `also`, before it. */
export function rowAction(node: Node, outer: Scope | undefined, also: Action[]): Action | undefined {
  const sink: Sink = { touches: new Touches(), also, writes: rowAction };
  const scope = newScope(outer);
  const insert = as(node, "InsertStmt");
  if (insert) return insertAction(insert, scope, sink);
  const update = as(node, "UpdateStmt");
  if (update) return updateAction(update, scope, sink);
  const remove = as(node, "DeleteStmt");
  if (remove) return deleteAction(remove, scope, sink);
  const merge = as(node, "MergeStmt");
  if (merge) return mergeAction(merge, scope, sink);
  const truncate = as(node, "TruncateStmt");
  if (truncate) return truncateAction(truncate);
  const copy = as(node, "CopyStmt");
  if (copy) return copyAction(copy, scope, sink);
  const select = as(node, "SelectStmt");
  return select && selectAction(select, node, scope, sink);
}

/** Everything that a query or an expression reads, for the objects that are made from one; names may be columns of `table`. */
export function readInto(touches: Touches, node: unknown, table?: QualifiedName, outer?: Scope): void {
  const scope = newScope(outer);
  if (table) scope.sources.push({ alias: table.name, table });
  walk(node, scope, { touches, also: [], writes: rowAction });
}

/** The columns of `table` that an expression names. */
export function columnsIn(node: unknown, table: QualifiedName | undefined): readonly string[] {
  if (!table) return [];
  const touches = new Touches();
  readInto(touches, node, table);
  return touches.list.flatMap(({ on }) => (on.column !== undefined && sameName(on.name, table) ? [on.column] : []));
}

const addTarget = (scope: Scope, relation: RangeVar | undefined): void =>
  void scope.sources.push({
    alias: relation?.alias?.aliasname ?? relation?.relname ?? "",
    table: nameOfTable(relation),
  });

/** Columns that are set or inserted into; those with an unknown part are left out, and `"*"` tells that there are some. */
function targetNames(targets: readonly Node[] | undefined): {
  readonly columns: readonly string[];
  readonly touched: readonly string[];
} {
  const names = all(targets, "ResTarget").map((target) => known(target.name));
  const columns = names.flatMap((name) => name ?? []);
  return { columns, touched: columns.length < names.length ? [...columns, "*"] : columns };
}

function insertAction(insert: InsertStmt, scope: Scope, sink: Sink): Action {
  const table = nameOfTable(insert.relation);
  const { columns, touched } = targetNames(insert.cols);
  const { touches } = sink;
  touches.table("insert", table).columns("insert", table, touched.length > 0 ? touched : ["*"]);
  readWith(insert.withClause, scope, sink);
  walk(insert.selectStmt, scope, sink);
  addTarget(scope, insert.relation);
  const conflict = insert.onConflictClause;
  if (conflict) {
    scope.sources.push({ alias: "excluded", qualifiedOnly: true });
    if (table)
      touches.add(
        "require",
        conflict.infer?.conname
          ? besideTable("constraint", conflict.infer.conname, table)
          : { type: "index", name: table },
      );
    walk(conflict.infer?.indexElems, scope, sink);
    for (const element of all(conflict.infer?.indexElems, "IndexElem"))
      touches.columns("require", table, element.name ? [element.name] : []);
    const set = targetNames(conflict.targetList);
    touches.columns("update", table, set.touched);
    for (const target of all(conflict.targetList, "ResTarget")) walk(target.val, scope, sink);
    walk(conflict.whereClause, scope, sink);
  }
  readTargets(insert.returningClause?.exprs, scope, sink);
  const values = as(insert.selectStmt, "SelectStmt");
  const recopies = recopiedBy(insert);
  return action("insert", {
    table,
    columns,
    touches,
    details: {
      ...(!values || values.valuesLists
        ? { source: "values" as const, rows: values?.valuesLists?.length ?? 1 }
        : { source: "query" as const, hasWhere: isRestricted(values) }),
      ...(conflict && { onConflict: true }),
      ...(recopies && { recopies }),
      ...functionsOf(insert),
      ...partsOf(all(insert.cols, "ResTarget")),
    },
  });
}

const partsOf = (targets: readonly ResTarget[]): Pick<Details, "setsParts"> =>
  targets.some(({ indirection }) => indirection !== undefined) ? { setsParts: true } : {};

function functionsOf(statement: InsertStmt | UpdateStmt | DeleteStmt): Pick<Details, "functions"> {
  const functions = callsIn(statement);
  return functions.length > 0 ? { functions } : {};
}

/** Aggregates of PostgreSQL's own that give one row without GROUP BY. */
const aggregates = new Set(
  "count max min sum avg bool_and bool_or every string_agg array_agg json_agg jsonb_agg json_object_agg jsonb_object_agg".split(
    " ",
  ),
);

/** They number rows, for a query that picks some of them: where each batch begins, the latest of each group. */
const numbering = new Set(["row_number", "ntile"]);

const isDigest = (query: SelectStmt, called: readonly string[]): boolean =>
  [query.limitCount, query.groupClause?.[0], query.distinctClause?.[0], query.havingClause, query.larg].some(
    (part) => part !== undefined,
  ) ||
  query.fromClause === undefined ||
  called.some((name) => aggregates.has(name) || numbering.has(name));

/** Also by a LIMIT, by what it groups, or because it reads no table at all. */
const isRestricted = (query: SelectStmt): boolean =>
  [query.whereClause, query.limitCount, query.groupClause?.[0], query.distinctClause?.[0], query.havingClause].some(
    (part) => part !== undefined,
  ) ||
  query.larg !== undefined ||
  query.fromClause?.every(isWholeTable) !== true;

function updateAction(update: UpdateStmt, scope: Scope, sink: Sink): Action {
  const table = nameOfTable(update.relation);
  const { columns, touched } = targetNames(update.targetList);
  const { touches } = sink;
  touches.table("update", table).columns("update", table, touched);
  readWith(update.withClause, scope, sink);
  addTarget(scope, update.relation);
  walk(update.fromClause, scope, sink);
  const batch = batchOf(update);
  const targets = all(update.targetList, "ResTarget");
  for (const target of targets) walk([target.indirection, target.val], scope, sink);
  walk(update.whereClause, scope, sink);
  readTargets(update.returningClause?.exprs, scope, sink);
  return action("update", {
    table,
    columns,
    touches,
    incomplete: hasUnknownClause(update),
    details: {
      ...whereOf(update),
      ...functionsOf(update),
      ...partsOf(targets),
      ...(batch && { batch }),
      ...(targets.length > 0 && targets.every((target) => isNull(target.val)) && { setsNull: true }),
    },
  });
}

/** `DELETE FROM t ￼`: what reads like an alias is a clause that is not known. */
const hasUnknownClause = ({ relation }: UpdateStmt | DeleteStmt): boolean => hasHole(relation?.alias?.aliasname ?? "");

function whereOf(statement: UpdateStmt | DeleteStmt): Details {
  const hasWhere = statement.whereClause !== undefined;
  if (!hasWhere) return hasUnknownClause(statement) ? {} : { hasWhere };
  const joined = "fromClause" in statement ? statement.fromClause : undefined;
  // What stands beside the target may be a query of WITH, and that may give few rows.
  const isWhole = !joined || (statement.withClause === undefined && joined.every(isWholeTable));
  return { hasWhere, ...(isWhole && isWide(statement.whereClause) && { wideWhere: true as const }) };
}

function deleteAction(remove: DeleteStmt, scope: Scope, sink: Sink): Action {
  const table = nameOfTable(remove.relation);
  sink.touches.table("delete", table);
  readWith(remove.withClause, scope, sink);
  addTarget(scope, remove.relation);
  walk(remove.usingClause, scope, sink);
  walk(remove.whereClause, scope, sink);
  readTargets(remove.returningClause?.exprs, scope, sink);
  return action("delete", {
    table,
    touches: sink.touches,
    details: { ...whereOf(remove), ...functionsOf(remove) },
    incomplete: hasUnknownClause(remove),
  });
}

function mergeAction(merge: MergeStmt, scope: Scope, sink: Sink): Action {
  const table = nameOfTable(merge.relation);
  const { touches } = sink;
  readWith(merge.withClause, scope, sink);
  addTarget(scope, merge.relation);
  walk(merge.sourceRelation, scope, sink);
  walk(merge.joinCondition, scope, sink);
  const columns: string[] = [];
  const writes = { CMD_INSERT: "insert", CMD_UPDATE: "update", CMD_DELETE: "delete" } as const;
  for (const clause of all(merge.mergeWhenClauses, "MergeWhenClause")) {
    const how = writes[clause.commandType as keyof typeof writes] as (typeof writes)[keyof typeof writes] | undefined;
    if (!how) continue;
    const target = targetNames(clause.targetList);
    touches.table(how, table).columns(how, table, target.touched);
    columns.push(...target.columns.filter((column) => !columns.includes(column)));
    for (const { val } of all(clause.targetList, "ResTarget")) walk(val, scope, sink);
    walk([clause.condition, clause.values], scope, sink);
  }
  readTargets(merge.returningClause?.exprs, scope, sink);
  // The join restricts which rows are touched.
  return action("merge", { table, columns, touches, details: { hasWhere: true, source: "query" } });
}

function truncateAction(truncate: TruncateStmt): Action {
  const touches = new Touches();
  const tables = all(truncate.relations, "RangeVar").map(nameOfTable);
  for (const table of tables) touches.table("delete", table);
  const cascade = truncate.behavior === "DROP_CASCADE";
  // What CASCADE reaches is not in the text.
  return action("truncate", {
    table: tables[0],
    touches,
    incomplete: cascade,
    details: { hasWhere: false, ...(cascade && { cascade }) },
  });
}

function copyAction(copy: CopyStmt, scope: Scope, sink: Sink): Action {
  const table = nameOfTable(copy.relation);
  const { touches } = sink;
  const columns = strings(copy.attlist).flatMap((name) => known(name) ?? []);
  const touched = columns.length > 0 ? columns : ["*"];
  if (copy.is_from) touches.table("insert", table).columns("insert", table, touched);
  else if (copy.relation) touches.table("read", table).columns("read", table, touched);
  walk(copy.query, scope, sink);
  return action("copy", { effect: copy.is_from ? "data" : "read", table, columns, touches });
}

const advisory = "pg_advisory_";
const tryAdvisory = "pg_try_advisory_";

function selectAction(select: SelectStmt, node: Node, scope: Scope, sink: Sink): Action {
  walk(node, scope, sink);
  const into = select.intoClause?.rel;
  if (into) {
    const table = nameOfTable(into);
    sink.touches.table("create", table);
    return action("create_table", {
      table,
      touches: sink.touches,
      details: { options: { asQuery: true }, ...(into.relpersistence === "t" && { temporary: true }) },
    });
  }
  const calls = all(select.targetList, "ResTarget").map((target) => functionName(as(target.val, "FuncCall")));
  const { touches } = sink;
  if (calls.length > 0 && calls.every((name) => name.startsWith(advisory) || name.startsWith(tryAdvisory))) {
    return action("lock", { touches });
  }
  if (calls.includes("setval")) return action("maintenance", { touches, details: { command: "SETVAL" } });
  if (calls.length > 0 && calls.every((name) => name === "set_config")) return setConfig(select, touches);
  const first = touches.list.find(({ how, on }) => how === "read" && on.type === "table");
  const called = callsIn(node);
  const details: Details = {
    hasWhere: select.whereClause !== undefined,
    ...(isDigest(select, called) && { digest: true as const }),
    ...(called.length > 0 && { calls: called }),
    ...(select.lockingClause && { locksRows: true as const }),
  };
  return action("select", { table: first?.on.name, touches, details });
}

/** `SELECT set_config('search_path', '', false)` */
function setConfig(select: SelectStmt, touches: Touches): Action {
  const calls = all(select.targetList, "ResTarget").map((target) => as(target.val, "FuncCall"));
  const [name, value] = (calls[0]?.args ?? []).map(stringConstant);
  const isLocal = as(calls[0]?.args?.[2], "A_Const")?.boolval?.boolval === true;
  if (calls.length !== 1 || name === undefined || known(name) === undefined) return action("set", { touches });
  const setting = { name, ...(value !== undefined && { value }), ...(isLocal && { local: true as const }) };
  return action("set", { name, touches, details: { setting } });
}
