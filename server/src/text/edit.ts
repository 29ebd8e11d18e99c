import type { Range } from "./range.ts";

export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

/** Files to create and edits to existing files, applied all together or not at all. Paths as the project gives them. */
export interface Change {
  readonly create: readonly { readonly path: string; readonly text: string }[];
  readonly edit: readonly {
    readonly path: string;
    readonly edits: readonly TextEdit[];
    /** The text that the ranges are counted in. */
    readonly before?: string;
  }[];
}

/**
 * The text with all edits made at once, each range counted in the text as it is now.
 * @throws RangeError where edits overlap or leave the text: that is a defect of the caller.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  let out = "";
  let at = 0;
  for (const { range, newText } of sorted) {
    if (range.start < at || range.end < range.start || range.end > text.length) {
      throw new RangeError(`edit ${range.start}-${range.end} overlaps another edit or leaves the text`);
    }
    out += text.slice(at, range.start) + newText;
    at = range.end;
  }
  return out + text.slice(at);
}
