/**
 * Whether an operation meets a table that people use: one that was there before, that stays, and that holds rows. Only
 * where that is sure: what could not be read may have made the table, and then nothing is said of it.
 */
import { sameTable } from "../locks/names.ts";
import type { Impact, TableLock } from "../locks/impact.ts";
import type { Operation } from "../model/revision.ts";
import type { EntityType, QualifiedName, Touching } from "../sql/action.ts";
import type { Judged } from "./judged.ts";

/** Alembic's own table holds a row for each head. */
const bookkeeping = "alembic_version";

/** Asks for the history only where something that could not be read comes before. */
export const isLive = (one: Judged, name: QualifiedName): boolean =>
  one.origin(name) === "existing" &&
  name.name !== bookkeeping &&
  !before(one).some((operation) => touches(operation, name, "create", "view")) &&
  !after(one).some((operation) => operation.kind === "drop_table" && touches(operation, name, "drop", "table")) &&
  !isMaybeNew(one, name);

/** All its rows were taken away before, under whatever name it had, and none were put into it since, as far as is known. */
export function isEmptied(one: Judged, table: QualifiedName): boolean {
  let name = table;
  for (const operation of before(one).toReversed()) {
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

const before = ({ direction, index }: Judged): readonly Operation[] => direction.operations.slice(0, index);
const after = ({ direction, index }: Judged): readonly Operation[] => direction.operations.slice(index + 1);

const touches = (operation: Operation, name: QualifiedName, how: Touching, type: EntityType): boolean =>
  operation.touches.some((one) => one.how === how && one.on.type === type && sameTable(one.on.name, name));

const touchesRows = ({ table, touches: all }: Operation, name: QualifiedName): boolean =>
  (table !== undefined && sameTable(table, name)) ||
  all.some(({ how, on }) => (how === "insert" || how === "delete") && on.type === "table" && sameTable(on.name, name));

function isMaybeNew(one: Judged, name: QualifiedName): boolean {
  const isUnread = before(one).some(({ kind, confidence }) => kind === "opaque" || confidence === "opaque");
  return isUnread && typeof one.schema.table(name) !== "object";
}
