/** Where a history parts into heads that nobody has meant to go on side by side. */
import type { History } from "./history.ts";

/** A head, and all that leads to it along parents: what `depends_on` names is another branch. */
export interface Branch {
  readonly head: string;
  readonly lineage: ReadonlySet<string>;
}

/** Another head, and the last revision that both have. */
export interface Sibling extends Branch {
  readonly fork: string;
}

export function branchOf({ revisions }: History, head: string): Branch {
  const lineage = new Set<string>();
  const open = [head];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (lineage.has(id)) continue;
    lineage.add(id);
    open.push(...(revisions.get(id)?.parents ?? []));
  }
  return { head, lineage };
}

/** What the branch has and the other has not, in the order in which it runs. */
export const ownOf = ({ order }: History, branch: Branch, other: Branch): readonly string[] =>
  order.filter((id) => branch.lineage.has(id) && !other.lineage.has(id));

/** A label on the way from the fork to the head: it is a branch of its own, and meant to be. */
const isLabelled = ({ revisions }: History, { lineage }: Branch, other: Branch): boolean =>
  [...lineage].some((id) => !other.lineage.has(id) && (revisions.get(id)?.branchLabels.length ?? 0) > 0);

/** Those of the others that part from the branch without a label; heads with no revision in common do not part. */
export const siblingsOf = (history: History, branch: Branch, others: readonly Branch[]): readonly Sibling[] =>
  others.flatMap((other) => {
    const fork = history.order.findLast((id) => branch.lineage.has(id) && other.lineage.has(id));
    const isMeant = isLabelled(history, branch, other) || isLabelled(history, other, branch);
    return fork === undefined || isMeant ? [] : [{ ...other, fork }];
  });
