/** Columns for which nobody but the writer has a value. */
import { isOwnType } from "../locks/postgres/types.ts";
import type { ColumnDefinition, Dialect } from "../sql/action.ts";

/** No default, no sequence, no expression of the server's gives it one. */
export function isUnfilled(column: ColumnDefinition, dialect: Dialect): boolean {
  if (column.hasServerDefault !== false) return false;
  if (column.serial || column.autoIncrement || column.identity || column.generated || column.computed) return false;
  return dialect !== "postgresql" || !isMaybeDomain(column);
}

/** A type of the database's own may be a domain with a default. */
const isMaybeDomain = ({ sqlType }: ColumnDefinition): boolean =>
  sqlType !== undefined && sqlType.enum === undefined && isOwnType(sqlType);
