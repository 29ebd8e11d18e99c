/** A change that cannot be right: why, in one sentence for the person who asked for it. */
import type { RevisionFile } from "../model/revision.ts";
import type { Range } from "../text/range.ts";
import { lineNumber } from "./lines.ts";

export class Refused extends Error {
  override readonly name = "Refused";
}

/** `line 12` or `lines 12 to 15`, as editors count them. */
export function lineOf(file: RevisionFile, { start, end }: Range): string {
  const first = lineNumber(file.text, start);
  const last = lineNumber(file.text, Math.max(start, end - 1));
  return first === last ? `line ${first}` : `lines ${first} to ${last}`;
}
