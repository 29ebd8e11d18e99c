/** Changes of a column that say once more what it is: MySQL wants the type and NOT NULL with whatever else changes. */
import type { Operation, RevisionFile } from "../model/revision.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import type { Column } from "../schema/state.ts";
import type { Details } from "../sql/action.ts";
import { renderColumnType } from "../sql/postgres/type-text.ts";

/** What an operation changes about a column, by the names of its details. */
export const changesOf = ({ details }: Operation, column: Column | undefined): readonly (keyof Details)[] =>
  (Object.keys(details) as (keyof Details)[]).filter(
    (name) => name !== "existing" && details[name] !== undefined && !(column && isSaidAgain(name, details, column)),
  );

function isSaidAgain(name: keyof Details, { newSqlType, nullable }: Details, column: Column): boolean {
  const { type, collation } = column;
  switch (name) {
    case "newType":
    case "newSqlType":
      // A type without a collation takes the column's own away, and one with an enum may make it.
      return (
        newSqlType !== undefined &&
        type !== undefined &&
        (newSqlType.enum ?? type.enum ?? collation) === undefined &&
        newSqlType.schema === type.schema &&
        renderColumnType(newSqlType) === renderColumnType(type)
      );
    case "nullable":
      return nullable === column.nullable;
    default:
      return false;
  }
}

/** Nothing else is changed about the column than what is listed. */
export function refuseMore(
  file: RevisionFile,
  operation: Operation,
  { changes, column }: { readonly changes: readonly (keyof Details)[]; readonly column: Column | undefined },
): void {
  const others = changesOf(operation, column).filter((name) => !changes.includes(name));
  if (operation.columns.length !== 1 || others.length > 0)
    throw new Refused(`What stands on ${lineOf(file, operation.range)} changes more than that.`);
}
