/**
 * The text that a tree was parsed from. The tree knows where its parts begin, in bytes, and never where they end; the
 * tokens around a part tell that.
 */
import { hasHole } from "../hole.ts";
import type { Token } from "../scan.ts";

export class SqlText {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  /** Of every token: how many bytes of UTF-8 stand before it. Most statements are never asked for it. */
  #bytes: readonly number[] | undefined;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens.filter((token) => token.kind !== "comment");
  }

  get whole(): string {
    return this.#text;
  }

  /** How many tokens there are, comments left out. All that follows speaks of tokens by their number. */
  get length(): number {
    return this.#tokens.length;
  }

  /** The token that stands at a `location` of the tree. */
  at(location: number | undefined): number | undefined {
    if (location === undefined || location < 0) return undefined;
    const bytes = (this.#bytes ??= bytesBefore(this.#text, this.#tokens));
    let low = 0;
    let high = bytes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bytes[middle] ?? 0) < location) low = middle + 1;
      else high = middle;
    }
    // The grammar may find a token where the scanner sees the middle of one.
    return bytes[low] === location ? low : low > 0 ? low - 1 : undefined;
  }

  /** The token in lower case, unless it is quoted. */
  word(i: number): string {
    const token = this.#tokens[i];
    if (!token || token.kind === "quoted" || token.kind === "string") return "";
    return this.#text.slice(token.start, token.end).toLowerCase();
  }

  /** The nearest token before `i` that is the word. */
  before(i: number, word: string): number | undefined {
    for (let at = i - 1; at >= 0; at--) if (this.word(at) === word) return at;
    return undefined;
  }

  /** The first token from `i` on, within the same brackets and before a comma, that is the word. */
  find(i: number, word: string): number | undefined {
    for (let at = i; at < this.length; at = this.#next(at)) {
      if (this.word(at) === word) return at;
      if (this.#endsPart(at)) return undefined;
    }
    return undefined;
  }

  /** The bracket that closes the one at `i`; the last token where none does. */
  closing(i: number): number {
    let depth = 0;
    for (let at = i; at < this.length; at++) {
      const word = this.word(at);
      if (word === "(" || word === "[") depth++;
      else if ((word === ")" || word === "]") && --depth <= 0) return at;
    }
    return this.length - 1;
  }

  /** Where the part that `i` is in ends: a comma, a semicolon, the bracket around it, or the end of the text. */
  endOfPart(i: number): number {
    let at = i;
    while (at < this.length && !this.#endsPart(at)) at = this.#next(at);
    return at;
  }

  /** Where the statement that `i` is in ends. */
  endOfStatement(i: number): number {
    let at = i;
    while (at < this.length && this.word(at) !== ";") at = this.#next(at);
    return at;
  }

  /** Of the bracket at `i`: the ranges between its commas. */
  parts(i: number): readonly (readonly [from: number, to: number])[] {
    const close = this.closing(i);
    const parts: [number, number][] = [];
    for (let from = i + 1; from < close;) {
      const to = this.endOfPart(from);
      parts.push([from, to]);
      from = to + 1;
    }
    return parts;
  }

  /**
   * Tokens `from` up to `to` with single spaces in place of white space and comments, and without brackets around all
   * of it. Undefined where there is nothing, or something that is not known.
   */
  expression(from: number, to: number): string | undefined {
    if (from >= to) return undefined;
    if (this.word(from) === "(" && this.closing(from) === to - 1) return this.expression(from + 1, to - 1);
    let out = "";
    for (let i = from; i < to; i++) {
      const token = this.#tokens[i];
      if (!token) break;
      const written = this.#text.slice(token.start, token.end);
      if (token.kind === "parameter" || hasHole(written)) return undefined;
      const gap = i > from && (this.#tokens[i - 1]?.end ?? 0) < token.start;
      out += (gap ? " " : "") + written.trimEnd();
    }
    return out;
  }

  #next(i: number): number {
    const word = this.word(i);
    return word === "(" || word === "[" ? this.closing(i) + 1 : i + 1;
  }

  #endsPart(i: number): boolean {
    return [",", ";", ")", "]"].includes(this.word(i));
  }
}

function bytesBefore(text: string, tokens: readonly Token[]): readonly number[] {
  let byte = 0;
  let unit = 0;
  return tokens.map(({ start }) => {
    while (unit < start) {
      const code = text.codePointAt(unit) ?? 0;
      byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      unit += code < 0x10000 ? 1 : 2;
    }
    return byte;
  });
}

/** The smallest `location` beneath a value of the tree: where it begins, brackets around it left out. */
export function locationOf(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  let least: number | undefined;
  for (const [key, child] of Object.entries(value)) {
    const location = key === "location" && typeof child === "number" ? child : locationOf(child);
    if (location !== undefined && location >= 0 && (least === undefined || location < least)) least = location;
  }
  return least;
}
