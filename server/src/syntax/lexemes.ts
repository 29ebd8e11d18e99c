/**
 * Python as tokens, for text that is being typed: no bracket or quote need be closed. A string in single quotes ends with
 * its line, as Python has it; one in triple quotes that never closes ends where lines of code begin.
 */
import { range, type Range } from "../text/range.ts";

export interface StringToken extends Range {
  readonly kind: "string";
  /** In lower case: `f`, `rb`. */
  readonly prefix: string;
  readonly quote: string;
  /** Between the quotes. */
  readonly content: Range;
  readonly closed: boolean;
}

export type Lexeme =
  | StringToken
  | (Range & { readonly kind: "name" | "number" | "operator" })
  /** The beginning of a line that has something on it, with its columns of indentation. */
  | (Range & { readonly kind: "line"; readonly indent: number });

const nameStart = /[\p{L}\p{Nl}_]/u;
const namePart = /[\p{L}\p{N}\p{M}\p{Pc}]/u;
/** Operators of which the parts mean something else. */
const long = ["**", "==", "!=", "<=", ">=", ":=", "->", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "//"];

export function lexemes(text: string, { start, end }: Range): readonly Lexeme[] {
  const found: Lexeme[] = [];
  let at = start;
  let isLineStart = true;
  while (at < end) {
    const c = text.charAt(at);
    if (c === "\n" || c === "\r") {
      isLineStart = true;
      at++;
    } else if (c === " " || c === "\t" || c === "\f") at++;
    else if (c === "#") at = endOfLine(text, at, end);
    else if (c === "\\")
      at = /[\r\n]/.test(text.charAt(at + 1)) ? at + (text.startsWith("\r\n", at + 1) ? 3 : 2) : at + 1;
    else {
      if (isLineStart) found.push({ kind: "line", ...range(at, at), indent: at - lineStart(text, at, start) });
      isLineStart = false;
      const one = next(text, at, end);
      found.push(one);
      at = Math.max(one.end, at + 1);
    }
  }
  return found;
}

function next(text: string, at: number, limit: number): Lexeme {
  const c = text.charAt(at);
  if (nameStart.test(c)) {
    const end = endOfName(text, at, limit);
    const quote = text.charAt(end);
    const isPrefix = (quote === '"' || quote === "'") && end < limit && /^[rbuft]{1,2}$/i.test(text.slice(at, end));
    return isPrefix ? string(text, at, end, limit) : { kind: "name", start: at, end };
  }
  if (c === '"' || c === "'") return string(text, at, at, limit);
  if (/[0-9]/.test(c)) return { kind: "number", start: at, end: endOfName(text, at, limit) };
  const operator = long.find((one) => text.startsWith(one, at));
  return { kind: "operator", start: at, end: Math.min(limit, at + (operator?.length ?? 1)) };
}

function endOfName(text: string, at: number, limit: number): number {
  let end = at;
  while (end < limit && namePart.test(text.charAt(end))) end++;
  return end;
}

function string(text: string, start: number, quoteAt: number, limit: number): StringToken {
  const one = text.charAt(quoteAt);
  const quote = text.startsWith(one.repeat(3), quoteAt) ? one.repeat(3) : one;
  const from = quoteAt + quote.length;
  const made = (to: number, closed: boolean): StringToken => ({
    kind: "string",
    start,
    end: closed ? to + quote.length : to,
    prefix: text.slice(start, quoteAt).toLowerCase(),
    quote,
    content: range(Math.min(from, limit), Math.max(Math.min(from, limit), to)),
    closed,
  });
  for (let at = from; at < limit; at++) {
    const c = text.charAt(at);
    if (c === "\\") at += text.startsWith("\r\n", at + 1) ? 2 : 1;
    else if (text.startsWith(quote, at) && at + quote.length <= limit) return made(at, true);
    else if (quote.length === 1 && (c === "\n" || c === "\r")) return made(at, false);
  }
  return made(quote.length === 1 ? limit : beforeCode(text, from, limit), false);
}

/** What no line of SQL begins with. */
const code =
  /^[ \t]*(?:(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(|class[ \t]+\w|@\w|return\b|[A-Za-z_]\w*\.[A-Za-z_]\w*\([^)]*["']|(?:with|for|if)[ \t].*:[ \t]*$)/m;

function beforeCode(text: string, from: number, limit: number): number {
  for (let line = endOfLine(text, from, limit); line < limit; line = endOfLine(text, line + 1, limit)) {
    if (code.test(text.slice(line + 1, Math.min(limit, endOfLine(text, line + 1, limit))))) return line;
  }
  return limit;
}

function endOfLine(text: string, at: number, limit: number): number {
  let end = at;
  while (end < limit && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
  return end;
}

function lineStart(text: string, at: number, floor: number): number {
  let start = at;
  while (start > floor && text.charCodeAt(start - 1) !== 10 && text.charCodeAt(start - 1) !== 13) start--;
  return start;
}
