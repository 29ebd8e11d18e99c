/** CREATE TABLE, DROP TABLE and their renaming. */
import type { QualifiedName } from "../../sql/action.ts";
import type { Table } from "../../schema/state.ts";
import { sameTable } from "../names.ts";
import {
  type Case,
  descendants,
  knownTable,
  lockTree,
  partitionsOf,
  type Predict,
  referrersOf,
  sequencesOf,
  viewsOn,
  withTable,
} from "./case.ts";
import { dropReferences } from "./columns.ts";
import { readTables } from "./rows.ts";

/** Nobody else sees the new table; what it points at and comes from is locked. */
export const createTable: Predict = withTable((one, table) => {
  const { details } = one.action;
  const { options } = details;
  const isThere = typeof one.schema.table(table) === "object";
  if ((details.ifNotExists ?? details.ifExists) && isThere) {
    one.draft.note("The table is there already: nothing is done.");
    return;
  }
  if (details.temporary) one.draft.note("A temporary table is seen by its own session only.");
  const references = details.constraints?.flatMap((constraint) => constraint.references?.table ?? []);
  for (const referenced of references ?? details.references ?? []) {
    if (sameTable(referenced, table)) continue;
    lockTree(one, referenced, "ShareRowExclusiveLock");
    one.draft.note(`${referenced.name} is locked: it gets triggers that watch over its rows.`);
  }
  if (options?.partitionOf) becomePartition(one, options.partitionOf, options.bound);
  for (const parent of options?.inherits ?? []) one.draft.lock(parent, "ShareUpdateExclusiveLock");
  for (const model of options?.like ?? []) one.draft.lock(model, "AccessShareLock");
  if (options?.asQuery) readTables(one, options.withoutData ? "definition" : "rows");
});

function becomePartition(one: Case, parent: QualifiedName, bound: string | undefined): void {
  one.draft.lock(parent, "AccessExclusiveLock");
  one.draft.note("A table made by itself and then attached locks the partitioned table less.");
  copyReferences(one, parent);
  readDefault(one, parent, bound);
}

/** A partition has the foreign keys of its partitioned table, and each puts triggers on the table that it points at. */
export function copyReferences(one: Case, parent: QualifiedName): boolean {
  const references = (knownTable(one, parent)?.constraints ?? []).flatMap(({ references: to }) => to?.table ?? []);
  for (const table of references) lockTree(one, table, "ShareRowExclusiveLock");
  return references.length > 0;
}

/** Rows of the default partition that belong to the new one would be an error: they are looked for. */
export function readDefault(one: Case, parent: QualifiedName, bound: string | undefined): void {
  if (bound === "DEFAULT") return;
  for (const { name, bound: own } of partitionsOf(one, parent)) {
    if (own !== "DEFAULT") continue;
    lockTree(one, name, "AccessExclusiveLock");
    one.draft.scan(name);
    one.draft.note(`The default partition ${name.name} is read, to see that no row of it belongs to the new one.`);
  }
}

export const dropTable: Predict = withTable((one, table) => {
  const { details } = one.action;
  const found = one.schema.table(table);
  if (found === "absent" && details.ifExists && !one.draft.isNew(table)) return;
  const known = knownTable(one, table);
  dropTree(one, table, known, details.cascade === true);
});

function dropTree(one: Case, table: QualifiedName, known: Table | undefined, cascade: boolean): void {
  const gone = [...(known ? [known] : []), ...descendants(one, table)];
  one.draft.lock(table, "AccessExclusiveLock");
  if (known?.partitionOf) {
    one.draft.lock(known.partitionOf, "AccessExclusiveLock");
    // What the default partition may hold changes.
    for (const { name, bound } of partitionsOf(one, known.partitionOf))
      if (bound === "DEFAULT") one.draft.lock(name, "AccessExclusiveLock");
  }
  for (const each of gone) {
    one.draft.lock(each.name, "AccessExclusiveLock");
    dropReferences(one, each, () => true);
    for (const sequence of sequencesOf(one, each.name)) one.draft.lock(sequence, "AccessExclusiveLock");
    if (cascade) dropDependents(one, each.name);
  }
}

function dropDependents(one: Case, table: QualifiedName): void {
  for (const { table: referrer } of referrersOf(one, table)) lockTree(one, referrer.name, "AccessExclusiveLock");
  for (const { name } of viewsOn(one, table)) one.draft.lock(name, "AccessExclusiveLock");
}

export const dropSchema: Predict = (one) => {
  const { name, details } = one.action;
  if (!details.cascade || name === undefined) return;
  const schema = name === "public" ? undefined : name;
  if (one.schema.doubt !== undefined) one.draft.doubt("There may be more in the schema.");
  for (const table of one.schema.tables) if (table.name.schema === schema) dropTree(one, table.name, table, true);
  for (const view of one.schema.views)
    if (view.name.schema === schema) one.draft.lock(view.name, "AccessExclusiveLock");
  for (const sequence of one.schema.sequences)
    if (sequence.name.schema === schema) one.draft.lock(sequence.name, "AccessExclusiveLock");
};

export const renameTable: Predict = withTable((one, table) => {
  one.draft.lock(table, "AccessExclusiveLock");
});

export const commentOnTable: Predict = withTable((one, table) => {
  one.draft.lock(table, "ShareUpdateExclusiveLock");
});
