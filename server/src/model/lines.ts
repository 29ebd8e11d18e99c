/** Whole lines of statements: each owns the comments above it and the comment behind it. */
import type { Range } from "../text/range.ts";

/** The offset after the line end of the line that `offset` is in. */
export function endOfLine(text: string, offset: number): number {
  for (let at = offset; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 10) return at + 1;
    if (c === 13) return text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1;
  }
  return text.length;
}

export function startOfLine(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text.charCodeAt(at - 1) !== 10 && text.charCodeAt(at - 1) !== 13) at--;
  return at;
}

export interface Placed {
  readonly lines: Range;
  readonly shared: boolean;
}

/**
 * Divides `whole` among statements in order: the ranges touch and together cover it. A statement ends with its line,
 * and what stands between two statements belongs to the second.
 */
export function divideLines(text: string, whole: Range, statements: readonly Range[]): readonly Placed[] {
  let start = whole.start;
  let afterShared = false;
  return statements.map((statement, i): Placed => {
    const next = statements[i + 1];
    const line = endOfLine(text, statement.end);
    const sharesNext = next !== undefined && next.start < line;
    const end = next === undefined ? whole.end : sharesNext ? next.start : Math.min(line, whole.end);
    const lines = { start, end: Math.max(start, end) };
    const shared = sharesNext || afterShared || startsLate(text, statement.start, whole);
    afterShared = sharesNext;
    start = lines.end;
    return { lines, shared };
  });
}

/** Something else stands before it on its line, such as the head of its block. */
const startsLate = (text: string, start: number, whole: Range): boolean => {
  const line = startOfLine(text, start);
  return text.slice(line, start).trim() !== "" && line < whole.start;
};

/** The end of a block: after its last statement's line and the comments below it that are indented deeper than `column`. */
export function endOfBlock(text: string, lastEnd: number, column: number): number {
  let end = endOfLine(text, lastEnd);
  for (let at = end; at < text.length;) {
    const next = endOfLine(text, at);
    const line = text.slice(at, next);
    const content = line.trim();
    if (content !== "") {
      const indent = line.length - line.trimStart().length;
      if (!content.startsWith("#") || indent <= column) break;
      end = next;
    }
    at = next;
  }
  return end;
}

/** Characters of indentation of the line that `offset` is in. */
export const indentAt = (text: string, offset: number): string =>
  /^[ \t\f]*/.exec(text.slice(startOfLine(text, offset), offset))?.[0] ?? "";
