/** CREATE INDEX, DROP INDEX, ALTER INDEX and REINDEX. */
import type { QualifiedName } from "../../sql/action.ts";
import type { Found, Table } from "../../schema/state.ts";
import { buildAll, type Case, descendants, lockTree, partitionsOf, type Predict, storedIn, withTable } from "./case.ts";

export const createIndex: Predict = withTable((one, table) => {
  const { details, name } = one.action;
  const only = details.indexes?.some((index) => index.only) === true;
  if (details.concurrently) {
    one.draft.lock(table, "ShareUpdateExclusiveLock").build(table).alone();
    one.draft.waitsForSnapshots = true;
    one.draft.note(
      "Waits for every transaction that began before it, whatever tables that uses. Reads and writes go on.",
    );
    if (descendants(one, table, "partitions").length > 0)
      one.draft.doubt("On a partitioned table the server refuses CONCURRENTLY: build it on each partition.");
    return;
  }
  const isThere = name !== undefined && isObject(one.schema.tableOfIndex(besides(table, name)));
  if ((details.ifNotExists ?? details.ifExists) && isThere) {
    one.draft.lock(table, "ShareLock").note("The index is there already: nothing is built.");
    return;
  }
  if (only) one.draft.lock(table, "ShareLock");
  else lockTree(one, table, "ShareLock", "partitions");
  if (!only) buildAll(one, table);
  else if (storedIn(one, table).includes(table)) one.draft.build(table);
});

const isObject = (found: Found<Table>): found is Table => typeof found === "object";

const besides = ({ schema }: QualifiedName, name: string): QualifiedName =>
  schema === undefined ? { name } : { schema, name };

export const dropIndex: Predict = (one) => {
  const { details, table: told } = one.action;
  const index = nameOfIndex(one);
  const found = index && one.schema.tableOfIndex(index);
  if (found === "absent" && details.ifExists && told === undefined) return undefined;
  const table = found !== undefined && isObject(found) ? found.name : told;
  if (table === undefined) return "unknown";
  if (details.concurrently) {
    one.draft.lock(table, "ShareUpdateExclusiveLock").alone();
    one.draft.waitsForSnapshots = true;
    one.draft.note("Waits for the transactions that use the table. Reads and writes go on.");
    return undefined;
  }
  lockTree(one, table, "AccessExclusiveLock", "partitions");
  return undefined;
};

const nameOfIndex = ({ action: { touches, name } }: Case): QualifiedName | undefined =>
  touches.find(({ how, on }) => on.type === "index" && how !== "create")?.on.name ??
  (name === undefined ? undefined : { name });

/** They lock the index; of the table only what ATTACH PARTITION looks at. */
export function alterIndex(one: Case): "unknown" | undefined {
  const { alteration } = one.action.details;
  const index = nameOfIndex(one);
  const table = index && one.schema.tableOfIndex(index);
  if (alteration?.command === "attach_partition") {
    if (table === undefined || !isObject(table)) return "unknown";
    one.draft.lock(table.name, "AccessShareLock");
    const partitions = partitionsOf(one, table.name);
    for (const { name } of partitions) one.draft.lock(name, "AccessShareLock");
    if (partitions.length !== 1) one.draft.doubt("Of the partitions it is one.");
  }
  if (alteration?.command === "set_tablespace")
    one.draft.note(
      "The index is locked while it is copied: queries on its table wait, since planning looks at every index.",
    );
  return undefined;
}

export function reindex(one: Case): "unknown" | undefined {
  const { command = "", concurrently } = one.action.details;
  const tables = reindexed(one, command);
  if (tables === undefined) return "unknown";
  for (const table of tables) {
    one.draft.lock(table, concurrently ? "ShareUpdateExclusiveLock" : "ShareLock");
    if (hasIndexes(one, table) && storedIn(one, table).includes(table)) one.draft.build(table);
    if (!concurrently) one.draft.holdUpReaders(table);
  }
  if (concurrently) {
    one.draft.alone().note("Waits for every transaction that began before it. Reads and writes go on.");
    one.draft.waitsForSnapshots = true;
  } else
    one.draft.note(
      "Queries wait, too: planning one takes a lock on each index of its table, also on the one being built.",
    );
  if (command !== "REINDEX TABLE" && command !== "REINDEX INDEX") one.draft.alone();
  return undefined;
}

function hasIndexes(one: Case, table: QualifiedName): boolean {
  const of = (name: QualifiedName | undefined): boolean => {
    const found = name && one.schema.table(name);
    if (found === undefined || typeof found === "string" || found.doubt !== undefined) return found !== undefined;
    return found.indexes.length > 0 || of(found.partitionOf);
  };
  return of(table);
}

function reindexed(one: Case, command: string): readonly QualifiedName[] | undefined {
  const { table, name } = one.action;
  if (command === "REINDEX INDEX") {
    const index = nameOfIndex(one);
    const found = index && one.schema.tableOfIndex(index);
    return found !== undefined && isObject(found) ? wholeOf(one, found.name) : undefined;
  }
  if (command === "REINDEX TABLE" && table) return wholeOf(one, table);
  if (command !== "REINDEX SCHEMA" || one.schema.doubt !== undefined) return undefined;
  const schema = name === "public" ? undefined : name;
  return [...one.schema.tables].flatMap((each) =>
    each.kind === "table" && each.name.schema === schema ? [each.name] : [],
  );
}

/** A partitioned table goes one partition after the other, each in a transaction of its own; 13 did not do it at all. */
function wholeOf(one: Case, table: QualifiedName): readonly QualifiedName[] {
  const parts = descendants(one, table, "partitions");
  if (parts.length === 0) return [table];
  if (one.version === 13) {
    one.draft.note("PostgreSQL 13 skips partitioned tables, with a warning.");
    return [table];
  }
  one.draft.alone();
  return [table, ...parts.map(({ name }) => name)];
}
