/** What the revisions of a history do to one thing: which of them make it, which take it away, before here or after. */
import type { History } from "../history/history.ts";
import type { Operation } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { keyOf } from "../schema/replay/schema.ts";
import type { Entity, Touch } from "../sql/action.ts";

/** Where a revision stands towards the one that is looked at. */
export type Standing = "before" | "after" | "beside";

export interface Deed {
  readonly revision: string;
  readonly standing: Standing;
  readonly thing: Entity;
}

export const isSameThing = (a: Entity, b: Entity): boolean =>
  a.type === b.type && a.column === b.column && keyOf(a.name) === keyOf(b.name);

/** Of the two names of a rename, the one that it leads to. */
const isNewName = ({ details }: Operation, { on }: Touch): boolean => details.newName === (on.column ?? on.name.name);

/** What is there after an operation and was not before. */
export const madeBy = (operation: Operation): readonly Entity[] =>
  operation.touches.flatMap((touch) =>
    touch.how === "create" || (touch.how === "rename" && isNewName(operation, touch)) ? [touch.on] : [],
  );

/** What is gone after an operation. */
export const takenBy = (operation: Operation): readonly Entity[] =>
  operation.touches.flatMap((touch) =>
    touch.how === "drop" || (touch.how === "rename" && !isNewName(operation, touch)) ? [touch.on] : [],
  );

export function ancestorsOf({ before }: Pick<History, "before">, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...(before.get(id) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(before.get(next) ?? []));
  }
  return found;
}

/** What the upgrades of other revisions do, in the order of the history. */
export function deedsBeside(
  { history }: Project,
  revision: string,
  doneBy: (operation: Operation) => readonly Entity[],
  isMeant: (thing: Entity) => boolean,
): readonly Deed[] {
  const ancestors = ancestorsOf(history, revision);
  const standingOf = (id: string): Standing =>
    ancestors.has(id) ? "before" : ancestorsOf(history, id).has(revision) ? "after" : "beside";
  return history.order.flatMap((id) => {
    const upgrades = id === revision ? [] : (history.revisions.get(id)?.file.upgrades ?? []);
    const things = upgrades.flatMap(({ operations }) => operations.flatMap(doneBy)).filter(isMeant);
    const standing = things.length > 0 ? standingOf(id) : "beside";
    return things.map((thing): Deed => ({ revision: id, standing, thing }));
  });
}
