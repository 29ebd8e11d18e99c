/** `bulk_insert`. */
import type { Details } from "../../../sql/action.ts";
import type { Value } from "../../../syntax/value.ts";
import { action, someOf } from "../draft.ts";
import { onColumns, onTable } from "../entities.ts";
import { tableOf } from "../tables.ts";
import { textOf, whyUnknown } from "../terms.ts";
import type { Directive } from "./directive.ts";

export const bulkInsert: Directive = {
  parameters: ["table", "rows", "multiinsert"],
  table: null,
  read: ({ bound }) => {
    const value = bound.get("table");
    const reading = tableOf(value);
    if (reading?.name === undefined) bound.doubts.push(reading?.why ?? whyUnknown(value, "the table"));
    const rows = bound.get("rows");
    const { columns, known } = keysOfRows(rows);
    if (!known) bound.doubts.push(whyUnknown(rows, "the list of rows"));
    return [
      {
        action: action({
          kind: "bulk_insert",
          effect: "data",
          table: reading?.name,
          columns,
          touches: [...onTable("insert", reading?.name), ...onColumns("insert", reading?.name, columns)],
          details: { source: "values", rows: numberOfRows(rows), constants: constantsOfRows(rows) },
          incomplete: reading?.name === undefined,
        }),
        doubts: bound.doubts,
      },
    ];
  },
};

/**
 * The columns that rows name, given as dictionaries. SQLAlchemy takes the columns of the statement from the first row,
 * so they are `known` where one row is known, even if more rows follow.
 */
export function keysOfRows(rows: Value | undefined): { readonly columns: readonly string[]; readonly known: boolean } {
  if (rows?.kind === "choice") {
    const each = rows.options.map(keysOfRows);
    return {
      columns: [...new Set(each.flatMap(({ columns }) => columns))],
      known: each.every(({ known }) => known),
    };
  }
  const list = rows?.kind === "sequence" ? rows.items : rows?.kind === "mapping" ? [rows] : [];
  const columns = new Set<string>();
  for (const row of list) for (const name of keysOfRow(row) ?? []) columns.add(name);
  const nothing = rows?.kind === "sequence" && rows.complete && list.length === 0;
  return {
    columns: [...columns],
    known: nothing || (list.length > 0 && list.every((row) => keysOfRow(row) !== undefined)),
  };
}

function constantsOfRows(rows: Value | undefined): Details["constants"] {
  const list = rows?.kind === "sequence" ? rows.items : [];
  return someOf(
    list.flatMap((row) =>
      row.kind === "mapping"
        ? row.entries.flatMap(([key, given]) => {
            const [column, value] = [textOf(key), textOf(given)];
            return column === undefined || value === undefined ? [] : [{ column, value }];
          })
        : [],
    ),
  );
}

/** How many rows a value lists, one where it is a single one; `undefined` where that is not known. */
export const numberOfRows = (rows: Value | undefined): number | undefined =>
  rows?.kind === "mapping" ? 1 : rows?.kind === "sequence" && rows.complete ? rows.items.length : undefined;

function keysOfRow(row: Value): readonly string[] | undefined {
  if (row.kind !== "mapping" || !row.complete) return undefined;
  const names = row.entries.map(([key]) => textOf(key));
  return names.every((name) => name !== undefined) ? names : undefined;
}
