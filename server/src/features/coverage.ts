/** How much of a file Retort understood, and what not. */
import type { Operation, RevisionFile } from "../model/revision.ts";
import type { Range } from "../text/range.ts";

export interface Unread {
  readonly range: Range;
  /** In words, without a full stop. */
  readonly why: string;
}

const unexplained = "what this does to the database cannot be told from the text";

const isOpaque = ({ confidence }: Operation): boolean => confidence === "opaque";

/** The places that touch the database in a way that the reader cannot tell, each once, in the order of the text. */
export function findUnread(file: RevisionFile): readonly Unread[] {
  const places = new Map<string, Unread>();
  for (const { operations } of [...file.upgrades, ...file.downgrades]) {
    for (const { range, why = unexplained } of operations.filter(isOpaque)) {
      const place = `${String(range.start)}-${String(range.end)}`;
      if (!places.has(place)) places.set(place, { range, why });
    }
  }
  return [...places.values()].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}

/** "7 of 9 statements analysed" */
export function renderCoverage({ total, analysed }: RevisionFile["statements"]): string {
  return `${String(analysed)} of ${String(total)} ${total === 1 ? "statement" : "statements"} analysed`;
}
