import type { RevisionFile } from "../model/revision.ts";
import type { History } from "./history.ts";
import { rebuildHistory } from "./rebuild.ts";
import { withReplaced } from "./replaced.ts";

/**
 * The history with one file in place of an earlier state of it, at a cost that does not grow with the number of revisions.
 * Undefined where something else may follow from the change: then it must be rebuilt.
 */
export function reviseHistory(earlier: History, before: RevisionFile, after: RevisionFile): History | undefined {
  if (!before.isRevision && !after.isRevision) return earlier;
  const id = before.identifiers.revision?.value;
  const revision = id === undefined ? undefined : earlier.revisions.get(id);
  if (id === undefined || revision?.file !== before) return undefined;
  const alone = rebuildHistory({ ...earlier, revisions: new Map([[id, revision]]) }, [after]);
  const revised = alone.revisions.get(id);
  // Anything but what it was given means that it found a difference.
  if (alone.children !== earlier.children || revised === undefined) return undefined;
  return { ...earlier, revisions: withReplaced(earlier.revisions, id, revised) };
}
