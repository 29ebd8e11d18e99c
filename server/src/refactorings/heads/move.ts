/** Which revisions of a branch can follow another head, and which of two branches it should be. */
import { ancestors } from "../../history/path.ts";
import { ownOf, type Branch } from "../../history/forks.ts";
import type { RevisionFile } from "../../model/revision.ts";
import { Refused } from "../../rewrite/refused.ts";
import type { Place } from "../define.ts";
import { list } from "../split/revision.ts";
import { fileOf, isPublished, sharedTables, type Parted } from "./parted.ts";

export interface Move {
  /** The one that gets another parent. */
  readonly first: RevisionFile;
  /** All that move with it, in the order in which they run. */
  readonly ids: readonly string[];
  readonly onto: string;
  /** What it has followed until now. */
  readonly from: string;
  /** Nobody else has them; undefined where git cannot tell. */
  readonly isOwn: boolean | undefined;
  readonly shared: readonly string[];
}

/** @throws Refused where the branch cannot follow the other head */
function moveOf(place: Place, branch: Branch, other: Branch): Move {
  const { history } = place.project;
  const ids = ownOf(history, branch, other);
  const own = new Set(ids);
  const entries = ids.filter((id) => history.revisions.get(id)?.parents.some((parent) => !own.has(parent)) ?? true);
  const [entry] = entries;
  const first = entry === undefined ? undefined : fileOf(place, entry);
  const parents = entry === undefined ? [] : (history.revisions.get(entry)?.parents ?? []);
  const [from] = parents;
  if (!first || entries.length > 1 || parents.length !== 1 || from === undefined)
    throw new Refused(
      `The branch of ${branch.head} has parted and joined itself since, so it cannot follow ${other.head} as it is.`,
    );
  if (first.stale || first.problems.length > 0 || first.identifiers.downRevision === undefined)
    throw new Refused(`The file of ${entry ?? ""} cannot be read in full, so it is not edited.`);
  const needing = [...ancestors(history, other.head)].find((id) => own.has(id));
  if (needing !== undefined)
    throw new Refused(`${other.head} needs ${needing} (depends_on), so that ${needing} cannot come after it.`);
  const published = isPublished(place, ids);
  if (published === true) {
    const some = ids.filter((id) => isPublished(place, [id]));
    throw new Refused(
      `${list(some.slice(0, 3))} ${some.length === 1 ? "is" : "are"} on git's default branch already: whoever has run it would never run ${other.head}, so join the heads instead.`,
    );
  }
  return {
    first,
    ids,
    onto: other.head,
    from,
    isOwn: published === undefined ? undefined : true,
    shared: sharedTables(place, branch, other),
  };
}

/** The branch of this head after another one; where others have it already, a branch that nobody has after this one. */
export function findMove(place: Place, { branch, siblings }: Parted): Move {
  const { history } = place.project;
  const isOthers = (one: Branch): boolean => isPublished(place, ownOf(history, one, branch)) === true;
  const onto = siblings.find(isOthers) ?? siblings[0];
  if (!onto) throw new Refused("There is no other head.");
  try {
    return moveOf(place, branch, onto);
  } catch (error) {
    const movable = siblings.find((one) => isPublished(place, ownOf(history, one, branch)) === false);
    if (!(error instanceof Refused) || !movable || isPublished(place, ownOf(history, branch, onto)) !== true)
      throw error;
    return moveOf(place, movable, branch);
  }
}
