/**
 * Whether an operation meets a table that people use: one that was there before, that stays, and that holds rows. Only
 * where that is sure: what could not be read may have made the table, and then nothing is said of it.
 */
import { plainName, sameTable } from "../locks/names.ts";
import type { Impact, TableLock } from "../locks/impact.ts";
import type { Direction, Operation } from "../model/revision.ts";
import { renderName, type EntityType, type QualifiedName, type Touching } from "../sql/action.ts";
import type { Judged } from "./judged.ts";

/** Alembic's own table holds a row for each head. */
const bookkeeping = "alembic_version";

/** Asks for the history only where something that could not be read comes before. */
export function isLive(one: Judged, name: QualifiedName): boolean {
  if (one.origin(name) !== "existing" || name.name === bookkeeping) return false;
  const { droppedAt, viewMadeAt, unreadAt } = outlineOf(one.direction);
  const key = keyOf(name);
  if ((viewMadeAt.get(key) ?? Infinity) < one.index || (droppedAt.get(key) ?? -1) > one.index) return false;
  return unreadAt >= one.index || typeof one.schema.table(name) === "object";
}

/** Where in a direction the tables come and go: every rule asks this of every operation. */
interface Outline {
  /** By table, the last DROP TABLE. */
  readonly droppedAt: ReadonlyMap<string, number>;
  /** By view, its first creation. */
  readonly viewMadeAt: ReadonlyMap<string, number>;
  /** The first operation that could not be read. */
  readonly unreadAt: number;
  /** Some operation may empty a table. */
  readonly empties: boolean;
}

const outlines = new WeakMap<Direction, Outline>();

function outlineOf(direction: Direction): Outline {
  const known = outlines.get(direction);
  if (known) return known;
  const droppedAt = new Map<string, number>();
  const viewMadeAt = new Map<string, number>();
  let unreadAt = Infinity;
  for (const [index, operation] of direction.operations.entries()) {
    if (operation.kind === "opaque" || operation.confidence === "opaque") unreadAt = Math.min(unreadAt, index);
    if (operation.kind === "drop_table")
      for (const name of touched(operation, "drop", "table")) droppedAt.set(keyOf(name), index);
    for (const name of touched(operation, "create", "view"))
      if (!viewMadeAt.has(keyOf(name))) viewMadeAt.set(keyOf(name), index);
  }
  const empties = direction.operations.some(({ kind }) => kind === "truncate" || kind === "delete");
  const outline = { droppedAt, viewMadeAt, unreadAt, empties };
  outlines.set(direction, outline);
  return outline;
}

const keyOf = (name: QualifiedName): string => renderName(plainName(name));

const touched = ({ touches }: Operation, how: Touching, type: EntityType): readonly QualifiedName[] =>
  touches.flatMap((one) => (one.how === how && one.on.type === type ? [one.on.name] : []));

/** All its rows were taken away before, under whatever name it had, and none were put into it since, as far as is known. */
export function isEmptied(one: Judged, table: QualifiedName): boolean {
  if (!outlineOf(one.direction).empties) return false;
  let name = table;
  for (const operation of one.direction.operations.slice(0, one.index).toReversed()) {
    if (operation.kind === "rename_table" && operation.table && operation.details.newName === name.name)
      name = operation.table;
    if (operation.effect !== "data" || !touchesRows(operation, name)) continue;
    if (operation.kind === "truncate") return true;
    if (operation.kind === "delete") {
      if (operation.details.hasWhere === false) return true;
    } else return false;
  }
  return false;
}

/** What it locks that people use. */
export const liveLocks = (one: Judged, { locks }: Impact): readonly TableLock[] =>
  locks.filter(({ table }) => isLive(one, table));

/** Of these tables those that people use and that hold rows. */
export const liveOf = (one: Judged, tables: readonly QualifiedName[]): readonly QualifiedName[] =>
  tables.filter((table) => isLive(one, table) && !isEmptied(one, table));

export const includesTable = (tables: readonly QualifiedName[], name: QualifiedName): boolean =>
  tables.some((table) => sameTable(table, name));

const touchesRows = ({ table, touches: all }: Operation, name: QualifiedName): boolean =>
  (table !== undefined && sameTable(table, name)) ||
  all.some(({ how, on }) => (how === "insert" || how === "delete") && on.type === "table" && sameTable(on.name, name));
