import { range, type Range } from "../text/range.ts";

const isPart = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}_$]/u.test(character);

/** The identifier that an offset is in or beside. */
export function wordAt(text: string, offset: number): { readonly text: string; readonly range: Range } | undefined {
  let start = Math.min(offset, text.length);
  let end = start;
  while (isPart(text[start - 1])) start -= 1;
  while (isPart(text[end])) end += 1;
  return start === end ? undefined : { text: text.slice(start, end), range: range(start, end) };
}
