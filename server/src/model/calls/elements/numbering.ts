/** Which column of a primary key numbers the rows by itself, as SQLAlchemy decides it. */
import type { ColumnDefinition, Dialect } from "../../../sql/action.ts";
import type { ColumnType } from "../../../sql/definition.ts";
import type { ColumnReading } from "./column.ts";

/**
 * `PrimaryKeyConstraint._autoincrement_column`. `referring` are the columns that have a foreign key, those of the
 * table's own constraints included.
 */
export function numberingColumn(
  keys: readonly ColumnReading[],
  referring: ReadonlySet<string>,
): ColumnReading | undefined {
  const [only, ...others] = keys;
  if (others.length > 0) return keys.find(({ numbering }) => numbering.autoincrement === true);
  if (only === undefined) return undefined;
  const { autoincrement, counts, filled } = only.numbering;
  if (autoincrement === true) return only;
  const refers = referring.has(only.definition.name) && autoincrement !== "ignore_fk";
  const integer = counts !== undefined && counts !== "numeric";
  return autoincrement !== false && integer && !filled && !refers ? only : undefined;
}

const beneath: Readonly<Record<string, string>> = { numeric: "integer" };

/** PostgreSQL: the column is `SERIAL`, an integer with a sequence of its own. */
export function serialColumn(column: ColumnReading, dialect: Dialect): ColumnDefinition {
  const { definition, numbering } = column;
  if (dialect !== "postgresql" || definition.identity !== undefined || numbering.filled) return definition;
  const name = numbering.counts === undefined ? undefined : (beneath[numbering.counts] ?? numbering.counts);
  const sqlType: ColumnType | undefined = name === undefined ? undefined : { name, arguments: [], dimensions: 0 };
  return { ...definition, ...(sqlType && { sqlType }), hasServerDefault: true, serial: true };
}
