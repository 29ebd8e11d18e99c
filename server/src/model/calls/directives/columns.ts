/** `add_column` and `drop_column`. */
import type { Details, QualifiedName, Touch } from "../../../sql/action.ts";
import type { ConstraintDefinition } from "../../../sql/definition.ts";
import type { Value } from "../../../syntax/value.ts";
import { flag, nameArgument, type Bound } from "../arguments.ts";
import { referencesOf, targetTouches } from "../columns.ts";
import { action, someOf } from "../draft.ts";
import {
  columnCall,
  columnIndex,
  demandsOfRows,
  readColumn,
  uniqueConstraint,
  whyNoColumn,
  type ColumnReading,
} from "../elements/column.ts";
import { uniqueness } from "../elements/constraint-touches.ts";
import { numberingColumn, serialColumn } from "../elements/numbering.ts";
import { onColumns, onNamed, onTable } from "../entities.ts";
import { isNone, textOf } from "../terms.ts";
import type { Directive } from "./directive.ts";

export const addColumn: Directive = {
  parameters: ["table_name", "column", "schema"],
  batch: ["column"],
  read: ({ bound, table, dialect }) => {
    const value = bound.get("column");
    const read = value && readColumn(value, { table, dialect });
    if (read === undefined) bound.doubts.push(value ? whyNoColumn(value) : "the column is not given");
    else bound.doubts.push(...read.doubts);
    const column = read && numbered(read, dialect);
    return [
      {
        action: action({
          kind: "add_column",
          effect: "schema",
          table,
          columns: column ? [column.definition.name] : [],
          touches: [...(column ? addTouches(table, column) : []), ...onTable("require", table)],
          details: {
            definitions: column && [column.definition],
            constraints: column && someOf(constraintsOf(column, bound)),
            indexes: column && someOf([columnIndex(column)].flatMap((index) => index ?? [])),
            references: column && referencesOf(column.targets),
            referencesApart: column && column.foreignKeys.length > 0 && !isInline(column, bound) ? true : undefined,
            ifNotExists: flag(bound, "if_not_exists"),
            pythonDefault: value && pythonDefaultOf(value),
          },
        }),
        doubts: bound.doubts,
      },
    ];
  },
};

/** `default=` where there is no `server_default=`, `Identity` or their like beside it. */
function pythonDefaultOf(value: Value): Details["pythonDefault"] {
  const call = columnCall(value);
  const argument = call?.args.find(({ name }) => name === "default" || name === "insert_default");
  if (!call || !argument || isNone(argument.value) || call.args.some(({ starred }) => starred)) return undefined;
  const { value: given } = argument;
  const known = given.kind === "scalar" ? given.value : textOf(given);
  const range = { start: given.range.start, end: given.range.end };
  return { range: argument.range, value: range, ...(known !== undefined && known !== null && { constant: known }) };
}

/** SQLAlchemy takes the column for the whole of its table: an integer with `primary_key=True` is SERIAL. */
function numbered(column: ColumnReading, dialect: Parameters<typeof serialColumn>[1]): ColumnReading {
  const { definition, primaryKey, targets } = column;
  const referring = new Set(targets.length > 0 ? [definition.name] : []);
  const numbers = primaryKey && numberingColumn([column], referring) === column;
  return numbers ? { ...column, definition: serialColumn(column, dialect) } : column;
}

/** `primary_key=True` alone makes no constraint. A single foreign key that stands with the column loses its name. */
function constraintsOf(column: ColumnReading, bound: Bound): readonly ConstraintDefinition[] {
  const { definition, primaryKey, checks, typeCheck, foreignKeys } = column;
  const key = primaryKey && flag(bound, "inline_primary_key") === true;
  const inline = isInline(column, bound);
  return [
    ...(key ? [{ type: "primary_key" as const, columns: [definition.name] }] : []),
    ...(inline ? foreignKeys.map(withoutName) : []),
    ...checks,
    ...(typeCheck ? [typeCheck] : []),
    ...[uniqueConstraint(column)].flatMap((unique) => unique ?? []),
    ...(inline ? [] : foreignKeys),
  ];
}

const isInline = ({ foreignKeys }: ColumnReading, bound: Bound): boolean =>
  flag(bound, "inline_references") === true && foreignKeys.length === 1;

const withoutName = ({
  name: _,
  nameIsFinal: __,
  nameIsUnknown: ____,
  notValid: ___,
  ...rest
}: ConstraintDefinition): ConstraintDefinition => rest;

function addTouches(table: QualifiedName | undefined, column: ColumnReading): readonly Touch[] {
  const { name } = column.definition;
  const filled = column.definition.hasServerDefault === true;
  // Rows that exist already must fit: a value for NOT NULL, a default that is unique, checked or points at a row.
  const constrains =
    demandsOfRows(column) || (filled && (column.unique || column.checked || column.targets.length > 0));
  const targets = column.targets.flatMap((target) =>
    filled && target.column !== undefined ? onColumns("read", target.table, [target.column]) : [],
  );
  return [
    ...onColumns("create", table, [name]),
    ...(column.unique && table ? [uniqueness(table)] : []),
    ...(constrains ? onTable("constrain", table) : []),
    ...targetTouches(column.targets),
    ...targets,
    ...(column.ownType ? onNamed("require", "type", column.ownType.name.name, column.ownType.name.schema) : []),
  ];
}

export const dropColumn: Directive = {
  parameters: ["table_name", "column_name", "schema"],
  batch: ["column_name"],
  read: ({ bound, table }) => {
    const column = nameArgument(bound, "column_name", "the column's name");
    const columns = column === undefined ? [] : [column];
    return [
      {
        action: action({
          kind: "drop_column",
          effect: "schema",
          table,
          columns,
          touches: [...onColumns("drop", table, columns), ...onTable("require", table)],
          details: { ifExists: flag(bound, "if_exists") },
        }),
        doubts: bound.doubts,
      },
    ];
  },
};
