/** Views, sequences, functions, triggers, policies, rules and statistics. */
import type { EntityType, QualifiedName } from "../../sql/action.ts";
import { sameTable } from "../names.ts";
import { type Case, descendants, lockTree, type Predict, viewsOn, withTable } from "./case.ts";
import { alterIndex } from "./indexes.ts";
import { readTables } from "./rows.ts";

/** Nothing that anybody waits for. */
export const nothing: Predict = () => undefined;
export const unknown: Predict = () => "unknown";

const ownName = ({ action: { touches, name } }: Case, type: EntityType): QualifiedName | undefined =>
  touches.find(
    ({ how, on }) => on.type === type && (how === "create" || how === "drop" || how === "alter" || how === "rename"),
  )?.on.name ?? (name === undefined ? undefined : { name });

export const createView: Predict = (one) => {
  const { materialized, orReplace, options } = one.action.details;
  const view = ownName(one, "view");
  if (orReplace && view && typeof one.schema.view(view) === "object") one.draft.lock(view, "AccessExclusiveLock");
  readTables(one, materialized && !options?.withoutData ? "rows" : "definition");
};

export const dropView: Predict = (one) => {
  const view = ownName(one, "view");
  if (view === undefined) return "unknown";
  if (one.action.details.ifExists && one.schema.view(view) === "absent") return;
  one.draft.lock(view, "AccessExclusiveLock");
  if (one.action.details.cascade)
    for (const { name } of viewsOn(one, view)) one.draft.lock(name, "AccessExclusiveLock");
};

export const alterView: Predict = (one) => {
  const view = ownName(one, "view");
  if (view === undefined) return "unknown";
  one.draft.lock(view, "AccessExclusiveLock");
};

export const createSequence: Predict = (one) => {
  const { ownedBy } = one.action.details.sequence ?? {};
  if (ownedBy) one.draft.lock(ownedBy.table, "AccessShareLock");
};

export const alterSequence: Predict = (one) => {
  const sequence = ownName(one, "sequence");
  if (sequence === undefined) return "unknown";
  const { sequence: options, alteration, newName } = one.action.details;
  const moves = newName !== undefined || alteration !== undefined;
  one.draft.lock(sequence, moves ? "AccessExclusiveLock" : "ShareRowExclusiveLock");
  if (options?.ownedBy) one.draft.lock(options.ownedBy.table, "AccessShareLock");
  if (!moves) one.draft.note("Inserts that take a number from the sequence wait.");
};

export const dropSequence: Predict = (one) => {
  const sequence = ownName(one, "sequence");
  if (sequence === undefined) return "unknown";
  if (one.action.details.ifExists && one.schema.sequence(sequence) === "absent") return;
  one.draft.lock(sequence, "AccessExclusiveLock");
  const found = one.schema.sequence(sequence);
  if (one.action.details.cascade && typeof found === "object" && found.ownedBy)
    one.draft.lock(found.ownedBy.table, "AccessExclusiveLock");
};

/** With CASCADE what uses it goes with it: triggers, defaults, indexes; on which tables is not known here. */
export const dropFunction: Predict = ({ action }) => (action.details.cascade ? "unknown" : undefined);

export const createTrigger: Predict = withTable((one, table) => {
  one.draft.lock(table, "ShareRowExclusiveLock");
  const { trigger } = one.action.details;
  if (trigger?.forEachRow === false) return;
  if (trigger === undefined && descendants(one, table, "partitions").length > 0)
    one.draft.doubt("A trigger for each row is put on every partition.");
  lockTree(one, table, "ShareRowExclusiveLock");
});

export const dropTrigger: Predict = withTable((one, table) => {
  lockTree(one, table, "AccessExclusiveLock", "partitions");
});

export const onTable: Predict = withTable((one, table) => {
  one.draft.lock(table, "AccessExclusiveLock");
});

/** CREATE STATISTICS, CREATE RULE; and things that are on no table at all: roles, casts, collations, publications. */
export const createOther: Predict = (one) => {
  if (one.action.incomplete) return "unknown";
  if (one.action.table !== undefined) {
    one.draft.lock(one.action.table, "AccessExclusiveLock");
    return;
  }
  for (const { how, on } of one.action.touches)
    if (how === "require" && on.type === "table") one.draft.lock(on.name, "ShareUpdateExclusiveLock");
};

export const alterOther: Predict = (one) => {
  const { action } = one;
  if (action.incomplete) return "unknown";
  if (action.touches.some(({ on }) => on.type === "index")) return alterIndex(one);
  if (action.table === undefined) return;
  // Triggers and policies. Since 15 a trigger is renamed on the partitions, too.
  const isTrigger = action.touches.some(({ on }) => on.type === "trigger");
  if (isTrigger && one.version >= 15) lockTree(one, action.table, "AccessExclusiveLock", "partitions");
  else one.draft.lock(action.table, "AccessExclusiveLock");
};

/** Rules go with their table as the first part of the name; statistics are on a table that the text does not name. */
export const dropOther: Predict = (one) => {
  const [first] = one.action.touches;
  if (one.action.incomplete || first?.on.type !== "other") return "unknown";
  const { schema } = first.on.name;
  if (schema === undefined) return "unknown";
  const table = [...one.schema.tables].find(({ name }) => sameTable(name, { name: schema }));
  if (table === undefined) return "unknown";
  one.draft.lock(table.name, "AccessExclusiveLock");
};
