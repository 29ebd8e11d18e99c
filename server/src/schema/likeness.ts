/** Whether two names look like one thing, renamed: `name` and `full_name`, `adress` and `address`. */

/** Words that say what kind of value it is, and not of what. */
const general = new Set([
  ...["id", "at", "on", "by", "is", "has", "to", "of", "in", "name", "type", "kind", "date", "time", "count", "code"],
  ...["key", "value", "status", "state", "data", "text", "url", "uri", "path", "number", "flag", "uuid", "new", "old"],
]);

const wordsOf = (name: string): readonly string[] =>
  name
    .toLowerCase()
    .split("_")
    .filter((word) => word !== "");

/** How many letters must be put in, taken out or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + change));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** One slip in so many letters. */
const lettersPerSlip = 4;
const withoutDigits = (name: string): string => name.replaceAll(/\d/g, "");

/** `table`: words of its name are shared by many of its columns, and say nothing. */
export function looksRenamed(from: string, to: string, table: string): boolean {
  if (from === to) return false;
  const [shorter, longer] = from.length < to.length ? [from, to] : [to, from];
  if (wordsOf(shorter).length === 1 && wordsOf(longer).includes(shorter)) return true;
  // `line1` and `line2` are two of a row.
  const slips = Math.floor(shorter.length / lettersPerSlip);
  if (distance(from, to) <= slips && withoutDigits(from) !== withoutDigits(to)) return true;
  const own = new Set(wordsOf(table).flatMap((word) => [word, word.replace(/s$/, "")]));
  const telling = (name: string): readonly string[] =>
    wordsOf(name).filter((word) => !general.has(word) && !own.has(word));
  const [a, b] = [telling(from), telling(to)];
  return a.length > 0 && a.join("_") === b.join("_");
}
