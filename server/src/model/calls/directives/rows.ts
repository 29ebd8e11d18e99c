/** `bulk_insert`. */
import type { Value } from "../../../syntax/value.ts";
import { action } from "../draft.ts";
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
          details: { source: "values" },
          incomplete: reading?.name === undefined,
        }),
        doubts: bound.doubts,
      },
    ];
  },
};

/** The columns that rows name, given as dictionaries; not `known` where a row is not one. */
export function keysOfRows(rows: Value | undefined): { readonly columns: readonly string[]; readonly known: boolean } {
  if (rows?.kind === "choice") {
    const each = rows.options.map(keysOfRows);
    return { columns: [...new Set(each.flatMap(({ columns }) => columns))], known: each.every(({ known }) => known) };
  }
  const list = rows?.kind === "sequence" ? rows.items : rows?.kind === "mapping" ? [rows] : undefined;
  if (list === undefined) return { columns: [], known: false };
  const columns = new Set<string>();
  let known = rows?.kind !== "sequence" || rows.complete;
  for (const row of list) {
    if (row.kind !== "mapping" || !row.complete) known = false;
    if (row.kind !== "mapping") continue;
    for (const [key] of row.entries) {
      const name = textOf(key);
      if (name === undefined) known = false;
      else columns.add(name);
    }
  }
  return { columns: [...columns], known };
}
