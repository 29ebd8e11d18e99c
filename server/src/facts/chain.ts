/** What the revisions just before one have done: the earlier steps of the change that it is a step of. */
import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { sameName, type QualifiedName } from "../sql/action.ts";
import { defineInquiry } from "./inquiry.ts";
import type { Judged } from "./judged.ts";

/** An older step has long been released, and people have written what it added. */
const nearby = 10;

const addsColumn = ({ kind, table, columns }: Operation, to: QualifiedName, column: string): boolean =>
  kind === "add_column" && table !== undefined && sameName(table, to) && columns.includes(column);

/** Ids of the nearest revisions that way, the next ones first. */
function neighboursOf(id: string, next: (id: string) => readonly string[]): readonly string[] {
  const found = new Set<string>();
  let front = next(id);
  for (let step = 0; step < nearby && front.length > 0; step++) {
    for (const one of front) found.add(one);
    front = front.flatMap(next);
  }
  found.delete(id);
  return [...found];
}

const adds = (directions: readonly Direction[], table: QualifiedName, column: string): boolean =>
  directions.some(({ operations }) => operations.some((operation) => addsColumn(operation, table, column)));

/** The operations of the same direction that run before this one. */
export const operationsBefore = ({ direction, index }: Judged): readonly Operation[] =>
  direction.operations.slice(0, index);

/** The direction itself has added the column before this operation. */
export const isAddedBefore = (judged: Judged, table: QualifiedName, column: string): boolean =>
  operationsBefore(judged).some((operation) => addsColumn(operation, table, column));

/** Of the revision that is looked at. */
export interface Place {
  readonly project: Project;
  readonly revision: string | undefined;
  readonly direction: Direction["name"];
}

/**
 * A revision shortly before this one has added the column. On the way back the newer ones come first, and add again what
 * they have dropped. Asks for the history.
 */
export function isAddedShortlyBefore(
  { project, revision, direction }: Place,
  table: QualifiedName,
  column: string,
): boolean {
  if (revision === undefined) return false;
  return addsShortlyBefore(project, { revision, direction, table, column });
}

interface Step extends Pick<Place, "direction"> {
  readonly revision: string;
  readonly table: QualifiedName;
  readonly column: string;
}

const addsShortlyBefore = defineInquiry("added", ({ history }, { revision, direction, table, column }: Step) => {
  const fileOf = (id: string): RevisionFile | undefined => history.revisions.get(id)?.file;
  const older = neighboursOf(revision, (id) => history.revisions.get(id)?.parents ?? []);
  if (older.some((id) => adds(fileOf(id)?.upgrades ?? [], table, column))) return true;
  if (direction === "upgrade") return false;
  const newer = neighboursOf(revision, (id) => history.children.get(id) ?? []);
  return newer.some((id) => adds(fileOf(id)?.downgrades ?? [], table, column));
});
