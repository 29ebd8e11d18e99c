/** ALTER TABLE … ADD COLUMN and DROP COLUMN. */
import type { ColumnDefinition, QualifiedName } from "../../sql/action.ts";
import type { ColumnType, ConstraintDefinition } from "../../sql/definition.ts";
import type { Constraint, Table } from "../../schema/state.ts";
import {
  buildAll,
  type Case,
  knownTable,
  lockTree,
  type Predict,
  referrersOf,
  rewriteAll,
  scanAll,
  sequencesOf,
  viewsOn,
  withTable,
} from "./case.ts";
import { isOwnType } from "./types.ts";
import { volatilityOf } from "./volatility.ts";

export const addColumn: Predict = withTable((one, table) => {
  const { details } = one.action;
  const known = knownTable(one, table);
  const definitions = details.definitions ?? [];
  const isThere =
    definitions.length > 0 && definitions.every(({ name }) => known?.columns.some((c) => c.name === name));
  if ((details.ifNotExists ?? details.ifExists) && isThere) {
    one.draft.lock(table, "AccessExclusiveLock").note("The column is there already: nothing is done.");
    return;
  }
  lockTree(one, table, "AccessExclusiveLock");
  for (const definition of definitions) addOne(one, table, definition);
  if (definitions.length === 0) {
    one.draft.doubt("The definition of the column could not be read.");
    rewriteAll(one, table);
  }
  const fills = definitions.some((definition) => definition.nullDefault || valueOf(one, definition) !== "null");
  // A foreign key that is made with the column knows that there is nothing to look up; one that is made after it does not.
  const looksUp = fills || details.referencesApart === true;
  for (const constraint of details.constraints ?? []) addConstraint(one, table, constraint, looksUp);
  if ((details.indexes ?? []).length > 0) buildAll(one, table);
  // A default may call nextval of a sequence that was there.
  for (const { how, on } of one.action.touches)
    if (how === "require" && on.type === "sequence") one.draft.lock(on.name, "RowExclusiveLock");
});

/** What existing rows get: no value, one for all that is kept in the catalog, or one that each is written with. */
type Value = "null" | "one" | "each";

function addOne(one: Case, table: QualifiedName, definition: ColumnDefinition): void {
  const value = valueOf(one, definition);
  if (value === "each") rewriteAll(one, table);
  if (value === "one")
    one.draft.note("The default is worked out once and kept in the catalog: existing rows are not written.");
  if (value === "null" && definition.nullable === false && definition.computed === undefined) {
    scanAll(one, table);
    one.draft.note("NOT NULL without a default fails where the table has rows.");
  }
  if (definition.computed?.stored === false)
    one.draft.note("Virtual generated columns exist since PostgreSQL 18; nothing is stored.");
}

function valueOf(one: Case, definition: ColumnDefinition): Value {
  const { serial, identity, generated, computed, sqlType, hasServerDefault } = definition;
  if (serial || identity || generated === "identity") return "each";
  if (computed) return computed.stored ? "each" : "null";
  if (sqlType !== undefined && isOwnType(sqlType) && isMaybeDomain(one, sqlType)) {
    one.draft.doubt(
      `${sqlType.name} may be a domain: with a constraint every row is written, to check the default against it.`,
    );
    return "each";
  }
  if (definition.default) return defaultValue(one, definition.default);
  if (hasServerDefault !== true) return "null";
  one.draft.doubt("The default could not be read.");
  return "each";
}

const isMaybeDomain = ({ schema }: Case, type: ColumnType): boolean => {
  if (type.enum !== undefined) return false;
  return (
    typeof schema.enumType(
      type.schema === undefined ? { name: type.name } : { name: type.name, schema: type.schema },
    ) !== "object"
  );
};

function defaultValue(one: Case, expression: NonNullable<ColumnDefinition["default"]>): Value {
  const volatility = volatilityOf(expression);
  if (volatility === "same") return "one";
  if (volatility === "volatile")
    one.draft.note("The default is volatile: every row is written with a value of its own.");
  else one.draft.doubt("Whether the default is the same for every row is not known here.");
  return "each";
}

function addConstraint(one: Case, table: QualifiedName, constraint: ConstraintDefinition, looksUp: boolean): void {
  const { type, references, notValid, notEnforced } = constraint;
  const isChecked = !notValid && !notEnforced;
  if (references) {
    lockTree(one, references.table, "ShareRowExclusiveLock");
    if (looksUp && isChecked) scanAll(one, table);
    else if (isChecked) one.draft.note("There is nothing to check: the new column holds NULL only.");
  }
  if (type === "check" && isChecked) scanAll(one, table);
  if (type === "unique" || type === "primary_key" || type === "exclude") buildAll(one, table);
}

export const dropColumn: Predict = withTable((one, table) => {
  const { details, columns } = one.action;
  const known = knownTable(one, table);
  const isGone =
    known !== undefined &&
    known.doubt === undefined &&
    columns.every((name) => known.columns.every((column) => column.name !== name));
  if (details.ifExists && isGone) {
    one.draft.lock(table, "AccessExclusiveLock");
    return;
  }
  lockTree(one, table, "AccessExclusiveLock");
  for (const column of columns) {
    for (const sequence of sequencesOf(one, table, column)) one.draft.lock(sequence, "AccessExclusiveLock");
    dropReferences(one, known, (constraint) => constraint.columns?.includes(column) !== false);
    if (details.cascade) dropDependents(one, table, column);
  }
});

/** A foreign key that goes takes its triggers off both tables. */
export function dropReferences(one: Case, known: Table | undefined, goes: (constraint: Constraint) => boolean): void {
  for (const constraint of known?.constraints ?? [])
    if (constraint.references && goes(constraint)) lockTree(one, constraint.references.table, "AccessExclusiveLock");
}

function dropDependents(one: Case, table: QualifiedName, column: string): void {
  for (const { table: referrer, constraint } of referrersOf(one, table))
    if (constraint.references?.columns.includes(column)) lockTree(one, referrer.name, "AccessExclusiveLock");
  const views = viewsOn(one, table);
  for (const { name } of views) one.draft.lock(name, "AccessExclusiveLock");
  if (views.length > 0) one.draft.doubt("Views that use the column go with it; which of them do is not known here.");
}
