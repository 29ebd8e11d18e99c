/** Strings of plain Python, f-strings included. */
import type { Node } from "../node.ts";
import { giveUp, isWordStart, leaf, makeNode, skip, type Cursor } from "./cursor.ts";

type ReadExpression = (cursor: Cursor) => Node;

const isQuote = (c: number): boolean => c === 34 || c === 39;

/** Where the quote of a string stands that begins here; -1 where none does. */
export function quoteOf({ text, at }: Cursor): number {
  const c = text.charCodeAt(at);
  if (isQuote(c)) return at;
  if (!prefixes.has(c)) return -1;
  if (isQuote(text.charCodeAt(at + 1))) return at + 1;
  // Prefixes of two letters are rare, and left to the grammar.
  if (isQuote(text.charCodeAt(at + 2)) && isWordStart(text.charCodeAt(at + 1))) giveUp();
  return -1;
}

const prefixes = new Set([..."fFrRbBuU"].map((letter) => letter.charCodeAt(0)));

/** One string, or several side by side. */
export function readStrings(cursor: Cursor, quote: number, readExpression: ReadExpression): Node {
  const first = readOne(cursor, quote, readExpression);
  let next = quoteOf(cursor);
  if (next < 0) return first;
  const parts = [first];
  for (; next >= 0; next = quoteOf(cursor)) parts.push(readOne(cursor, next, readExpression));
  return makeNode("concatenated_string", first.start, parts.at(-1)?.end ?? first.end, parts);
}

function readOne(cursor: Cursor, quoteAt: number, readExpression: ReadExpression): Node {
  const { text, at: start } = cursor;
  const quote = text.charCodeAt(quoteAt);
  if (quote === cursor.quote) giveUp();
  const isTriple = text.charCodeAt(quoteAt + 1) === quote && text.charCodeAt(quoteAt + 2) === quote;
  const opening = quoteAt + (isTriple ? 3 : 1);
  const children: Node[] = [leaf("string_start", start, opening)];
  const isFormat = quoteAt > start && (text.charCodeAt(start) | 32) === 102;
  cursor.at = opening;
  let content = opening;
  for (;;) {
    const end = endOfContent(text, cursor.at, quote, isTriple, isFormat);
    cursor.at = end;
    const c = text.charCodeAt(end);
    if (c === quote) break;
    // Of an f-string: a brace.
    if (text.charCodeAt(end + 1) === c) cursor.at = end + 2;
    else if (c === 125) giveUp();
    else {
      if (end > content) children.push(leaf("string_content", content, end));
      children.push(readInterpolation(cursor, quote, readExpression));
      content = cursor.at;
    }
  }
  if (cursor.at > content) children.push(leaf("string_content", content, cursor.at));
  const end = cursor.at + (isTriple ? 3 : 1);
  children.push(leaf("string_end", cursor.at, end));
  cursor.at = end;
  skip(cursor);
  return makeNode("string", start, end, children);
}

/** Of what a backslash stands before in an f-string: braces, and the name of a character in braces. */
const isSpecial = (c: number): boolean => c === 123 || c === 125 || c === 78;

/** The closing quote, or a brace of an f-string. */
function endOfContent(text: string, from: number, quote: number, isTriple: boolean, isFormat: boolean): number {
  for (let at = from; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === quote) {
      if (!isTriple || (text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote)) return at;
    } else if (c === 92) {
      at++;
      if (isFormat && isSpecial(text.charCodeAt(at))) giveUp();
    } else if (c === 10 && !isTriple) giveUp();
    else if (isFormat && (c === 123 || c === 125)) return at;
  }
  return giveUp();
}

function readInterpolation(cursor: Cursor, quote: number, readExpression: ReadExpression): Node {
  const { text, at: start, quote: outer } = cursor;
  if (outer !== 0) giveUp();
  cursor.at++;
  cursor.quote = quote;
  cursor.brackets++;
  skip(cursor);
  const children = [readExpression(cursor)];
  cursor.brackets--;
  cursor.quote = outer;
  if (text.charCodeAt(cursor.at) === 33) {
    const conversion = cursor.at;
    cursor.at += 2;
    children.push(leaf("type_conversion", conversion, cursor.at));
  }
  if (text.charCodeAt(cursor.at) === 58) {
    const specifier = cursor.at;
    const end = text.indexOf("}", specifier);
    if (end < 0 || /[{\n"'\\]/.test(text.slice(specifier, end))) giveUp();
    cursor.at = end;
    children.push(leaf("format_specifier", specifier, end));
  }
  if (text.charCodeAt(cursor.at) !== 125 || /[\n\\#]/.test(text.slice(start, cursor.at))) giveUp();
  cursor.at++;
  return makeNode("interpolation", start, cursor.at, children);
}
