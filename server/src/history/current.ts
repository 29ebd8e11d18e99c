import { answer, valueOf, type Answer } from "./error.ts";
import type { History } from "./history.ts";
import { branchHeads } from "./targets.ts";

/**
 * What `alembic current` shows for the rows of `alembic_version`: also the ends of branches that only a dependency of a row implies.
 * In the order in which the revisions were read.
 */
export const currentRevisions = (history: History, rows: readonly string[]): Answer<readonly string[]> =>
  answer(() => {
    const graph = valueOf(history.graph);
    const heads = [...branchHeads(graph, rows)].sort((a, b) => a.position - b.position);
    return heads.map(({ id }) => id);
  });
