/** Which names somebody may have meant. */

const most = 3;

/** How many letters must be put in, left out, changed or swapped with the next to make one of the other. */
export function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const edited = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(isSwap ? Math.min(edited, (beforeLast[j - 2] ?? 0) + 1) : edited);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

const wordsOf = (name: string): readonly string[] =>
  name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

/** Small where the names are alike; at most 1 where nothing is. A word in common counts as much as a slip of the pen. */
function unlikeness(asked: string, name: string): number {
  const letters = distance(asked.toLowerCase(), name.toLowerCase()) / Math.max(asked.length, name.length, 1);
  const [mine, theirs] = [wordsOf(asked), wordsOf(name)];
  const shared = mine.filter((word) => theirs.includes(word)).length / Math.max(mine.length, theirs.length, 1);
  return Math.min(letters, 0.8 - shared * 0.8);
}

/** The names that are most like it, the likeliest first; none where nothing is alike. */
export const findNearest = (asked: string, names: readonly string[]): readonly string[] =>
  names
    .map((name) => [name, unlikeness(asked, name)] as const)
    .filter(([, value]) => value <= 0.45)
    .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([name]) => name);
