/** SELECT, INSERT, UPDATE, DELETE, MERGE, TRUNCATE and COPY. */
import type { QualifiedName } from "../../sql/action.ts";
import type { Constraint, Index, Table } from "../../schema/state.ts";
import { sameTable } from "../names.ts";
import type { LockMode } from "../impact.ts";
import {
  type Case,
  descendants,
  knownTable,
  lockTree,
  type Predict,
  readBy,
  type Referrer,
  referrersOf,
  scanAll,
  sequencesOf,
  storedIn,
  withTable,
} from "./case.ts";

/** Tables and views that are read, each once; the one that is written to has its own lock. */
const readNames = ({ action: { touches, table, kind } }: Case): readonly QualifiedName[] => {
  const names = touches.flatMap(({ how, on }) =>
    how === "read" && (on.type === "table" || on.type === "view") ? [on.name] : [],
  );
  return names.filter(
    (name, i) =>
      names.findIndex((other) => sameTable(other, name)) === i &&
      (kind === "select" || kind === "copy" || table === undefined || !sameTable(name, table)),
  );
};

/**
 * What a query reads: locked so that nobody drops it. With one table and no WHERE the query reads it all; with more it
 * is the planner that chooses.
 */
export function readTables(one: Case, what: "rows" | "definition" | "some", mode: LockMode = "AccessShareLock"): void {
  const names = readNames(one);
  for (const name of names) {
    // A definition looks at what it names, and no further.
    const read = what === "definition" ? [name] : readBy(one, name);
    for (const each of read) {
      if (what === "definition") one.draft.lock(each, mode);
      else lockTree(one, each, mode);
    }
    if (what === "rows" && names.length === 1)
      for (const each of read) if (typeof one.schema.view(each) !== "object") scanAll(one, each);
  }
  if (what === "rows" && names.length > 1)
    one.draft.doubt("Which of the tables are read from start to end is the planner's choice.");
  if (what === "rows" && names.length > 1) for (const name of names) scanAll(one, name);
}

export const select: Predict = (one) => {
  const { details } = one.action;
  const mode = details.locksRows ? "RowShareLock" : "AccessShareLock";
  readTables(one, details.hasWhere === false ? "rows" : "some", mode);
  requireSequences(one);
};

/** `nextval` and `setval`. */
export function requireSequences(one: Case): void {
  for (const { how, on } of one.action.touches)
    if (how === "require" && on.type === "sequence") one.draft.lock(on.name, "RowExclusiveLock");
}

export const insert: Predict = withTable((one, table) => {
  one.draft.lock(table, "RowExclusiveLock");
  const partitions = descendants(one, table).filter((child) => child.partitionOf !== undefined);
  for (const { name } of partitions) one.draft.lock(name, "RowExclusiveLock");
  if (partitions.length > 0) one.draft.doubt("Only the partitions that get rows are locked.");
  checkBound(one, table);
  lookUpReferences(one, knownTable(one, table), () => true);
  readTables(one, one.action.details.source === "query" ? "rows" : "some");
});

/** A row that is put into a partition by its own name must fit it; what fits, the session may have kept from before. */
function checkBound(one: Case, table: QualifiedName): void {
  const found = one.schema.table(table);
  if (typeof found === "string" || found.partitionOf === undefined) return;
  one.draft.lock(found.partitionOf, "AccessShareLock");
  one.draft.doubt(
    "The partitioned table is looked at only where the session does not know yet what the partition holds.",
  );
}

/** For each row with a foreign key the row that it points at is locked, so that nobody deletes it. */
function lookUpReferences(one: Case, table: Table | undefined, concerns: (constraint: Constraint) => boolean): void {
  for (const constraint of table?.constraints ?? [])
    if (constraint.references && !constraint.notEnforced && concerns(constraint))
      one.draft.lock(constraint.references.table, "RowShareLock");
}

export const update: Predict = withTable((one, table) => {
  const { columns } = one.action;
  write(one, table);
  checkBound(one, table);
  const sets = (names: readonly string[] | undefined): boolean =>
    names === undefined || names.some((name) => columns.includes(name));
  // NULL points at nothing.
  if (!one.action.details.setsNull) lookUpReferences(one, knownTable(one, table), ({ columns: own }) => sets(own));
  for (const referrer of referrersOf(one, table))
    if (sets(referrer.constraint.references?.columns))
      followReferrer(one, referrer, referrer.constraint.references?.onUpdate);
});

export const remove: Predict = withTable((one, table) => {
  write(one, table);
  if (one.version === 13) checkBound(one, table);
  followDeletes(one, table, []);
});

function followDeletes(one: Case, table: QualifiedName, before: readonly QualifiedName[]): void {
  if (before.some((name) => sameTable(name, table))) return;
  for (const referrer of referrersOf(one, table)) {
    const { onDelete } = referrer.constraint.references ?? {};
    followReferrer(one, referrer, onDelete);
    if (onDelete === "CASCADE") followDeletes(one, referrer.table.name, [...before, table]);
  }
}

/** Rows that point at the one that goes are looked for, or go with it. Without an index that reads their whole table. */
function followReferrer(one: Case, { table, constraint }: Referrer, does: string | undefined): void {
  if (constraint.notEnforced) return;
  const writes = does === "CASCADE" || does === "SET NULL" || does === "SET DEFAULT";
  one.draft.lock(table.name, writes ? "RowExclusiveLock" : "RowShareLock");
  if (writes) checkBound(one, table.name);
  const first = constraint.columns?.[0];
  const isIndexed = table.indexes.some(
    ({ keys, where }) => where === undefined && first !== undefined && keys?.[0]?.column === first,
  );
  if (isIndexed) return;
  one.draft.scan(table.name);
  one.draft.note(
    `No index leads with ${first ?? "the column"} of ${table.name.name}: each row that goes reads that table.`,
  );
}

function write(one: Case, table: QualifiedName): void {
  const { hasWhere } = one.action.details;
  lockTree(one, table, "RowExclusiveLock");
  if (hasWhere === false) scanAll(one, table);
  else
    for (const { name, unless } of readWhole(one, table)) {
      one.draft.scan(name);
      if (unless !== undefined) one.draft.doubt(unless);
    }
  if (hasWhere === false) one.draft.note("Every row is read.");
  else if (descendants(one, table).length > 0) one.draft.doubt("Partitions that the WHERE rules out are not locked.");
  if (hasWhere !== false) one.draft.note("How much of the table is read depends on its indexes and on the planner.");
  readTables(one, "some");
  one.draft.note("Other writers wait for the rows that it has changed, until its transaction ends.");
}

interface ReadWhole {
  readonly name: QualifiedName;
  /** What may spare it. */
  readonly unless?: string;
}

/** Tables in which no index leads with a column that the statement looks at: nothing spares the reading of all rows. */
function readWhole(one: Case, table: QualifiedName): readonly ReadWhole[] {
  const looked = one.action.touches.flatMap(({ how, on }) =>
    how === "read" && sameTable(on.name, table) ? [on.column] : [],
  );
  if (looked.includes("*")) return [];
  const found = (name: QualifiedName, leads: (index: Index) => boolean): boolean => {
    const known = one.schema.table(name);
    if (typeof known === "string" || known.doubt !== undefined) return true;
    // A partition has the indexes of its partitioned table, too.
    const { partitionOf } = known;
    return (
      known.indexes.some(leads) ||
      (partitionOf !== undefined && !sameTable(partitionOf, name) && found(partitionOf, leads))
    );
  };
  const leadsWithColumn = ({ keys }: Index): boolean =>
    keys === undefined || (keys[0]?.column !== undefined && looked.includes(keys[0].column));
  const leadsWithExpression = ({ keys }: Index): boolean => keys?.[0]?.column === undefined;
  return storedIn(one, table)
    .filter((name) => !found(name, leadsWithColumn))
    .map((name) =>
      found(name, leadsWithExpression) ? { name, unless: "An index over an expression may find the rows." } : { name },
    );
}

export const merge: Predict = withTable((one, table) => {
  lockTree(one, table, "RowExclusiveLock");
  readTables(one, "some");
  const known = knownTable(one, table);
  const { columns, touches } = one.action;
  const inserts = touches.some(({ how }) => how === "insert");
  lookUpReferences(
    one,
    known,
    (constraint) => inserts || constraint.columns?.some((name) => columns.includes(name)) !== false,
  );
  one.draft.note("Exists since PostgreSQL 15.");
});

export const truncate: Predict = (one) => {
  const named = one.action.touches.flatMap(({ how, on }) => (how === "delete" && on.type === "table" ? [on.name] : []));
  if (named.length === 0) return "unknown";
  const emptied: QualifiedName[] = [];
  const empty = (table: QualifiedName): void => {
    if (emptied.some((name) => sameTable(name, table))) return;
    emptied.push(table);
    lockTree(one, table, "AccessExclusiveLock");
    if (one.action.details.cascade) for (const referrer of referrersOf(one, table)) empty(referrer.table.name);
  };
  for (const table of named) {
    if (one.action.details.cascade) knownTable(one, table);
    empty(table);
  }
  for (const table of emptied)
    if (sequencesOf(one, table).length > 0)
      one.draft.note("With RESTART IDENTITY the sequences of the columns are locked, too.");
  return undefined;
};

export const copy: Predict = (one) => {
  const { table, effect } = one.action;
  if (effect === "data") return table === undefined ? "unknown" : insert(one);
  readTables(one, "rows");
  return undefined;
};
