/** The schema that an operation meets that is being written at a place, by what is written before it. */
import { playedIn } from "../../facts/played.ts";
import type { Direction, Operation, RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import type { Schema } from "../../schema/state.ts";
import { includes } from "../../text/range.ts";

/** Undefined outside of what a revision runs, and of a file that is not in the history. */
export function schemaAt(project: Project, file: RevisionFile, at: number): Schema | undefined {
  const own = directionAt(file, at);
  const direction = own ?? callerOf(file, at) ?? file.upgrades[0];
  const played = direction && playedIn(project, file, direction);
  if (!played) return undefined;
  const next = direction.operations.findIndex((operation) => startOf(operation, own !== undefined) >= at);
  const isInHelper = own === undefined && !direction.operations.some(({ range }) => includes(range, at));
  if (isInHelper) return played.before;
  return next < 0 ? played.after : (played.met[next] ?? played.after);
}

/** In the function itself, what a helper does is done where it is called. */
const startOf = ({ range, calls }: Operation, isInFunction: boolean): number =>
  isInFunction ? (calls[0]?.range ?? range).start : range.start;

/** The direction whose function the place is in. What is typed behind its last statement counts as in it. */
function directionAt({ upgrades, downgrades, module }: RevisionFile, at: number): Direction | undefined {
  const above = [...upgrades, ...downgrades].filter(
    ({ nameRange }) => nameRange !== undefined && nameRange.start <= at,
  );
  const nearest = above.toSorted((a, b) => (b.nameRange?.start ?? 0) - (a.nameRange?.start ?? 0))[0];
  const from = nearest?.nameRange?.start;
  if (from === undefined) return undefined;
  const isBeyond = module.some(({ range }) => range.start > from && range.start <= at);
  return isBeyond ? undefined : nearest;
}

/** The direction that runs the helper in which the place is. */
const callerOf = ({ upgrades, downgrades }: RevisionFile, at: number): Direction | undefined =>
  [...upgrades, ...downgrades].find(({ operations }) =>
    operations.some(({ range, calls }) => calls.length > 0 && includes(range, at)),
  );
