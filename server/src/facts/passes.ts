/** Which operations are sure to go through all rows of a table that people use: to check, to index, to write anew. */
import type { ActionKind, QualifiedName } from "../sql/action.ts";
import { typeChangeOf } from "../locks/postgres/alter-column.ts";
import type { Judged } from "./judged.ts";
import { liveOf } from "./live.ts";

/** Of these the kind alone tells. */
const surely: readonly ActionKind[] = [
  "create_index",
  "create_check_constraint",
  "create_exclude_constraint",
  "create_foreign_key",
  "create_primary_key",
  "create_unique_constraint",
  "validate_constraint",
  "maintenance",
];

/** A type of which one side is not known may change nothing. */
function isSure({ operation, schema }: Judged): boolean {
  const { kind, details, table, columns } = operation;
  if (surely.includes(kind)) return true;
  if (kind !== "alter_column" || table === undefined) return false;
  if (details.newType === undefined) return details.nullable === false;
  const found = schema.table(table);
  const column = typeof found === "object" ? found.columns.find(({ name }) => name === columns[0]) : undefined;
  const change = typeChangeOf(operation, schema, column);
  return change.effect !== "time zone" && change.doubt === undefined;
}

/** Whether it may be one of them, told without a look at the history. */
export const mayGoThrough = (one: Judged): boolean => {
  const { kind, table, details } = one.operation;
  if (!one.isUnderstood || details.notValid || details.concurrently) return false;
  if (kind === "alter_column") return details.newType !== undefined || details.nullable === false;
  return surely.includes(kind) && (table === undefined || one.origin(table) === "existing");
};

export const tablesGoneThrough = (one: Judged): readonly QualifiedName[] =>
  mayGoThrough(one) && one.impact && isSure(one) ? liveOf(one, [...one.impact.rewrites, ...one.impact.scans]) : [];
