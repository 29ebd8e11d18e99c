/** Where a reader of plain Python stands, and the few questions that all of its parts ask of the text. */
import type { Range } from "../../text/range.ts";
import type { Node } from "../node.ts";

export interface Cursor {
  readonly text: string;
  at: number;
  /** Open brackets: within them a line break is a blank. */
  brackets: number;
  /** Expressions and blocks that are being read within each other. */
  depth: number;
  /** The quote of the f-string whose expression is being read. */
  quote: number;
  readonly comments: Range[];
}

/** Thrown where the text is not plain, and no error: most of the cost of one is the stack, which nobody reads. It never leaves this folder. */
export const notPlain = Symbol("not plain Python");

export function giveUp(): never {
  throw notPlain;
}

const none: readonly Node[] = [];

export const makeNode = (type: string, start: number, end: number, children: readonly Node[]): Node => ({
  type,
  start,
  end,
  children,
});

export const leaf = (type: string, start: number, end: number): Node => ({ type, start, end, children: none });

/** Over blanks, and within brackets over line breaks and comments. */
export function skip(cursor: Cursor): void {
  const { text } = cursor;
  for (;;) {
    const c = text.charCodeAt(cursor.at);
    if (c === 32 || c === 9 || c === 13 || (c === 10 && cursor.brackets > 0)) cursor.at++;
    else if (c === 35 && cursor.brackets > 0) skipComment(cursor);
    else return;
  }
}

export function skipComment(cursor: Cursor): void {
  const start = cursor.at;
  const end = cursor.text.indexOf("\n", start);
  cursor.at = end < 0 ? cursor.text.length : end;
  cursor.comments.push({ start, end: cursor.at });
}

export const isWordStart = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95;

export const isDigit = (c: number): boolean => c >= 48 && c <= 57;

/** After the word that begins here; `at` itself where none does. A letter beyond ASCII is left to the grammar. */
export function endOfWord(text: string, at: number): number {
  let end = at;
  for (let c = text.charCodeAt(end); isWordStart(c) || isDigit(c) || c > 127; c = text.charCodeAt(++end))
    if (c > 127) giveUp();
  return end;
}

/** The end of a statement: of its line, or a comment behind it. */
export const isAtEnd = ({ text, at }: Cursor): boolean =>
  at >= text.length || text.charCodeAt(at) === 10 || text.charCodeAt(at) === 35;

/** Whether this keyword stands here. */
export const isAt = ({ text, at }: Cursor, word: string): boolean =>
  text.startsWith(word, at) && endOfWord(text, at + word.length) === at + word.length;

/** Goes over a character that must stand here, and the blanks behind it. */
export function expect(cursor: Cursor, c: number): void {
  if (cursor.text.charCodeAt(cursor.at) !== c) giveUp();
  cursor.at++;
  skip(cursor);
}

/** Goes over a keyword that must stand here, and the blanks behind it. */
export function expectWord(cursor: Cursor, word: string): void {
  if (!isAt(cursor, word)) giveUp();
  cursor.at += word.length;
  skip(cursor);
}

export function within<T>(cursor: Cursor, read: () => T): T {
  if (++cursor.depth > maximalDepth) giveUp();
  const result = read();
  cursor.depth--;
  return result;
}

/** Far less than the stack holds. */
const maximalDepth = 100;

const reserved = new Set(
  (
    "False await else import pass None break except in raise True class finally is return and continue for lambda try as def from nonlocal " +
    "while assert del global not with async elif if or yield exec"
  ).split(" "),
);

/** Goes over a name, and the blanks behind it. */
export function readName(cursor: Cursor): Node {
  const { text, at: start } = cursor;
  const end = isWordStart(text.charCodeAt(start)) ? endOfWord(text, start) : start;
  if (end === start || reserved.has(text.slice(start, end))) giveUp();
  cursor.at = end;
  skip(cursor);
  return leaf("identifier", start, end);
}
