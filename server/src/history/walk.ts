import { refuse } from "./error.ts";
import type { Graph, Node } from "./graph.ts";
import { inLineage, isRevision, revisionOf, type Place } from "./lookup.ts";

export interface Way {
  /** Above 0 up to the heads, below 0 down to the bases. */
  readonly steps: number;
  /** Up, only along revisions that are related to it. */
  readonly branch?: string | undefined;
  /** Whether a walk past the end of the history stays at the end; else it leads nowhere. */
  readonly stopsAtEnd: boolean;
}

/** As `RevisionMap._walk`: from nowhere the first step up is to the base revision, the first step down to the head. */
export function walk(graph: Graph, start: Place, { steps, branch, stopsAtEnd }: Way): Place {
  const isOnBranch = branch && steps > 0 ? inLineage(graph, branch) : () => true;
  let at = start;
  for (let i = 0; i < Math.abs(steps); i++) {
    const next: readonly Place[] = steps > 0 ? above(graph, at).filter(isOnBranch) : below(graph, at);
    if (next.length === 0) return stopsAtEnd ? at : undefined;
    if (next.length > 1) {
      const ids = next.map((place) => isRevision(place, "base").id).sort();
      refuse("RevisionError", `A step ${steps > 0 ? "up" : "down"} has more than one way: ${ids.join(", ")}.`, ids);
    }
    at = next[0];
  }
  return at;
}

const above = (graph: Graph, at: Place): readonly Node[] =>
  nodesOf(graph, at === undefined ? graph.bases : isRevision(at, "base").children);

function below(graph: Graph, at: Place): readonly Place[] {
  if (at === "base") return [];
  const next = nodesOf(graph, at === undefined ? graph.heads : at.parents);
  return next.length > 0 ? next : ["base"];
}

const nodesOf = (graph: Graph, ids: Iterable<string>): readonly Node[] =>
  [...ids].map((id) => isRevision(revisionOf(graph, id, undefined), id));
