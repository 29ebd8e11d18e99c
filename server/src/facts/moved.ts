/** Which columns and tables the revisions shortly before, or the upgrade itself, have copied rows out of. */
import { positionsOf } from "../history/ancestry.ts";
import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { keyOf } from "../schema/replay/schema.ts";
import type { ActionKind, Entity } from "../sql/action.ts";
import { defineInquiry } from "./inquiry.ts";

/** Expand, backfill and contract come within a release or two. */
const nearby = 10;

const puts = new Set<ActionKind>(["insert", "bulk_insert", "update", "merge", "copy"]);
const everyColumn = "*";

const columnKey = (table: Entity["name"], column: string): string => JSON.stringify([keyOf(table), column]);
const tableKey = (name: Entity["name"]): string => JSON.stringify([keyOf(name)]);

/** What its rows were read from: by statements that write, and by queries of an upgrade that writes somewhere. */
function sourcesOf(direction: Direction): ReadonlySet<string> {
  const writes = direction.operations.some(({ kind }) => puts.has(kind));
  const isSource = ({ kind, effect }: Operation): boolean => puts.has(kind) || (effect === "read" && writes);
  const keys = direction.operations.filter(isSource).flatMap(({ touches, table, effect }) =>
    touches.flatMap(({ how, on }) => {
      if (how !== "read") return [];
      if (on.type === "column" && on.column !== undefined) return [columnKey(on.name, on.column)];
      // An UPDATE that reads its own table keeps the table.
      const isOther = effect === "read" || table === undefined || keyOf(table) !== keyOf(on.name);
      return on.type === "table" && isOther ? [tableKey(on.name)] : [];
    }),
  );
  return new Set(keys);
}

const known = new WeakMap<Direction, ReadonlySet<string>>();

/** Whether rows are copied out of it by this direction. */
export function isCopiedIn(direction: Direction, { type, name, column }: Entity): boolean {
  const sources = known.get(direction) ?? sourcesOf(direction);
  known.set(direction, sources);
  if (type === "column" && column !== undefined)
    return sources.has(columnKey(name, column)) || sources.has(columnKey(name, everyColumn));
  return sources.has(tableKey(name));
}

/**
 * Whether rows were copied out of it by this upgrade or by one of the few revisions before: then it has been replaced,
 * and to take it away is the last step.
 */
export function isMovedAway(project: Project, file: RevisionFile, upgrade: Direction, thing: Entity): boolean {
  if (isCopiedIn(upgrade, thing)) return true;
  return isCopiedShortlyBefore(project, { revision: file.identifiers.revision?.value ?? "", thing });
}

interface Source {
  readonly revision: string;
  readonly thing: Entity;
}

const isCopiedShortlyBefore = defineInquiry("copied", ({ history }, { revision, thing }: Source) => {
  const at = positionsOf(history).get(revision) ?? 0;
  return history.order
    .slice(Math.max(0, at - nearby), at)
    .some((id) => history.revisions.get(id)?.file.upgrades.some((direction) => isCopiedIn(direction, thing)) ?? false);
});
