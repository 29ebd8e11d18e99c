/**
 * Cuts Python text at lines that begin a statement of a given column. Strings and brackets are respected only where
 * they really are open: one that never closes is taken for half-typed, so that what follows it is read all the same.
 */
import type { Range } from "../text/range.ts";

/** Lines that cannot stand inside brackets or a string of SQL. */
const unmistakable =
  /^(?:(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(|class[ \t]+\w+[ \t]*[(:]|import[ \t]+\w|from[ \t]+[\w.]+[ \t]+import\b|@[A-Za-z_])/;
/** Lines that are more likely code than text, where something is known to be wrong. */
const likely =
  /^(?:(?:async[ \t]+)?def[ \t]+\w|class[ \t]+\w|[A-Za-z_]\w*[ \t]*(?::[ \t]*[A-Za-z_][^=\n]*)?=[ \t]*[^\s=])/;
/** Lines that go on with the statement above. */
const continuation = /^(?:else|elif|except|finally|case)\b/;
/** How often brackets and strings that never close are looked for to the end of a text. */
const patience = 200;

export interface Cutting {
  /** Blocks begin at lines of at most so many columns of indentation; 0 where not given. */
  readonly column?: number;
  /** `else:` and its like begin a block of their own. */
  readonly clauses?: boolean;
  /** Strings that hold lines of code are not believed to be strings. */
  readonly distrust?: boolean;
  /** What is left of the patience with this text, to be shared by all who cut it. */
  readonly patience?: Patience;
}

export interface Patience {
  left: number;
}

export const newPatience = (): Patience => ({ left: patience });

/** Ranges that touch and cover `whole`; each but perhaps the first begins at a line of at most `column` columns of indentation. */
export function cutBlocks(text: string, whole: Range, cutting: Cutting = {}): readonly Range[] {
  const blocks: Range[] = [];
  const shared = { patience: newPatience(), ...cutting };
  for (let start = whole.start; blocks.length === 0 || start < whole.end;) {
    const end = endOfBlock(text, { start, end: whole.end }, shared);
    blocks.push({ start, end });
    start = end;
  }
  return blocks;
}

/** Where the block that begins at the start of `rest` ends: at the next one, or with `rest`. */
export function endOfBlock(text: string, rest: Range, cutting: Cutting = {}): number {
  const left = cutting.patience ?? newPatience();
  const trusting = scan(text, rest, {
    ...cutting,
    patience: left,
    distrust: cutting.distrust === true || left.left <= 0,
  });
  if (!trusting.unterminated) return trusting.end;
  left.left--;
  return scan(text, rest, { ...cutting, patience: left, distrust: true }).end;
}

interface Scan {
  readonly end: number;
  readonly unterminated: boolean;
}

function scan(text: string, whole: Range, cutting: Cutting & { readonly patience: Patience }): Scan {
  const { column = 0, clauses = false, distrust = false } = cutting;
  const brackets: number[] = [];
  let unterminated = false;
  let decorated = false;
  let at = whole.start;
  let lineStart = true;

  /** Where to go on when the outermost open bracket turns out not to be one. */
  const reopen = (before: number): number | undefined => {
    const outermost = brackets[0];
    if (outermost === undefined || cutting.patience.left-- <= 0) return undefined;
    for (let line = nextLine(text, outermost); line < before; line = nextLine(text, line)) {
      const first = line + indentLength(text, line);
      if (first < before && widthOf(text, line, first) <= column && !/[\s)\]}#]/.test(text.charAt(first))) return line;
    }
    return before < whole.end ? before : undefined;
  };

  while (at < whole.end) {
    if (lineStart) {
      lineStart = false;
      const first = at + indentLength(text, at);
      const c = text.charAt(first);
      if (first < whole.end && c !== "#" && c !== "\n" && c !== "\r" && widthOf(text, at, first) <= column) {
        const line = text.slice(first, first + 80);
        if (brackets.length > 0 && unmistakable.test(line)) {
          const line = reopen(at);
          brackets.length = 0;
          if (line !== undefined && line < at) {
            at = line;
            lineStart = true;
            continue;
          }
        }
        if (brackets.length === 0 && at > whole.start && (clauses || !continuation.test(line))) {
          if (!decorated && !/[)\]}]/.test(c)) return { end: at, unterminated: false };
          decorated = c === "@";
        } else if (at === whole.start) decorated = c === "@";
      }
    }
    const c = text.charCodeAt(at);
    if (c === 10 || (c === 13 && text.charCodeAt(at + 1) !== 10)) {
      at++;
      lineStart = true;
    } else if (c === 35) at = lineEnd(text, at);
    else if (c === 92) at += text.startsWith("\r\n", at + 1) ? 3 : 2;
    else if (c === 34 || c === 39) {
      const string = skipString(text, at, whole.end, distrust && column === 0);
      unterminated ||= !string.closed;
      at = string.end;
      lineStart = string.broken;
      if (string.broken) brackets.length = 0;
    } else {
      if (c === 40 || c === 91 || c === 123) brackets.push(at);
      else if (c === 41 || c === 93 || c === 125) brackets.pop();
      at++;
    }
    if (at >= whole.end && brackets.length > 0) {
      const line = reopen(whole.end);
      brackets.length = 0;
      if (line !== undefined) {
        at = line;
        lineStart = true;
      }
    }
  }
  return { end: whole.end, unterminated };
}

const isCode = (line: string): boolean => unmistakable.test(line) || likely.test(line);

interface StringEnd {
  readonly end: number;
  readonly closed: boolean;
  /** It was given up at the line `end`, which is code again. */
  readonly broken: boolean;
}

function skipString(text: string, start: number, limit: number, distrust: boolean): StringEnd {
  const quote = text.charAt(start);
  const triple = quote.repeat(3);
  if (!text.startsWith(triple, start)) return skipShortString(text, start, quote, limit);
  let at = start + 3;
  while (at < limit) {
    const c = text.charAt(at);
    if (c === "\\") at += 2;
    else if (c === quote && text.startsWith(triple, at)) return { end: at + 3, closed: true, broken: false };
    else {
      at++;
      if (distrust && c === "\n" && isCode(text.slice(at, at + 80))) return { end: at, closed: true, broken: true };
    }
  }
  return { end: limit, closed: false, broken: false };
}

function skipShortString(text: string, start: number, quote: string, limit: number): StringEnd {
  for (let at = start + 1; at < limit; at++) {
    const c = text.charAt(at);
    if (c === "\\") at += text.startsWith("\r\n", at + 1) ? 2 : 1;
    else if (c === quote) return { end: at + 1, closed: true, broken: false };
    else if (c === "\n" || c === "\r") return { end: at, closed: true, broken: false };
  }
  return { end: limit, closed: true, broken: false };
}

export interface LogicalLine {
  /** After the last character that is neither blank nor comment. */
  readonly end: number;
  /** The first line break that is neither in brackets, in a string nor escaped; undefined where there is none. */
  readonly lineBreak: number | undefined;
}

/** The line of code that begins at `start`. */
export function logicalLine(text: string, start: number, limit: number): LogicalLine {
  let depth = 0;
  let end = start;
  for (let at = start; at < limit;) {
    const c = text.charAt(at);
    if ((c === "\n" || c === "\r") && depth === 0) return { end, lineBreak: at };
    if (c === "#") at = lineEnd(text, at);
    else {
      if (c === "\\") at += text.startsWith("\r\n", at + 1) ? 3 : 2;
      else if (c === '"' || c === "'") at = skipString(text, at, limit, false).end;
      else {
        if (c === "(" || c === "[" || c === "{") depth++;
        else if (c === ")" || c === "]" || c === "}") depth = Math.max(0, depth - 1);
        at++;
      }
      if (!/\s/.test(c)) end = at;
    }
  }
  return { end: Math.min(end, limit), lineBreak: undefined };
}

function lineEnd(text: string, at: number): number {
  while (at < text.length && text.charCodeAt(at) !== 10 && text.charCodeAt(at) !== 13) at++;
  return at;
}

/** The start of the line after the one that `at` is in. */
function nextLine(text: string, at: number): number {
  const end = lineEnd(text, at);
  return end + (text.startsWith("\r\n", end) ? 2 : 1);
}

function indentLength(text: string, at: number): number {
  let length = 0;
  while (text[at + length] === " " || text[at + length] === "\t" || text[at + length] === "\f") length++;
  return length;
}

/** Columns, a tab going on to the next multiple of eight as Python has it. */
function widthOf(text: string, from: number, to: number): number {
  let width = 0;
  for (let i = from; i < to; i++) width = text[i] === "\t" ? (Math.floor(width / 8) + 1) * 8 : width + 1;
  return width;
}

/** Columns of indentation of the line that begins at `at`. */
export const indentWidth = (text: string, at: number): number => widthOf(text, at, at + indentLength(text, at));
