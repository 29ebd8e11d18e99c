/**
 * A second try where a statement with unknown parts did not parse: such a part may have stood for a list, a clause or
 * nothing at all, which a single name cannot. Widths change, so positions in the result are not those of the text.
 */
import { HOLE } from "./hole.ts";
import type { Token } from "./scan.ts";

export interface Loosened {
  readonly text: string;
  /** An unknown part was left out: the statement may have a clause more than it shows. */
  readonly drops: boolean;
}

/** A part of the text that may be written otherwise. */
interface Free {
  readonly start: number;
  readonly end: number;
  /** Keywords that touch the hole, as in `{concurrently}IF NOT EXISTS`. */
  readonly prefix: string;
  readonly suffix: string;
  /** The word before it, in lower case, and whether that is something that a clause may follow. */
  readonly before: string;
  readonly afterValue: boolean;
}

export function loosenHoles(masked: string, tokens: readonly Token[]): readonly Loosened[] {
  const free = tokens.flatMap((token, i) => readFree(masked, token, tokens[i - 1]) ?? []);
  if (free.length === 0) return [];
  const attempt = (drop: (hole: Free) => boolean): Loosened => {
    let text = "";
    let at = 0;
    for (const hole of free) {
      const replaced = listFor(hole.before) ?? (drop(hole) ? "" : HOLE);
      text += `${masked.slice(at, hole.start)}${hole.prefix} ${replaced} ${hole.suffix}`;
      at = hole.end;
    }
    return { text: text + masked.slice(at), drops: free.some(drop) };
  };
  return [attempt(() => false), attempt(({ afterValue }) => afterValue), attempt(() => true)];
}

/** Where a list must stand. */
function listFor(before: string): string | undefined {
  if (before === "in" || before === "values") return `(${HOLE})`;
  return before === "set" ? `${HOLE} = ${HOLE}` : undefined;
}

/** Keywords that may begin a clause, or end one. */
const clauses = new Set(
  (
    "where and or order group limit offset having union intersect except returning on using set from join inner left right full cross if not exists " +
    "select insert update delete values into as for fetch window by cascade restrict"
  ).split(" "),
);

function readFree(text: string, token: Token, previous: Token | undefined): Free | undefined {
  const written = text.slice(token.start, token.end);
  const before = previous ? text.slice(previous.start, previous.end).toLowerCase() : "";
  const afterValue =
    previous !== undefined &&
    (previous.kind === "word"
      ? !clauses.has(before)
      : previous.kind !== "operator" && before !== "(" && before !== ",");
  const place = { start: token.start, end: token.end, before, afterValue };
  // `IN $1`: a parameter that expands to a list.
  if (token.kind === "parameter") return before === "in" ? { ...place, prefix: "", suffix: "" } : undefined;
  if (token.kind !== "word" || !written.includes(HOLE)) return undefined;
  const [prefix = "", suffix = ""] = [
    written.slice(0, written.indexOf(HOLE)),
    written.slice(written.lastIndexOf(HOLE) + 1),
  ];
  const isKeyword = (word: string): boolean => word === "" || clauses.has(word.toLowerCase());
  return isKeyword(prefix) && isKeyword(suffix) ? { ...place, prefix, suffix } : undefined;
}
