/** Ids for new revisions that nobody has. Pure: no clock and no chance, so that a preview and its making agree. */
import type { History } from "../history/history.ts";

/**
 * The n-th (from 0) new revision id that follows from the seed: the next free number where the project counts its
 * revisions, else twelve hexadecimal digits as Alembic makes them. Never one that the history has.
 */
export function newRevisionId(history: History, seed: string, n: number): string {
  return newRevisionIds(history, seed, n + 1)[n] ?? "";
}

/** The first `count` of them. */
export function newRevisionIds(history: History, seed: string, count: number): readonly string[] {
  const taken = takenNames(history);
  const next = nextNumber(history);
  const ids: string[] = [];
  for (let i = 0; ids.length < count; i++) {
    const id = next === undefined ? hash48(`${seed}\n${i}`) : next(i);
    if (!taken.has(id)) ids.push(id);
  }
  return ids;
}

/** Also ids that are only spoken of, and branch labels: they share one space of names. */
export function takenNames(history: History): ReadonlySet<string> {
  return new Set(
    [...history.revisions.values()].flatMap((r) => [r.id, ...r.parents, ...r.dependsOn, ...r.branchLabels]),
  );
}

const mostNumbered = 0.8;

/** Where nearly all ids are numbers, and the newest one is: what comes after the highest, in the same width. */
function nextNumber(history: History): ((i: number) => string) | undefined {
  const ids = [...history.revisions.keys()];
  const numbers = ids.filter((id) => /^\d{1,9}$/.test(id));
  if (numbers.length === 0 || numbers.length < ids.length * mostNumbered) return undefined;
  const highest = numbers.reduce((a, b) => (Number(b) > Number(a) ? b : a));
  const width = highest.startsWith("0") || numbers.some((id) => id.startsWith("0")) ? highest.length : 0;
  return (i) => String(Number(highest) + 1 + i).padStart(width, "0");
}

/** Twelve hexadecimal digits from two 32-bit FNV-1a sums with different starts, mixed so that near seeds lie far apart. */
function hash48(text: string): string {
  const high = mix(fnv1a(text, 0x811c9dc5));
  const low = mix(fnv1a(text, 0x9747b28c));
  return high.toString(16).padStart(8, "0").slice(0, 6) + low.toString(16).padStart(8, "0").slice(0, 6);
}

function fnv1a(text: string, start: number): number {
  let sum = start;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}

function mix(sum: number): number {
  let x = sum;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
