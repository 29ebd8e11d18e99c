/** Lines of a file, as edits need them: where they begin and end, and which are blank. */

/** Offset of the first character of the line that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text[at - 1] !== "\n" && text[at - 1] !== "\r") at--;
  return at;
}

/** Offset after the line end of the line that holds `offset`. */
export function lineEnd(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at++;
  if (text[at] === "\r" && text[at + 1] === "\n") return at + 2;
  return Math.min(at + 1, text.length);
}

/** Offset of the first line at or after `start`, and before `end`, that is not blank; `end` where there is none. */
export function afterBlankLines(text: string, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const next = lineEnd(text, at);
    if (text.slice(at, next).trim() !== "") return at;
    at = next;
  }
  return end;
}

/** One-based, for messages. */
export const lineNumber = (text: string, offset: number): number => text.slice(0, offset).split(/\r\n|\n|\r/).length;
