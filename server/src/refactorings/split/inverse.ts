/** Which operation of an upgrade a statement of the downgrade takes back. */
import { maybeSame, ownName, rowUse, writes, writtenTables } from "../../model/footprint.ts";
import type { Operation } from "../../model/revision.ts";
import type { ActionKind } from "../../sql/action.ts";

const opposites: readonly (readonly [ActionKind, ActionKind])[] = [
  ["add_column", "drop_column"],
  ["create_table", "drop_table"],
  ["create_index", "drop_index"],
  ["create_type", "drop_type"],
  ["create_view", "drop_view"],
  ["create_sequence", "drop_sequence"],
  ["create_function", "drop_function"],
  ["create_trigger", "drop_trigger"],
  ["create_policy", "drop_policy"],
  ["create_schema", "drop_schema"],
  ["create_extension", "drop_extension"],
  ["create_other", "drop_other"],
  ["create_check_constraint", "drop_constraint"],
  ["create_exclude_constraint", "drop_constraint"],
  ["create_foreign_key", "drop_constraint"],
  ["create_primary_key", "drop_constraint"],
  ["create_unique_constraint", "drop_constraint"],
  ["create_table_comment", "drop_table_comment"],
  ["insert", "delete"],
  ["bulk_insert", "delete"],
];

/** Kinds that may take back one of their own kind. */
const own: readonly ActionKind[] = [
  "alter_column",
  "rename_table",
  "rename_constraint",
  "rename_index",
  "alter_table",
  "alter_type",
  "alter_view",
  "alter_sequence",
  "create_view",
  "create_function",
  "create_trigger",
  "create_policy",
  "create_other",
  "alter_other",
];

const areOpposite = (a: ActionKind, b: ActionKind): boolean =>
  (a === b && own.includes(a)) ||
  opposites.some(([one, other]) => (a === one && b === other) || (a === other && b === one));

const sameTable = (up: Operation, down: Operation): boolean =>
  up.table !== undefined && down.table !== undefined && maybeSame(up.table, down.table);

const lower = (names: readonly string[]): readonly string[] => names.map((name) => name.toLowerCase());
const shareColumn = (up: Operation, down: Operation): boolean =>
  lower(up.columns).some((name) => lower(down.columns).includes(name));
const sameColumns = (up: Operation, down: Operation): boolean =>
  up.columns.length > 0 &&
  up.columns.length === down.columns.length &&
  lower(up.columns).every((name) => lower(down.columns).includes(name));

/** 0: no; more: yes, the better the higher. From 10 on it must be undone there and nowhere else. */
export function undoes(up: Operation, down: Operation): number {
  if (!areOpposite(up.kind, down.kind)) return alike(up, down);
  switch (up.kind) {
    case "add_column":
    case "drop_column":
      return sameTable(up, down) && shareColumn(up, down) ? 20 : 0;
    case "create_table":
    case "drop_table":
    case "create_table_comment":
    case "drop_table_comment":
    case "alter_table":
      return sameTable(up, down) ? (up.kind === "alter_table" ? 5 : 20) : 0;
    case "rename_table":
      return down.table !== undefined && down.table.name === up.details.newName ? 20 : 0;
    case "alter_column":
      return alterations(up, down);
    case "insert":
    case "bulk_insert":
    case "delete":
      return alike(up, down);
    default:
      return up.kind === down.kind ? Math.min(12, named(up, down)) : named(up, down);
  }
}

function named(up: Operation, down: Operation): number {
  const [upName, downName] = [ownName(up), ownName(down)];
  if (upName !== undefined && downName !== undefined) {
    const renamed = up.details.newName !== undefined && up.details.newName === downName;
    if (upName !== downName && !renamed) return 0;
    return up.table && down.table && !maybeSame(up.table, down.table) ? 0 : 20;
  }
  return sameTable(up, down) && sameColumns(up, down) ? 15 : 0;
}

function alterations(up: Operation, down: Operation): number {
  if (!sameTable(up, down)) return 0;
  const back = up.details.newName;
  if (back !== undefined && down.columns.includes(back) && down.details.newName !== undefined) return 25;
  const samePlace = shareColumn(up, down) || (back !== undefined && down.columns.includes(back));
  if (!samePlace) return 0;
  const mirrored =
    (up.details.nullable !== undefined && down.details.nullable === !up.details.nullable) ||
    (up.details.newType !== undefined && down.details.newType !== undefined) ||
    (up.details.serverDefault !== undefined && down.details.serverDefault !== undefined);
  return mirrored ? 15 : 3;
}

/** No opposite, but about the same thing: where it may choose, it goes there. */
function alike(up: Operation, down: Operation): number {
  const rows = up.effect === "data" && down.effect === "data";
  if (!rows) {
    if (up.effect === "data" || down.effect === "data" || !sameTable(up, down)) return 0;
    return shareColumn(up, down) ? 4 : 1;
  }
  const shared = writtenTables(up).find((one) => writtenTables(down).some((other) => maybeSame(one, other)));
  if (shared === undefined) return readsBack(up, down) ? 3 : 1;
  const written = (operation: Operation): readonly string[] => [...(rowUse(operation, shared)?.written ?? [])];
  const sameOnes = written(up).some((name) => name !== "*" && written(down).includes(name));
  return sameOnes ? 8 : 6;
}

/** It writes what the upgrade read, or reads what the upgrade wrote. */
const readsBack = (up: Operation, down: Operation): boolean =>
  writtenTables(up).some((table) => rowUse(down, table) !== undefined) ||
  writtenTables(down).some((table) => {
    const use = rowUse(up, table);
    return use !== undefined && !writes(use);
  });

export const isCertainUndo = (score: number): boolean => score >= 10;
