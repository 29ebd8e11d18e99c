/**
 * The two halves that do not belong together: what a direction changes about tables that existed before it ran, and
 * what it changes about their rows. Everything else that it does is neither: it makes nobody wait.
 */
import { dialects, sameName, type ActionKind, type Dialect, type QualifiedName } from "../sql/action.ts";
import type { Context, Direction, Operation } from "../model/revision.ts";
import { isCarried } from "./carried.ts";
import { sourcesOf, targetsOf, watchTables, type Tables } from "./tables.ts";

export interface Change {
  readonly operation: Operation;
  /** Number of the transaction it runs in, counted within the direction. */
  readonly transaction: number;
}

export interface Changes {
  /** Definitions of existing tables that change, in the order of execution. */
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

/** Dialects whose servers commit at each DDL statement, whatever the client wants. */
const commitsAtDdl: readonly Dialect[] = ["mysql", "mariadb", "oracle"];

/** Objects beside tables whose change stops people from using a table that exists. */
const otherSchemaKinds: readonly ActionKind[] = ["alter_type", "drop_type"];

const isFor = (context: Context, dialect: Dialect): boolean => {
  if (context.kind !== "branch" || context.on !== "dialect" || context.dialects === undefined) return true;
  const family = dialect === "mariadb" ? ["mariadb", "mysql"] : [dialect];
  // A name that is no dialect (a variable, a typing slip) proves nothing about this one.
  if (!context.dialects.every((name) => (dialects as readonly string[]).includes(name))) return true;
  return family.some((name) => context.dialects?.includes(name)) !== (context.negated ?? false);
};

/** Whether the operation can run on this dialect, as far as the tests around it tell. */
export const runsOn = (operation: Operation, dialect: Dialect): boolean =>
  operation.context.every((context) => isFor(context, dialect));

const isUnderstood = (operation: Operation): boolean =>
  operation.kind !== "opaque" && operation.effect !== "unknown" && operation.confidence !== "opaque";

/** Numbers the transactions: an autocommit block and a COMMIT each end one. */
function countTransactions(operations: readonly Operation[], dialect: Dialect): readonly number[] {
  let current = 0;
  let block: number | undefined;
  return operations.map((operation) => {
    const autocommit = operation.context.find((context) => context.kind === "autocommit")?.range.start;
    if (autocommit !== block || autocommit !== undefined) current++;
    block = autocommit;
    if (operation.effect === "transaction" && !/^\s*(?:savepoint|release)/i.test(operation.sql ?? "")) current++;
    // Such a statement commits what was before it, and then itself.
    if (operation.effect === "schema" && commitsAtDdl.includes(dialect)) return (current += 2) - 1;
    return current;
  });
}

/** Names of things other than tables that are made and dropped again: scaffolding of what stands between. */
function findScaffolding(operations: readonly Operation[]): ReadonlySet<Operation> {
  const found = new Set<Operation>();
  const open = new Map<string, Operation>();
  for (const operation of operations) {
    const [, verb, what] = /^(create|drop)_(index|function|trigger|view|type|sequence)$/.exec(operation.kind) ?? [];
    if (verb === undefined || operation.name === undefined) continue;
    const key = `${what ?? ""} ${operation.name}`;
    const creation = open.get(key);
    if (verb === "create") open.set(key, operation);
    else if (creation !== undefined) {
      found.add(creation).add(operation);
      open.delete(key);
    }
  }
  // DROP TABLE IF EXISTS before its creation only clears away what an earlier attempt may have left.
  operations.forEach((operation, index) => {
    if (operation.kind !== "drop_table" || operation.details.ifExists !== true) return;
    const isMade = (name: QualifiedName): boolean =>
      operations
        .slice(index)
        .some((o) => o.kind === "create_table" && o.table !== undefined && sameName(o.table, name));
    const dropped = operation.touches.filter((t) => t.how === "drop" && t.on.type === "table").map((t) => t.on.name);
    if (dropped.length > 0 && dropped.every(isMade)) found.add(operation);
  });
  const switches = operations.filter((operation) => /\b(?:disable|enable)\s+trigger\b/i.test(operation.sql ?? ""));
  const both = ["disable", "enable"].every((word) =>
    switches.some((operation) => new RegExp(`\\b${word}\\s+trigger\\b`, "i").test(operation.sql ?? "")),
  );
  if (both) for (const operation of switches) found.add(operation);
  return found;
}

const changesExistingTable = (operation: Operation, tables: Tables, ownNames: ReadonlySet<string>): boolean => {
  if (operation.effect !== "schema") return false;
  if (operation.kind === "create_table") return false;
  if (otherSchemaKinds.includes(operation.kind)) return operation.name === undefined || !ownNames.has(operation.name);
  if (operation.kind === "drop_view" || operation.kind === "create_view" || operation.kind === "alter_view")
    return false;
  if (operation.table !== undefined) return tables.origin(operation.table) === "existing";
  if (!/_(?:column|index|constraint|key|table)$/.test(operation.kind)) return false;
  // `drop_index("ix")` names no table: it is an existing one's, unless the index was made here.
  if (operation.kind === "drop_index" && operation.name !== undefined) return !ownNames.has(operation.name);
  return !tables.hasOwn;
};

function changesExistingRows(operation: Operation, tables: Tables, around: Around): boolean {
  if (operation.kind === "create_table") {
    // CREATE TABLE … AS: the rows of its query are copied into a table that stays.
    const { table } = operation;
    const stays = table !== undefined && tables.origin(table) === "new";
    return stays && sourcesOf(operation).some((name) => tables.holdsOldRows(name));
  }
  if (operation.effect !== "data") return false;
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

const isBookkeeping = ({ name }: QualifiedName, versionTable: string): boolean =>
  name === "alembic_version" || name === versionTable;

/** Sorts the operations of a direction into the two halves; what cannot be told is in neither. */
export function findChanges(direction: Direction, { dialect, versionTable }: Surroundings): Changes {
  const operations = direction.operations.filter((operation) => runsOn(operation, dialect));
  const transactions = countTransactions(operations, dialect);
  const tables = watchTables(operations, dialect);
  const scaffolding = findScaffolding(operations);
  const ownNames = new Set<string>();
  const schema: Change[] = [];
  const data: Change[] = [];
  const reads = new Set<Operation>();
  operations.forEach((operation, index) => {
    if (!isUnderstood(operation)) return;
    const change: Change = { operation, transaction: transactions[index] ?? 0 };
    if (changesExistingTable(operation, tables, ownNames) && !scaffolding.has(operation)) schema.push(change);
    // A table that is created is first of all new; only then can its rows be judged.
    tables.follow(operation);
    if (changesExistingRows(operation, tables, { versionTable, direction, reads })) data.push(change);
    const readsOldRows = operation.touches.some((t) => t.how === "read" && tables.holdsOldRows(t.on.name));
    if (operation.effect === "read" && readsOldRows) reads.add(operation);
    if (/^create_(?:index|type)$/.test(operation.kind) && operation.name !== undefined) {
      const onOwnTable = operation.table !== undefined && tables.origin(operation.table) !== "existing";
      if (operation.kind === "create_type" || onOwnTable) ownNames.add(operation.name);
    }
  });
  return { schema, data };
}
