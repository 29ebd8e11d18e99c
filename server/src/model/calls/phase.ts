/** To which part of an expand / backfill / contract migration an action belongs, taken by itself. */
import type { Action, Touching } from "../../sql/action.ts";
import type { AlterCommand } from "../../sql/definition.ts";
import type { Phase } from "../revision.ts";

const restricting: ReadonlySet<Touching> = new Set(["drop", "rename", "constrain"]);

/**
 * - rows written: `backfill`;
 * - a definition taken away, renamed or narrowed, or a condition put on rows that exist: `contract`;
 * - any other definition: `expand`;
 * - reads, maintenance, sessions, transactions and what is not understood: none.
 *
 * An index or constraint on a table that the same revision creates is still `contract` here: that needs a view of the
 * whole revision, not of one action. See `schema/phases.ts`.
 */
export function phaseOf(action: Action): Phase | undefined {
  if (action.effect === "data") return "backfill";
  if (action.effect !== "schema" || action.kind === "opaque") return undefined;
  if (action.kind === "create_table") return "expand";
  if (action.kind === "alter_column" && action.details.newType !== undefined) return "contract";
  if (/^(?:drop|rename|validate)_/.test(action.kind) || isCondition(action) || takesAway(action)) return "contract";
  return action.touches.some(({ how }) => restricting.has(how)) ? "contract" : "expand";
}

/** Rows that running code no longer sees, or values that nobody makes for it any more. */
const hiding: ReadonlySet<AlterCommand> = new Set([
  "detach_partition",
  "enable_row_security",
  "force_row_security",
  "no_inherit",
]);

const takesAway = ({ details }: Action): boolean =>
  details.identity === "dropped" ||
  details.computed === "dropped" ||
  (details.alteration !== undefined && hiding.has(details.alteration.command));

/** A condition on rows, also where the table or the columns are not known and so nothing can be touched. */
const isCondition = ({ kind, details }: Action): boolean =>
  details.notValid === true
    ? false
    : /^create_(?:\w+_constraint|foreign_key|primary_key)$/.test(kind) ||
      (kind === "create_index" && details.unique === true) ||
      (kind === "alter_type" && (details.constraints ?? []).some((one) => one.notValid !== true)) ||
      details.nullable === false ||
      details.enumValue === "renamed";
