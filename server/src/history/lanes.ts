/** Where the revisions stand in a drawing of the history, as in git's log: one row each, heads at the top. */
import type { History } from "./history.ts";

export interface Row {
  readonly id: string;
  /** Column, 0 leftmost. */
  readonly lane: number;
  /** Each existing parent, and the lane in which the line to it goes down from this row. */
  readonly parents: readonly { readonly id: string; readonly lane: number }[];
  /** Lanes of lines that come down from children and end in this row: several where a branch began here. */
  readonly arriving: readonly number[];
  /** Lanes of lines that pass this row by, this revision's own not included. */
  readonly passing: readonly number[];
}

/** Heads first, then towards the bases; a branch stays in its lane and together. */
export function layOutLanes(history: History): readonly Row[] {
  /** For each lane the parent that the line in it leads to. */
  const lanes: (string | undefined)[] = [];
  const done = new Set<string>();
  return [...history.order].reverse().map((id) => {
    done.add(id);
    const arriving = lanes.flatMap((to, index) => (to === id ? [index] : []));
    const lane = laneFor(id, lanes);
    const passing = lanes.flatMap((to, index) => (to !== undefined && to !== id && index !== lane ? [index] : []));
    lanes.forEach((to, index) => {
      if (to === id) lanes[index] = undefined;
    });
    const parents = [...new Set(history.revisions.get(id)?.parents ?? [])]
      // In a cycle a parent may stand above already: no line can lead down to it.
      .filter((parent) => history.revisions.has(parent) && !done.has(parent))
      .map((parent, index) => ({ id: parent, lane: index === 0 ? keep(parent, lane, lanes) : laneFor(parent, lanes) }));
    return { id, lane, parents, arriving, passing };
  });
}

function laneFor(id: string, lanes: (string | undefined)[]): number {
  const waiting = lanes.indexOf(id);
  const free = waiting === -1 ? lanes.indexOf(undefined) : waiting;
  const lane = free === -1 ? lanes.length : free;
  lanes[lane] = id;
  return lane;
}

/** The first parent continues its child's lane; where another line leads to it already, the two meet at the parent. */
function keep(parent: string, lane: number, lanes: (string | undefined)[]): number {
  lanes[lane] = parent;
  return lane;
}
