/**
 * The two halves that do not belong together: what a direction changes about tables that existed before it ran, and
 * what it changes about their rows. Everything else that it does is neither: it makes nobody wait.
 */
import type { Dialect, QualifiedName } from "../sql/action.ts";
import type { Direction, Operation } from "../model/revision.ts";
import { excludeEachOther, runsOn } from "./branches.ts";
import { isCarried } from "./carried.ts";
import { changesExistingTable, lockedByReference, thingOf } from "./locking.ts";
import { findScaffolding } from "./scaffolding.ts";
import { sourcesOf, targetsOf, watchTables, type Tables } from "./tables.ts";
import { countTransactions } from "./transactions.ts";

export { runsOn } from "./branches.ts";

export interface Change {
  readonly operation: Operation;
  /** Number of the transaction it runs in, counted within the direction. */
  readonly transaction: number;
  /** It is about a new table, whose foreign keys lock these existing ones against writers. */
  readonly references?: readonly QualifiedName[];
}

export interface Changes {
  /** Definitions of existing tables that change, or lock them, in the order of execution. */
  readonly schema: readonly Change[];
  /** Rows that were there before and change, or are copied. */
  readonly data: readonly Change[];
}

/** What the judgement depends on besides the file. */
export interface Surroundings {
  readonly dialect: Dialect;
  /** Table in which the project's Alembic keeps the current revision. */
  readonly versionTable: string;
}

const isUnderstood = (operation: Operation): boolean =>
  operation.kind !== "opaque" && operation.effect !== "unknown" && operation.confidence !== "opaque";

/** `op.bulk_insert(t, [])`; to execute an INSERT with no rows is another thing: it puts one in. */
const isEmpty = ({ kind, details }: Operation): boolean => kind === "bulk_insert" && details.rows === 0;

function changesExistingRows(operation: Operation, tables: Tables, around: Around): boolean {
  if (operation.kind === "create_table") {
    // CREATE TABLE … AS: the rows of its query are copied into a table that stays.
    const { table } = operation;
    const stays = table !== undefined && tables.origin(table) === "new";
    return stays && sourcesOf(operation).some((name) => tables.holdsOldRows(name));
  }
  if (operation.effect !== "data" || isEmpty(operation)) return false;
  const targets = targetsOf(operation);
  if (targets.length === 0) return !tables.hasOwn;
  const people = targets.filter((name) => !isBookkeeping(name, around.versionTable));
  if (people.some((name) => tables.origin(name) === "existing")) return true;
  if (!people.some((name) => tables.origin(name) === "new")) return false;
  if (!["insert", "bulk_insert", "merge", "copy"].includes(operation.kind)) return false;
  const copies = sourcesOf(operation).some((name) => tables.holdsOldRows(name));
  return copies || isCarried(operation, around.reads, around.direction);
}

interface Around {
  readonly versionTable: string;
  readonly direction: Direction;
  /** Queries before it that have read rows of an existing table. */
  readonly reads: ReadonlySet<Operation>;
}

export const isBookkeeping = ({ name }: QualifiedName, versionTable: string): boolean =>
  name === "alembic_version" || name === versionTable;

interface Data {
  readonly all: readonly Change[];
  /** Those that may take as long as a table is large. */
  readonly lasting: readonly Change[];
}

/** A few rows that are put in, and TRUNCATE, are done at once; anything else may run as long as the table is large. */
function mayTakeLong({ kind, details, context }: Operation, carried: boolean): boolean {
  if (kind === "truncate") return false;
  if (kind !== "insert" && kind !== "bulk_insert") return true;
  if (context.some((one) => one.kind === "loop" && one.over !== "constant")) return true;
  return details.rows === undefined && (carried || details.source === "query");
}

/**
 * Adds to the schema half the references of new tables whose lock is held while rows change. A new table and rows of
 * its own, or a few constants, lock for a moment only.
 */
function withReferences(
  schema: readonly Change[],
  data: Data,
  referring: readonly Change[],
  all: readonly Operation[],
): Changes {
  const follows = (change: Change, reference: Change): boolean =>
    change.transaction === reference.transaction && all.indexOf(change.operation) > all.indexOf(reference.operation);
  const held = referring.filter((reference) => data.lasting.some((change) => follows(change, reference)));
  if (held.length === 0) return { schema, data: data.all };
  const under = data.lasting.filter((change) => held.some((reference) => follows(change, reference)));
  const both = [...schema, ...held].sort((a, b) => all.indexOf(a.operation) - all.indexOf(b.operation));
  return { schema: both, data: schema.length > 0 ? data.all : under };
}

/** Of each half what can run in the same upgrade as something of the other half. */
function together({ schema, data }: Changes): Changes {
  const meets =
    (others: readonly Change[]) =>
    ({ operation }: Change): boolean =>
      others.length === 0 || others.some((other) => !excludeEachOther(operation, other.operation));
  return { schema: schema.filter(meets(data)), data: data.filter(meets(schema)) };
}

/** Sorts the operations of a direction into the two halves; what cannot be told is in neither. */
export function findChanges(direction: Direction, { dialect, versionTable }: Surroundings): Changes {
  const operations = direction.operations.filter((operation) => runsOn(operation, dialect));
  const transactions = countTransactions(operations, dialect);
  const tables = watchTables(operations, dialect);
  const scaffolding = findScaffolding(operations);
  const own = new Set<string>();
  const schema: Change[] = [];
  const data: Change[] = [];
  const referring: Change[] = [];
  const lasting: Change[] = [];
  const reads = new Set<Operation>();
  operations.forEach((operation, index) => {
    if (!isUnderstood(operation)) return;
    const change: Change = { operation, transaction: transactions[index] ?? 0 };
    const isSchema = changesExistingTable(operation, tables, own) && !scaffolding.has(operation);
    if (isSchema) schema.push(change);
    // A table that is created is first of all new; only then can its rows be judged.
    tables.follow(operation);
    const references = isSchema ? [] : lockedByReference(operation, tables, dialect);
    if (references.length > 0) referring.push({ ...change, references });
    const around = { versionTable, direction, reads };
    if (changesExistingRows(operation, tables, around)) {
      data.push(change);
      if (mayTakeLong(operation, isCarried(operation, reads, direction))) lasting.push(change);
    }
    const readsOldRows = operation.touches.some((t) => t.how === "read" && tables.holdsOldRows(t.on.name));
    if (operation.effect === "read" && readsOldRows) reads.add(operation);
    const onExisting = operation.table === undefined || tables.origin(operation.table) === "existing";
    if (operation.kind.startsWith("create_") && !(operation.kind === "create_index" && onExisting))
      own.add(thingOf(operation));
  });
  return together(withReferences(schema, { all: data, lasting }, referring, operations));
}
