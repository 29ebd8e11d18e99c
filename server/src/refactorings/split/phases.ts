/** The fewest alternating phases of schema and data that keep every edge between units. */
import type { Half } from "./halves.ts";

export interface Step {
  readonly half: Half;
  /** Takes away or restricts: as late as possible, where everything else comes as early as possible. */
  readonly contracts: boolean;
}

/** `edges[i]` holds the indexes of the steps that must come before step `i`. The graph has no cycle. */
export type Edges = readonly ReadonlySet<number>[];

export interface Phases {
  /** The half of each phase, in order; neighbours differ. */
  readonly halves: readonly Half[];
  /** The phase of each step. */
  readonly of: readonly number[];
}

const opposite = (half: Half): Half => (half === "schema" ? "data" : "schema");

/** Steps in an order in which every one comes after those that it waits for; the order of the text where it is free. */
function topological(edges: Edges): readonly number[] {
  const done = new Set<number>();
  const order: number[] = [];
  const visit = (step: number): void => {
    if (done.has(step)) return;
    done.add(step);
    for (const before of [...(edges[step] ?? [])].sort((a, b) => a - b)) visit(before);
    order.push(step);
  };
  for (let step = 0; step < edges.length; step++) visit(step);
  return order;
}

/** The earliest phase of each step, if the first phase is of the given half. */
function earliest(steps: readonly Step[], edges: Edges, order: readonly number[], first: Half): readonly number[] {
  const levels: number[] = steps.map(() => 0);
  for (const step of order) {
    let level = steps[step]?.half === first ? 0 : 1;
    for (const before of edges[step] ?? []) {
      const differs = steps[before]?.half !== steps[step]?.half;
      level = Math.max(level, (levels[before] ?? 0) + (differs ? 1 : 0));
    }
    levels[step] = level;
  }
  return levels;
}

/** Moves what takes away to the latest phase that those waiting for it, and the number of phases, allow. */
function delay(
  steps: readonly Step[],
  edges: Edges,
  order: readonly number[],
  early: readonly number[],
  count: number,
): readonly number[] {
  const levels = [...early];
  const waiting: number[][] = steps.map(() => []);
  edges.forEach((before, step) => {
    for (const one of before) waiting[one]?.push(step);
  });
  for (const step of [...order].reverse()) {
    if (steps[step]?.contracts !== true) continue;
    const own = early[step] ?? 0;
    let latest = (count - 1 - own) % 2 === 0 ? count - 1 : count - 2;
    for (const after of waiting[step] ?? []) {
      const differs = steps[after]?.half !== steps[step]?.half;
      latest = Math.min(latest, (levels[after] ?? 0) - (differs ? 1 : 0));
    }
    levels[step] = Math.max(own, latest);
  }
  return levels;
}

export function findPhases(steps: readonly Step[], edges: Edges): Phases {
  const order = topological(edges);
  const start = steps[0]?.half ?? "schema";
  const candidates = [start, opposite(start)].map((first) => {
    const early = earliest(steps, edges, order, first);
    const count = Math.max(-1, ...early) + 1;
    return { first, of: delay(steps, edges, order, early, count), count };
  });
  const usable = candidates.filter(({ of }) => steps.length === 0 || of.includes(0));
  const [best] = usable.sort(
    (a, b) => a.count - b.count || regret(steps, a.of, a.count) - regret(steps, b.of, b.count),
  );
  if (best === undefined) return { halves: [], of: [] };
  const halves = Array.from({ length: best.count }, (_, level) =>
    level % 2 === 0 ? best.first : opposite(best.first),
  );
  return { halves, of: best.of };
}

/** How far destructive steps are from the end and additive ones from the beginning. */
function regret(steps: readonly Step[], of: readonly number[], count: number): number {
  return steps.reduce((sum, { half, contracts }, i) => {
    if (half === "data") return sum;
    const level = of[i] ?? 0;
    return sum + (contracts ? count - 1 - level : level);
  }, 0);
}
