/** What takes back each operation of an upgrade, the last first; or why one of them cannot be taken back. */
import { judgedIn, type Judged } from "../../facts/judged.ts";
import { playedIn } from "../../facts/played.ts";
import { appliesTo, isOnline } from "../../model/applies.ts";
import type { Direction, Operation, RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import { lineOf, Refused } from "../../rewrite/refused.ts";
import { rebuildEnum } from "../../schema/enum-rebuild.ts";
import { invert, type Inverse } from "../../schema/inverse.ts";
import type { Schema } from "../../schema/state.ts";
import { renderDataChange } from "../../schema/wording.ts";
import type { Action, ColumnDefinition } from "../../sql/action.ts";
import { named, type Step } from "../named.ts";
import { refuseUncertain } from "./conditions.ts";
import { constraintTypeOf } from "./directives.ts";

/** One operation of the upgrade and its way back. */
export interface Undoing {
  readonly operation: Operation;
  readonly actions: readonly Action[];
  /** Rows that stay as they are: what is said of them in place of code. */
  readonly remark?: string;
}

/** @throws Refused with the statement that stands in the way. */
export function findInverses(project: Project, file: RevisionFile, upgrade: Direction): readonly Undoing[] {
  if (upgrade.unfinished) throw new Refused("There is too much code in upgrade() to follow to its end.");
  const judged = judgedIn(project, file, upgrade);
  const played = playedIn(project, file, upgrade);
  if (!played) throw new Refused("The revision is not in the history.");
  refuseUncertain(file, upgrade);
  const isHere = (operation: Operation): boolean => appliesTo(operation, project.config.dialect) && isOnline(operation);
  const other = upgrade.operations.find((operation) => operation.effect === "schema" && !isHere(operation));
  if (other)
    throw new Refused(
      `What stands on ${lineOf(file, other.range)} runs only on another dialect or in a script, and what it meets there is not known.`,
    );
  return judged.toReversed().flatMap((one) => {
    const after = played.met[one.index + 1] ?? played.after;
    return undo(file, named(one, after), after, judged);
  });
}

/** The type is made anew as it was, and the columns that have it when the value is there. */
function withoutValue({ operation, schema }: Step, after: Schema): Inverse {
  const name = operation.touches.find(({ on }) => on.type === "type")?.on.name;
  const before = name && schema.enumType(name);
  if (typeof before !== "object" || before.values === undefined) return invert(operation, schema);
  const value = operation.details.value?.name;
  if (value !== undefined && before.values.includes(value)) return { actions: [] };
  return rebuildEnum(after, before.name, before.values);
}

function undo(
  file: RevisionFile,
  { operation, schema }: Step,
  after: Schema,
  all: readonly Judged[],
): readonly Undoing[] {
  const { effect, confidence, why } = operation;
  const at = lineOf(file, operation.range);
  if (confidence === "opaque" || effect === "unknown" || operation.kind === "opaque")
    throw new Refused(`What the statement on ${at} does is not understood${why === undefined ? "" : ` (${why})`}.`);
  if (effect === "data") {
    if (isUndoneAlong(operation, all)) return [];
    return [{ operation, actions: [], remark: `What ${renderDataChange(operation)} has changed stays as it is.` }];
  }
  const added = operation.kind === "alter_type" && operation.details.enumValue === "added";
  const inverse = added ? withoutValue({ operation, schema }, after) : invert(operation, schema);
  if ("impossible" in inverse) throw new Refused(`What is done on ${at} cannot be taken back. ${inverse.impossible}`);
  return inverse.actions.length === 0
    ? []
    : [{ operation, actions: inverse.actions.map((one) => typed(one, operation)) }];
}

/** `drop_constraint` says what it drops, for servers that must be told. */
function typed(action: Action, { details }: Operation): Action {
  const made = details.constraints?.find(({ name }) => name === action.name) ?? details.constraints?.[0];
  const type = made && constraintTypeOf(made.type);
  return action.kind === "drop_constraint" && type !== undefined
    ? { ...action, details: { ...action.details, constraintType: type } }
    : action;
}

/** Rows of a table that goes, and values of columns that go. */
function isUndoneAlong({ kind, table, columns }: Operation, all: readonly Judged[]): boolean {
  if (table === undefined) return false;
  const makes = (which: Operation["kind"]): readonly Operation[] =>
    all
      .map(({ operation }) => operation)
      .filter((one) => one.kind === which && one.table?.name === table.name && one.table.schema === table.schema);
  if (makes("create_table").length > 0) return true;
  const added = new Set(makes("add_column").flatMap((one) => one.columns));
  return kind === "update" && columns.length > 0 && columns.every((column) => added.has(column));
}

/** Rows that are there when such a column comes back have no value for it. */
export const demandsValue = ({ nullable, hasServerDefault, generated }: ColumnDefinition): boolean =>
  nullable === false && hasServerDefault !== true && generated === undefined;
