/** Places in the order of a history, and which revision runs before which: asked so often that it must not cost the history. */
import type { History } from "./history.ts";

const positions = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** In the order that `alembic upgrade heads` runs. */
export function positionsOf({ order }: Pick<History, "order">): ReadonlyMap<string, number> {
  const known = positions.get(order);
  if (known) return known;
  const made = new Map(order.map((id, position) => [id, position]));
  positions.set(order, made);
  return made;
}

/** A line of revisions of which none but the last has another behind it than the next, and none but the first another before it. */
interface Line {
  readonly before: readonly string[];
}

interface Spot {
  readonly line: Line;
  readonly step: number;
}

type Before = History["before"];

const spots = new WeakMap<Before, ReadonlyMap<string, Spot>>();

function spotsOf(before: Before): ReadonlyMap<string, Spot> {
  const known = spots.get(before);
  if (known) return known;
  const made = new Map<string, Spot>();
  const behind = new Map<string, string[]>();
  for (const [id, parents] of before)
    for (const parent of new Set(parents)) {
      const all = behind.get(parent);
      if (all) all.push(id);
      else behind.set(parent, [id]);
    }
  const continues = (id: string): boolean => {
    const [parent, ...others] = new Set(before.get(id));
    return parent !== undefined && others.length === 0 && behind.get(parent)?.length === 1;
  };
  const lay = (first: string): void => {
    const line: Line = { before: before.get(first) ?? [] };
    let step = 0;
    for (let at: string | undefined = first; at !== undefined && !made.has(at); step++) {
      made.set(at, { line, step });
      const next: readonly string[] = behind.get(at) ?? [];
      at = next.find(continues);
    }
  };
  for (const id of before.keys()) if (!continues(id)) lay(id);
  // What is left are rings that nothing leads into.
  for (const id of before.keys()) if (!made.has(id)) lay(id);
  spots.set(before, made);
  return made;
}

/** Whether `ancestor` runs before `id`. In a cycle each runs before all, itself among them. */
export function isAncestor({ before }: Pick<History, "before">, ancestor: string, id: string): boolean {
  const all = spotsOf(before);
  const [wanted, own] = [all.get(ancestor), all.get(id)];
  if (wanted === undefined || own === undefined) return false;
  if (wanted.line === own.line && wanted.step < own.step) return true;
  const seen = new Set<Line>();
  const open: Line[] = [own.line];
  for (let line = open.pop(); line !== undefined; line = open.pop()) {
    for (const parent of line.before) {
      const spot = all.get(parent);
      // A line is left at its end only, so that all of it lies before.
      if (spot === undefined || seen.has(spot.line)) continue;
      if (spot.line === wanted.line && wanted.step <= spot.step) return true;
      seen.add(spot.line);
      open.push(spot.line);
    }
  }
  return false;
}
