/**
 * May two things that a revision does be exchanged? The answer is "no, because …" wherever the text does not prove
 * that the outcome stays the same: same schema, same rows, no new error.
 */
import { renderName, type Action, type ActionKind, type QualifiedName } from "../sql/action.ts";
import {
  isVague,
  maybeSame,
  nothingKnown,
  relationsOf,
  rowUse,
  sharedRelation,
  touchesRows,
  writes,
  type Circumstances,
  type Placed,
} from "./footprint.ts";
import { rowsAndSchema } from "./order-rows.ts";
import { schemaAndSchema } from "./order-schema.ts";

export type { Circumstances } from "./footprint.ts";

/**
 * Why `first` must stay before `second`, as a clause that can follow "because"; `undefined` where the two may be
 * exchanged. Conservative: an action that is not understood stays where it is.
 */
export function mustKeepOrder(first: Placed, second: Placed, known: Circumstances = nothingKnown): string | undefined {
  if (isVague(first) || isVague(second)) return "it is not known what is touched";
  if (isSetting(first) || isSetting(second)) return "a setting, lock or transaction holds for what follows it";
  if (first.effect === "maintenance" || second.effect === "maintenance") return maintenance(first, second);
  if (touchesRows(first) && touchesRows(second)) return rowsAndRows(first, second, known);
  if (touchesRows(second)) return rowsAndSchema({ schema: first, rows: second, schemaFirst: true }, known);
  if (touchesRows(first)) return rowsAndSchema({ schema: second, rows: first, schemaFirst: false }, known);
  return schemaAndSchema(first, second, known);
}

const isSetting = ({ effect }: Action): boolean => effect === "session" || effect === "transaction";

function maintenance(first: Action, second: Action): string | undefined {
  const unnamed = [first, second].find((a) => a.effect === "maintenance" && relationsOf(a).length === 0);
  if (unnamed) return "it is not known which table is maintained";
  const table = sharedRelation(first, second);
  return table && `both concern ${renderName(table)}`;
}

/**
 * Statements about rows keep their order even on different tables: foreign keys, triggers and sequences tie them
 * together in ways that the file does not show. Queries among themselves are free.
 */
function rowsAndRows(first: Placed, second: Placed, known: Circumstances): string | undefined {
  if (first.effect === "read" && second.effect === "read") return undefined;
  if (first.effect === "read" || second.effect === "read") {
    const shared = relationsOf(first).find((table) =>
      [first, second].some(
        (a) => isWritten(a, table) && relationsOf(a === first ? second : first).some((t) => maybeSame(t, table)),
      ),
    );
    return shared && `rows of ${renderName(shared)} are read and changed`;
  }
  const seeds = (a: Action): boolean => relationsOf(a).every((table) => known.isSeeded(table));
  if (seeds(first) !== seeds(second) && sharedRelation(first, second) === undefined) return undefined;
  return "both change rows, and keys or triggers may tie them together";
}

function isWritten(action: Placed, table: QualifiedName): boolean {
  const use = rowUse(action, table);
  return use !== undefined && writes(use);
}

const destructive: readonly ActionKind[] = [
  "drop_column",
  "drop_table",
  "drop_constraint",
  "drop_index",
  "rename_table",
  "rename_constraint",
  "rename_index",
  "create_check_constraint",
  "create_exclude_constraint",
  "create_foreign_key",
  "create_primary_key",
  "create_unique_constraint",
  "validate_constraint",
  "drop_type",
  "drop_view",
  "drop_sequence",
  "drop_function",
  "drop_trigger",
  "drop_policy",
  "drop_schema",
  "drop_extension",
  "drop_other",
];

/** Takes something away or restricts what rows may hold: belongs as late as possible. Everything else as early. */
export function isContracting({ kind, details }: Action): boolean {
  if (destructive.includes(kind)) return true;
  if (kind === "create_index") return details.unique === true;
  return (
    kind === "alter_column" &&
    (details.nullable === false || details.newType !== undefined || details.newName !== undefined)
  );
}
