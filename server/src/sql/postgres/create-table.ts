/** CREATE TABLE in its forms. */
import type { CreateStmt, CreateTableAsStmt, PartitionBoundSpec } from "libpg-query";
import type { Action, ColumnDefinition, Details } from "../action.ts";
import type { ConstraintDefinition, TableOptions } from "../definition.ts";
import { action, Touches } from "../draft.ts";
import { known } from "../hole.ts";
import { readDefinition, referencesOf, touchConstraint, touchDefinition } from "./columns.ts";
import { constraintColumns, readConstraint } from "./constraints.ts";
import { readInto } from "./rows.ts";
import type { SqlText } from "./text.ts";
import { all, nameOfTable, strings } from "./tree.ts";

export function createTable(create: CreateStmt, text: SqlText, options: TableOptions = {}): Action {
  const table = nameOfTable(create.relation);
  const site = { table, text };
  const touches = new Touches().table("create", table);
  const columns = all(create.tableElts, "ColumnDef");
  const elements = all(create.tableElts, "Constraint");
  for (const column of columns) touchDefinition(touches, table, column, known(column.colname));
  for (const constraint of elements) touchConstraint(touches, table, constraint, constraintColumns(constraint, table));
  const like = all(create.tableElts, "TableLikeClause").map((clause) => nameOfTable(clause.relation));
  for (const original of like) touches.table("require", original);
  // A partition changes the table that it becomes a part of.
  const parents = all(create.inhRelations, "RangeVar").map(nameOfTable);
  for (const parent of parents) touches.table(create.partbound ? "alter" : "require", parent);
  const definitions = columns.flatMap((column) => readDefinition(column, site) ?? []);
  const constraints = [
    ...definitions.flatMap((one) => one.constraints),
    ...elements.flatMap((constraint) => readConstraint(constraint, site) ?? []),
  ];
  const told = { ...options, ...readOptions(create, text) };
  return action("create_table", {
    table,
    columns: definitions.map(({ column }) => column.name),
    touches,
    details: {
      definitions: withKeys(
        definitions.map(({ column }) => column),
        constraints,
      ),
      ...(constraints.length > 0 && { constraints }),
      ...referencesOf([...definitions.flatMap(({ inline }) => inline), ...elements]),
      ...(Object.keys(told).length > 0 && { options: told }),
      ...(create.relation?.relpersistence === "t" && { temporary: true }),
      ...(create.if_not_exists && { ifNotExists: true }),
    },
  });
}

/** Columns of the primary key, and those of a NOT NULL that stands apart, are never null. */
function withKeys(
  definitions: readonly ColumnDefinition[],
  constraints: readonly ConstraintDefinition[],
): readonly ColumnDefinition[] {
  const never = new Set(
    constraints.flatMap(({ type, columns }) => (type === "primary_key" || type === "not_null" ? (columns ?? []) : [])),
  );
  return definitions.map((one) => (never.has(one.name) && one.nullable ? { ...one, nullable: false } : one));
}

const strategies = {
  PARTITION_STRATEGY_LIST: "list",
  PARTITION_STRATEGY_RANGE: "range",
  PARTITION_STRATEGY_HASH: "hash",
} as const;

function readOptions(create: CreateStmt, text: SqlText): TableOptions {
  const parents = all(create.inhRelations, "RangeVar").flatMap((parent) => nameOfTable(parent) ?? []);
  const like = all(create.tableElts, "TableLikeClause").flatMap((clause) => nameOfTable(clause.relation) ?? []);
  const [parent] = parents;
  const bound = create.partbound && boundText(create.partbound, text);
  const partition = create.partspec;
  const keys = all(partition?.partParams, "PartitionElem");
  return {
    ...(create.relation?.relpersistence === "u" && { unlogged: true as const }),
    ...(partition?.strategy && {
      partitionBy: { strategy: strategies[partition.strategy], columns: keys.flatMap(({ name }) => known(name) ?? []) },
    }),
    ...(create.partbound && parent && { partitionOf: parent }),
    ...(bound !== undefined && { bound }),
    ...(!create.partbound && parents.length > 0 && { inherits: parents }),
    ...(like.length > 0 && { like }),
  };
}

/** `FOR VALUES …` or `DEFAULT` as written. */
export function boundText(bound: PartitionBoundSpec, text: SqlText): string | undefined {
  if (bound.is_default) return "DEFAULT";
  const start = text.at(bound.location);
  const values = start === undefined ? undefined : text.before(start + 1, "for");
  if (values === undefined) return undefined;
  // FROM (…) TO (…), IN (…), WITH (…)
  let end = values;
  while (end < text.length && text.word(end) !== "(") end++;
  end = text.closing(end) + 1;
  if (text.word(end) === "to") end = text.closing(end + 1) + 1;
  return text.expression(values, end);
}

export function createTableAs(create: CreateTableAsStmt): Action {
  const name = nameOfTable(create.into?.rel);
  const touches = new Touches();
  const isView = create.objtype === "OBJECT_MATVIEW";
  if (isView && name) touches.add("create", { type: "view", name });
  else touches.table("create", name);
  readInto(touches, create.query);
  const persistence = create.into?.rel?.relpersistence;
  const details: Details = {
    ...(isView && { materialized: true }),
    options: {
      asQuery: true,
      ...(create.into?.skipData && { withoutData: true }),
      ...(persistence === "u" && { unlogged: true }),
    },
    ...(persistence === "t" && { temporary: true }),
    ...(create.if_not_exists && { ifNotExists: true }),
  };
  const columns = strings(create.into?.colNames);
  return action(isView ? "create_view" : "create_table", {
    ...(isView ? { name: name?.name } : { table: name }),
    columns,
    touches,
    details,
  });
}
