/** CREATE INDEX. */
import type { IndexElem, IndexStmt } from "libpg-query";
import { besideTable, type Action } from "../action.ts";
import type { IndexDefinition, IndexKey, SqlExpression } from "../definition.ts";
import { action, Touches } from "../draft.ts";
import { known } from "../hole.ts";
import { columnsIn, readInto } from "./rows.ts";
import { locationOf, type SqlText } from "./text.ts";
import { all, nameOfTable, strings } from "./tree.ts";
import { expressionOf } from "./value.ts";

export function createIndex(index: IndexStmt, text: SqlText): Action {
  const table = nameOfTable(index.relation);
  const touches = new Touches().table("require", table);
  const name = known(index.idxname);
  if (name !== undefined) touches.add("create", besideTable("index", name, table));
  if (index.unique && table) touches.add("create", { type: "index", name: table });
  const elements = all(index.indexParams, "IndexElem");
  const columns = elements.flatMap((element) =>
    element.name === undefined ? columnsIn(element.expr, table) : (known(element.name) ?? []),
  );
  const included = all(index.indexIncludingParams, "IndexElem").flatMap((element) => known(element.name) ?? []);
  touches.columns("require", table, [...columns, ...included, ...columnsIn(index.whereClause, table)]);
  readInto(touches, [elements.map((element) => element.expr), index.whereClause], table);
  if (index.unique) touches.columns("constrain", table, columns);
  const expression = index.whereClause !== undefined || elements.some((element) => element.expr !== undefined);
  return action("create_index", {
    table,
    name,
    columns: [...new Set(columns)],
    touches,
    details: {
      indexes: [readIndex(index, included, text)],
      ...(index.unique && { unique: true }),
      ...(index.concurrent && { concurrently: true }),
      ...(expression && { expression: true }),
      ...(index.if_not_exists && { ifNotExists: true }),
    },
  });
}

function readIndex(index: IndexStmt, include: readonly string[], text: SqlText): IndexDefinition {
  const name = known(index.idxname);
  return {
    ...(name !== undefined && { name, nameIsFinal: true as const }),
    keys: readKeys(index, text),
    unique: index.unique === true,
    method: index.accessMethod ?? "btree",
    ...(include.length > 0 && { include }),
    ...(index.whereClause && { where: whereOf(index, text) }),
    ...(index.nulls_not_distinct && { nullsNotDistinct: true as const }),
    ...(index.concurrent && { concurrently: true as const }),
    ...(index.relation?.inh !== true && { only: true as const }),
    ...((index.options?.length ?? 0) + (index.tableSpace ?? "").length > 0 && { hasSettings: true as const }),
  };
}

/** The condition is the last thing in the statement. */
function whereOf(index: IndexStmt, text: SqlText): SqlExpression {
  const first = text.at(locationOf(index.whereClause));
  const where = first === undefined ? undefined : text.before(first, "where");
  const sql = where === undefined ? undefined : text.expression(where + 1, text.endOfStatement(where));
  return expressionOf(index.whereClause, sql);
}

function readKeys(index: IndexStmt, text: SqlText): readonly IndexKey[] | undefined {
  const elements = all(index.indexParams, "IndexElem");
  const start = text.at(index.relation?.location);
  const open = start === undefined ? undefined : openingOf(start, text);
  const parts = open === undefined ? [] : text.parts(open);
  if (elements.some(({ name }) => name !== undefined && known(name) === undefined)) return undefined;
  return elements.map((element, i) => readKey(element, parts.length === elements.length ? parts[i] : undefined, text));
}

/** The bracket before the keys: behind the table's name and the method. */
function openingOf(table: number, text: SqlText): number | undefined {
  for (let at = table; at < text.length; at++) if (text.word(at) === "(") return at;
  return undefined;
}

function readKey(element: IndexElem, part: readonly [number, number] | undefined, text: SqlText): IndexKey {
  const operatorClass = strings(element.opclass).join(".");
  const collation = strings(element.collation).at(-1);
  const nulls = { SORTBY_NULLS_FIRST: "first", SORTBY_NULLS_LAST: "last", SORTBY_NULLS_DEFAULT: undefined } as const;
  const ordered = nulls[element.nulls_ordering ?? "SORTBY_NULLS_DEFAULT"];
  return {
    ...(element.name !== undefined && { column: element.name }),
    ...(element.expr && {
      expression: expressionOf(element.expr, part && text.expression(part[0], endOfKey(part[0], text))),
    }),
    ...(element.ordering === "SORTBY_DESC" && { descending: true as const }),
    ...(ordered && { nulls: ordered }),
    ...(operatorClass !== "" && { operatorClass }),
    ...(collation !== undefined && { collation }),
  };
}

/** An expression that is a key stands in brackets or is a call; some calls, such as `current_date`, have none. */
function endOfKey(from: number, text: SqlText): number {
  let at = from;
  if (text.word(at) !== "(") {
    at++;
    while (text.word(at) === ".") at += 2;
    if (text.word(at) !== "(") return at;
  }
  return text.closing(at) + 1;
}
