/** ALTER TABLE … ADD, DROP and VALIDATE CONSTRAINT. */
import type { QualifiedName } from "../../sql/action.ts";
import type { ConstraintDefinition } from "../../sql/definition.ts";
import type { Constraint, Table } from "../../schema/state.ts";
import { isProven } from "./alter-column.ts";
import {
  buildAll,
  type Case,
  descendants,
  knownTable,
  lockTree,
  type Predict,
  referrersOf,
  scanAll,
  withTable,
} from "./case.ts";
import { dropReferences } from "./columns.ts";

export const addConstraint: Predict = withTable((one, table) => {
  const { constraints } = one.action.details;
  const added = constraints ?? [withoutDetails(one)];
  for (const constraint of added) addOne(one, table, constraint);
});

/** The kind alone, where the definition could not be read. */
function withoutDetails({ action: { kind, columns, details }, draft }: Case): ConstraintDefinition {
  draft.doubt("The definition of the constraint could not be read.");
  const types: Partial<Record<typeof kind, ConstraintDefinition["type"]>> = {
    create_foreign_key: "foreign_key",
    create_primary_key: "primary_key",
    create_unique_constraint: "unique",
    create_exclude_constraint: "exclude",
  };
  const { referencedTable, notValid } = details;
  return {
    type: types[kind] ?? "check",
    columns,
    ...(referencedTable && { references: { table: referencedTable, columns: [] } }),
    ...(notValid && { notValid: true as const }),
  };
}

function addOne(one: Case, table: QualifiedName, constraint: ConstraintDefinition): void {
  switch (constraint.type) {
    case "foreign_key":
      return addForeignKey(one, table, constraint);
    case "check":
      return addCheck(one, table, constraint);
    case "not_null":
      return addNotNull(one, table, constraint);
    default:
      return addKey(one, table, constraint);
  }
}

const isChecked = ({ notValid, notEnforced }: ConstraintDefinition | Constraint): boolean => !notValid && !notEnforced;

function addForeignKey(one: Case, table: QualifiedName, constraint: ConstraintDefinition): void {
  // Tables that inherit get no foreign key; 18 locks them all the same.
  lockTree(one, table, "ShareRowExclusiveLock", one.version >= 18 ? "heirs" : "partitions");
  if (constraint.references) {
    lockTree(one, constraint.references.table, "ShareRowExclusiveLock", "partitions");
    noteTriggers(one, constraint.references.table);
  } else one.draft.doubt("The table that the foreign key points at is not known here.");
  if (isChecked(constraint)) {
    scanAll(one, table, "partitions");
    one.draft.note(
      "Every row is looked up in the other table. NOT VALID, and VALIDATE later, keeps this out of the lock.",
    );
  }
}

const noteTriggers = (one: Case, referenced: QualifiedName): void =>
  void one.draft.note(`${referenced.name} is locked, too: it gets triggers that watch over its rows.`);

function addCheck(one: Case, table: QualifiedName, constraint: ConstraintDefinition): void {
  if (constraint.noInherit) one.draft.lock(table, "AccessExclusiveLock");
  else lockTree(one, table, "AccessExclusiveLock");
  if (!isChecked(constraint)) return;
  scanAll(one, table);
  one.draft.note("NOT VALID, and VALIDATE later, keeps the reading of the rows out of the lock.");
}

function addNotNull(one: Case, table: QualifiedName, constraint: ConstraintDefinition): void {
  lockTree(one, table, "AccessExclusiveLock");
  one.draft.note("NOT NULL constraints of this form exist since PostgreSQL 18.");
  if (isChecked(constraint) && !areProven(knownTable(one, table), constraint.columns)) scanAll(one, table);
}

const areProven = (table: Table | undefined, columns: readonly string[] | undefined): boolean =>
  table !== undefined &&
  columns !== undefined &&
  columns.every((name) =>
    isProven(
      table,
      name,
      table.columns.find((column) => column.name === name),
    ),
  );

function addKey(one: Case, table: QualifiedName, constraint: ConstraintDefinition): void {
  one.draft.lock(table, "AccessExclusiveLock");
  if (constraint.usingIndex !== undefined) return adoptIndex(one, table, constraint);
  // Until 17 the partitions get their indexes as by CREATE INDEX, unless their columns must become NOT NULL as well.
  const mode = one.version >= 18 || constraint.type === "primary_key" ? "AccessExclusiveLock" : "ShareLock";
  for (const { name } of descendants(one, table, "partitions")) one.draft.lock(name, mode);
  buildAll(one, table);
  one.draft.note("An index built CONCURRENTLY before, and then ADD … USING INDEX, holds the lock for a moment only.");
}

function adoptIndex(one: Case, table: QualifiedName, constraint: ConstraintDefinition): void {
  if (constraint.type !== "primary_key") return;
  const known = knownTable(one, table);
  const index = known?.indexes.find(({ name }) => name === constraint.usingIndex);
  const columns = index?.keys?.flatMap(({ column }) => column ?? []);
  if (columns === undefined) one.draft.doubt("Which columns the index has is not known here.");
  if (areProven(known, columns)) return;
  scanAll(one, table);
  one.draft.note("The columns may be NULL so far: the server reads the rows to see that none is.");
}

export const dropConstraint: Predict = withTable((one, table) => {
  const { details, name } = one.action;
  const known = knownTable(one, table);
  const constraint = known?.constraints.find((each) => each.name !== undefined && each.name === name);
  if (constraint === undefined) {
    lockTree(one, table, "AccessExclusiveLock", "partitions");
    const isGone = known !== undefined && known.doubt === undefined && name !== undefined;
    if (!(isGone && details.ifExists)) guessDropped(one, known, name);
    return;
  }
  if (constraint.type === "check" && constraint.noInherit) one.draft.lock(table, "AccessExclusiveLock");
  else lockTree(one, table, "AccessExclusiveLock");
  dropReferences(one, known, (each) => each === constraint);
  if (details.cascade) dropReferrers(one, table, constraint);
});

/** Any foreign key may be the one that goes. */
function guessDropped(one: Case, known: Table | undefined, name: string | undefined): void {
  one.draft.doubt(`What ${name ?? "the constraint"} is, is not known here; of a foreign key both tables are locked.`);
  const type = one.action.details.constraintType;
  if (type !== undefined && type !== "foreignkey" && type !== "foreign_key") return;
  dropReferences(one, known, (each) => each.name === undefined || name === undefined);
}

function dropReferrers(one: Case, table: QualifiedName, key: Constraint): void {
  if (key.type !== "primary_key" && key.type !== "unique") return;
  for (const { table: referrer, constraint } of referrersOf(one, table)) {
    const columns = constraint.references?.columns ?? [];
    const needsIt = key.columns === undefined || [...columns].sort().join() === [...key.columns].sort().join();
    if (needsIt) lockTree(one, referrer.name, "AccessExclusiveLock");
  }
}

export const validateConstraint: Predict = withTable((one, table) => {
  const { name } = one.action;
  const constraint = knownTable(one, table)?.constraints.find((each) => each.name !== undefined && each.name === name);
  one.draft.note("Reads and writes go on while the rows are read.");
  if (constraint === undefined) {
    lockTree(one, table, "ShareUpdateExclusiveLock");
    scanAll(one, table);
    one.draft.doubt("What the constraint says is not known here; of a foreign key the other table is locked, too.");
    return;
  }
  if (!constraint.notValid) {
    one.draft.lock(table, "ShareUpdateExclusiveLock").note("The constraint is valid already.");
    return;
  }
  lockTree(one, table, "ShareUpdateExclusiveLock");
  if (constraint.references) lockTree(one, constraint.references.table, "RowShareLock", "partitions");
  scanAll(one, table);
});

export const renameConstraint: Predict = withTable((one, table) => {
  const known = knownTable(one, table);
  const constraint = known?.constraints.find((each) => each.name !== undefined && each.name === one.action.name);
  if (constraint === undefined || constraint.type === "check") lockTree(one, table, "AccessExclusiveLock");
  else one.draft.lock(table, "AccessExclusiveLock");
});

/** ALTER CONSTRAINT: of foreign keys only. */
export function alterConstraint(one: Case, table: QualifiedName): void {
  lockTree(one, table, "AccessExclusiveLock");
  const name = one.action.details.alteration?.argument;
  const known = knownTable(one, table);
  const constraint = known?.constraints.find((each) => each.name !== undefined && each.name === name);
  if (constraint?.references === undefined) return;
  one.draft.doubt("NOT ENFORCED (since PostgreSQL 18) also locks the table that the foreign key points at.");
  lockTree(one, constraint.references.table, "AccessExclusiveLock");
}
