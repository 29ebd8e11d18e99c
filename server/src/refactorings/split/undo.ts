/** Cuts `downgrade()` by what each of its statements undoes; the last part's runs first. */
import type { Operation, RevisionFile } from "../../model/revision.ts";
import type { Half } from "./halves.ts";
import type { Graph } from "./edges.ts";
import { isCertainUndo, undoes } from "./inverse.ts";
import { describe } from "./leaves.ts";
import { Refused } from "../../rewrite/refused.ts";
import type { Unit } from "./units.ts";

export interface UpgradePart {
  readonly half: Half;
  readonly operations: readonly Operation[];
}

interface Wish {
  /** The part that it must be in, for a later upgrade to find what it needs. */
  readonly certain: ReadonlySet<number>;
  /** How well it suits each part. */
  readonly scores: readonly number[];
}

/** What each unit of a downgrade undoes; units may have to be opened where that is more than one part. */
export function wishOf(operations: readonly Operation[], parts: readonly UpgradePart[]): Wish {
  const scores = parts.map(() => 0);
  const certain = new Set<number>();
  for (const down of operations) {
    const own = parts.map(({ operations: ups }) => Math.max(0, ...ups.map((up) => undoes(up, down))));
    const best = Math.max(0, ...own);
    own.forEach((score, part) => {
      scores[part] = (scores[part] ?? 0) + score;
    });
    // Of several that fit as well, the last is undone first.
    if (isCertainUndo(best) && own.filter((score) => score === best).length === 1) certain.add(own.indexOf(best));
  }
  return { certain, scores };
}

/** For each unit of the downgrade the part whose downgrade it goes to. */
export function assignUndo(
  file: RevisionFile,
  { units, before }: Graph,
  parts: readonly UpgradePart[],
): readonly number[] {
  const wishes = units.map((unit) => wishOf(unit.operations, parts));
  const fixed = wishes.map(({ certain }, i) => {
    if (certain.size < 2) return [...certain][0];
    const leaf = units[i]?.leaves[0];
    throw new Refused(
      `In downgrade(), ${leaf ? describe(file, leaf) : "a statement"} undoes more than one part at once.`,
    );
  });
  const order = orderOf(before);
  const lowest = units.map((_, i) => fixed[i] ?? 0);
  for (const i of [...order].reverse()) {
    for (const j of before[i] ?? []) lowest[j] = Math.max(lowest[j] ?? 0, lowest[i] ?? 0);
  }
  const chosen: number[] = units.map(() => 0);
  for (const i of order) {
    const high = Math.min(parts.length - 1, ...[...(before[i] ?? [])].map((j) => chosen[j] ?? 0));
    const low = lowest[i] ?? 0;
    const wanted = fixed[i];
    const unit = units[i];
    if (unit === undefined) continue;
    if (low > high || (wanted !== undefined && (wanted > high || wanted < low)))
      throw new Refused(whyStuck(file, units, before, { i, wanted, low, chosen }));
    chosen[i] = wanted ?? choose(unit, wishes[i]?.scores ?? [], parts, low, high);
  }
  return chosen;
}

function orderOf(before: readonly ReadonlySet<number>[]): readonly number[] {
  const done = new Set<number>();
  const order: number[] = [];
  const visit = (i: number): void => {
    if (done.has(i)) return;
    done.add(i);
    for (const j of [...(before[i] ?? [])].sort((a, b) => a - b)) visit(j);
    order.push(i);
  };
  before.forEach((_, i) => {
    visit(i);
  });
  return order;
}

/** Data goes to data parts and schema to schema parts, and of those to the one that is about the same thing. */
function choose(
  unit: Unit,
  scores: readonly number[],
  parts: readonly UpgradePart[],
  low: number,
  high: number,
): number {
  let best = high;
  let bestScore = -1;
  for (let part = high; part >= low; part--) {
    const suits = parts[part]?.half === unit.half ? 2.5 : 0;
    const score = Math.min(9, scores[part] ?? 0) + suits;
    if (score > bestScore) [best, bestScore] = [part, score];
  }
  return best;
}

interface Stuck {
  readonly i: number;
  readonly wanted: number | undefined;
  readonly low: number;
  readonly chosen: readonly number[];
}

function whyStuck(
  file: RevisionFile,
  units: readonly Unit[],
  before: readonly ReadonlySet<number>[],
  stuck: Stuck,
): string {
  const name = (i: number | undefined): string => {
    const leaf = i === undefined ? undefined : units[i]?.leaves[0];
    return leaf ? describe(file, leaf) : "a statement";
  };
  const { i, wanted, low, chosen } = stuck;
  const what = name(i);
  if (wanted !== undefined && wanted < low) {
    const later = before.findIndex((set, j) => j !== i && set.has(i));
    return `In downgrade(), ${what} stands before ${name(later)}, which needs it there, but undoes a part that is undone later.`;
  }
  const earlier = [...(before[i] ?? [])].find((j) => (chosen[j] ?? 0) < (wanted ?? low));
  return `In downgrade(), ${what} must stay after ${name(earlier)}, but undoes a part that is undone earlier.`;
}
