/**
 * Which tables that exist a definition keeps people from using until its transaction ends. The facts about PostgreSQL
 * are held against a real server by a test.
 */
import type { Operation } from "../model/revision.ts";
import type { ActionKind, Dialect, QualifiedName } from "../sql/action.ts";
import type { Tables } from "./tables.ts";

/** They take SHARE UPDATE EXCLUSIVE, which lets everybody read and write. */
const letsEverybodyWork = ({ kind, details }: Operation): boolean =>
  kind === "validate_constraint" || details.tuning === true;

/** With CASCADE they take along what hangs on them: columns, defaults, triggers, tables. */
const droppedFromTables: readonly ActionKind[] = [
  "drop_type",
  "drop_function",
  "drop_sequence",
  "drop_extension",
  "drop_schema",
];

/** What the operation is about, where that is not a table: `type mood`. Creation and removal of a thing answer the same. */
export const thingOf = ({ kind, name }: Operation): string => `${kind.replace(/^[a-z]+_/, "")} ${name ?? ""}`;

/**
 * Whether it changes the definition of a table that existed, or of a type that columns of such a table may have. `own`
 * are the things that the direction has made itself.
 */
export function changesExistingTable(operation: Operation, tables: Tables, own: ReadonlySet<string>): boolean {
  const { kind, name, table } = operation;
  if (operation.effect !== "schema" || letsEverybodyWork(operation)) return false;
  if (kind === "create_table") return alteredParents(operation, tables).length > 0;
  const isOwn = name !== undefined && own.has(thingOf(operation));
  if (kind === "alter_type") return !isOwn;
  if (droppedFromTables.includes(kind)) return operation.details.cascade === true && !isOwn;
  if (kind === "drop_view" || kind === "create_view" || kind === "alter_view") return false;
  // A materialized view has indexes, too.
  if (table !== undefined) return tables.origin(table) === "existing" && !own.has(`view ${table.name}`);
  if (!/_(?:column|index|constraint|key|table)$/.test(kind)) return false;
  // `drop_index("ix")` names no table: it is an existing one's, unless the index was made here.
  if (kind === "drop_index" && name !== undefined) return !isOwn;
  return mustExist(operation, tables);
}

/** Its table is not known, but it is none of those that the direction has made so far. */
function mustExist({ touches }: Operation, tables: Tables): boolean {
  const candidates = touches.filter(({ on, possible }) => possible === true && on.type === "table");
  if (candidates.length === 0) return !tables.hasOwn;
  return candidates.every(({ on }) => tables.origin(on.name) === "existing");
}

/** Existing tables that a new one becomes a partition of. */
export const alteredParents = ({ table, touches }: Operation, tables: Tables): readonly QualifiedName[] =>
  touches
    .filter(({ how, on }) => how === "alter" && on.type === "table" && on.name.name !== table?.name)
    .map(({ on }) => on.name)
    .filter((name) => tables.origin(name) === "existing");

/**
 * Existing tables that a foreign key of a new table points at. PostgreSQL puts triggers on them, under SHARE ROW
 * EXCLUSIVE: they can be read, but nobody writes to them until the transaction ends.
 */
export function lockedByReference(operation: Operation, tables: Tables, dialect: Dialect): readonly QualifiedName[] {
  const { table, details } = operation;
  if (operation.effect !== "schema" || dialect !== "postgresql") return [];
  if (table !== undefined && tables.origin(table) !== "new") return [];
  const referenced = details.references ?? (details.referencedTable ? [details.referencedTable] : []);
  return referenced.filter((name) => tables.origin(name) === "existing" && name.name !== table?.name);
}
