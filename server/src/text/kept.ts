/** What became of the places of a text while it was edited. */
import { range, type Range } from "./range.ts";

/** A part of the older text that still stands: at `from` there, at `to` in the newer one. */
export interface Kept {
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

/** One replacement: `removed` characters of the older text at `at` by `inserted` ones. */
export interface Splice {
  readonly at: number;
  readonly removed: number;
  readonly inserted: number;
}

/**
 * The one replacement that makes `after` of `before`, as short as can be. Where lines were put in or taken out it is
 * whole lines, not the end of one and the beginning of the next, though these may look alike.
 */
export function findSplice(before: string, after: string): Splice {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let end = 0;
  while (
    end < shorter - start &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  )
    end++;
  const removed = before.length - end - start;
  const inserted = after.length - end - start;
  const line = start === 0 ? 0 : before.lastIndexOf("\n", start - 1) + 1;
  const slides =
    (removed === 0 && before.slice(line, start) === after.slice(line + inserted, start + inserted)) ||
    (inserted === 0 && after.slice(line, start) === before.slice(line + removed, start + removed));
  return { at: slides ? line : start, removed, inserted };
}

/** What is left of the kept parts after one more replacement in the newer text. */
export function keepThrough(kept: readonly Kept[], { at, removed, inserted }: Splice): readonly Kept[] {
  const end = at + removed;
  const shift = inserted - removed;
  return joinKept(
    kept.flatMap(({ from, to, length }) => {
      const before = Math.min(length, Math.max(0, at - to));
      const gone = Math.min(length, Math.max(0, end - to));
      return [
        { from, to, length: before },
        { from: from + gone, to: to + gone + shift, length: length - gone },
      ].filter((one) => one.length > 0);
    }),
  );
}

export function joinKept(kept: readonly Kept[]): readonly Kept[] {
  const joined: Kept[] = [];
  for (const one of kept) {
    const last = joined.at(-1);
    if (last && last.from + last.length === one.from && last.to + last.length === one.to)
      joined[joined.length - 1] = { ...last, length: last.length + one.length };
    else joined.push(one);
  }
  return joined;
}

/** How many characters of a range of the older text still stand. */
export const countKept = (kept: readonly Kept[], { start, end }: Range): number =>
  kept.reduce(
    (total, { from, length }) => total + Math.max(0, Math.min(end, from + length) - Math.max(start, from)),
    0,
  );

/** Where a range of the older text stands now, from the first to the last of its characters that are left; empty where none is. */
export function moveRange(kept: readonly Kept[], { start, end }: Range): Range {
  const first = kept.find(({ from, length }) => from + length > start);
  const last = kept.findLast(({ from }) => from < end);
  if (!first || !last || first.from >= end || last.from + last.length <= start) {
    const point = movePoint(kept, start);
    return range(point, point);
  }
  return range(
    Math.max(start, first.from) - first.from + first.to,
    Math.min(end, last.from + last.length) - last.from + last.to,
  );
}

function movePoint(kept: readonly Kept[], offset: number): number {
  const before = kept.findLast(({ from }) => from <= offset);
  return before ? Math.min(offset - before.from, before.length) + before.to : 0;
}
