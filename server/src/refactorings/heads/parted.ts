/** What the refactorings of a history with several heads ask of it. */
import { branchOf, ownOf, siblingsOf, type Branch, type Sibling } from "../../history/forks.ts";
import type { Operation, RevisionFile } from "../../model/revision.ts";
import { headerOf } from "../../rewrite/header.ts";
import { keyOf } from "../../schema/replay/schema.ts";
import { renderName } from "../../sql/action.ts";
import type { Place } from "../define.ts";
import { touches } from "../place.ts";

/** A head of several, with those that it should be one with. */
export interface Parted {
  readonly branch: Branch;
  readonly siblings: readonly Sibling[];
}

/** Where a file says who it is and what it follows. */
function isAtIdentity({ file, range }: Place): boolean {
  const { revision, downRevision } = file.identifiers;
  return [headerOf(file)?.range, revision?.statement, downRevision?.statement].some(
    (one) => one !== undefined && touches(one, range),
  );
}

export function partedAt(place: Place): Parted | undefined {
  const { history } = place.project;
  const id = place.file.identifiers.revision?.value;
  if (id === undefined || history.heads.length < 2 || !history.heads.includes(id) || !isAtIdentity(place))
    return undefined;
  if (history.revisions.get(id)?.file !== place.file) return undefined;
  const branch = branchOf(history, id);
  const others = history.heads.filter((head) => head !== id).map((head) => branchOf(history, head));
  const siblings = siblingsOf(history, branch, others);
  return siblings.length === 0 ? undefined : { branch, siblings };
}

export const fileOf = ({ project }: Place, id: string): RevisionFile | undefined =>
  project.history.revisions.get(id)?.file;

/** Undefined where git cannot tell. */
export function isPublished(place: Place, ids: readonly string[]): boolean | undefined {
  const { published } = place;
  if (published === undefined) return undefined;
  return ids.some((id) => published.has(fileOf(place, id)?.path ?? ""));
}

const changesIn = (place: Place, ids: readonly string[]): readonly Operation[] =>
  ids.flatMap((id) => fileOf(place, id)?.upgrades.flatMap(({ operations }) => operations) ?? []);

/** Each of two branches was right alone; where both change one table, nobody has seen them together. */
export function sharedTables(place: Place, one: Branch, other: Branch): readonly string[] {
  const { history } = place.project;
  const [mine, theirs] = [
    [one, other],
    [other, one],
  ].map(([a = one, b = other]) => {
    const changes = changesIn(place, ownOf(history, a, b)).filter(
      ({ effect }) => effect === "schema" || effect === "data",
    );
    return new Map(changes.flatMap(({ table }) => (table ? [[keyOf(table), renderName(table)] as const] : [])));
  });
  return [...(mine ?? [])].flatMap(([key, name]) => (theirs?.has(key) === true ? [name] : []));
}
