/** What the revisions just before one have done: the earlier steps of the change that it is a step of. */
import type { Direction, Operation } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { sameName, type QualifiedName } from "../sql/action.ts";
import type { Judged } from "./judged.ts";

/** An older step has long been released, and people have written what it added. */
const nearby = 10;

const addsColumn = ({ kind, table, columns }: Operation, to: QualifiedName, column: string): boolean =>
  kind === "add_column" && table !== undefined && sameName(table, to) && columns.includes(column);

/** Ids of the nearest ancestors, the parents first. */
function ancestorsOf(project: Project, id: string): readonly string[] {
  const found = new Set<string>();
  let front = project.history.revisions.get(id)?.parents ?? [];
  for (let step = 0; step < nearby && front.length > 0; step++) {
    for (const parent of front) found.add(parent);
    front = front.flatMap((parent) => project.history.revisions.get(parent)?.parents ?? []);
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

/** A revision shortly before this one has added the column. Asks for the history. */
export function isAddedShortlyBefore(
  project: Project,
  revision: string | undefined,
  table: QualifiedName,
  column: string,
): boolean {
  if (revision === undefined) return false;
  return ancestorsOf(project, revision).some((id) =>
    adds(project.history.revisions.get(id)?.file.upgrades ?? [], table, column),
  );
}
