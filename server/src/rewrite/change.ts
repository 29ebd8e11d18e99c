/** Puts a change together: new files and edits of existing ones, all or nothing. */
import { applyEdits, type Change, type TextEdit } from "../text/edit.ts";
import { findSplice } from "../text/kept.ts";
import { overlaps } from "../text/range.ts";

export interface ChangeBuilder {
  /** @throws RangeError where the file exists already or is created twice. */
  create(path: string, text: string): void;
  /** @throws RangeError where an edit overlaps one that was given before, or leaves the text. */
  edit(path: string, text: string, edits: readonly TextEdit[]): void;
  build(): Change;
}

export function changeBuilder(exists: (path: string) => boolean): ChangeBuilder {
  const created = new Map<string, string>();
  const edited = new Map<string, readonly TextEdit[]>();
  const texts = new Map<string, string>();
  return {
    create(path, text) {
      if (created.has(path) || exists(path)) throw new RangeError(`${path} exists already`);
      created.set(path, text);
    },
    edit(path, text, edits) {
      const all = [...(edited.get(path) ?? []), ...edits];
      for (const [i, one] of all.entries()) {
        if (all.slice(i + 1).some((other) => overlaps(one.range, other.range))) {
          throw new RangeError(`edits of ${path} overlap at ${one.range.start}`);
        }
      }
      applyEdits(text, all);
      edited.set(path, all);
      texts.set(path, text);
    },
    build: () => ({
      create: [...created].map(([path, text]) => ({ path, text })),
      edit: [...edited]
        .filter(([, edits]) => edits.length > 0)
        .map(([path, edits]) => ({ path, edits, before: texts.get(path) ?? "" })),
    }),
  };
}

/** The one edit that makes `after` of `before`. */
export function difference(before: string, after: string): TextEdit {
  const { at, removed, inserted } = findSplice(before, after);
  return { range: { start: at, end: at + removed }, newText: after.slice(at, at + inserted) };
}

/** Deletions that overlap or touch become one; the rest stays, in the order of the text. */
export function joinDeletions(edits: readonly TextEdit[]): readonly TextEdit[] {
  const deletions = edits.filter((edit) => edit.newText === "" && edit.range.end > edit.range.start);
  const joined: TextEdit[] = [];
  for (const edit of [...deletions].sort((a, b) => a.range.start - b.range.start)) {
    const last = joined.at(-1);
    if (last && edit.range.start <= last.range.end) {
      const end = Math.max(last.range.end, edit.range.end);
      joined[joined.length - 1] = { range: { start: last.range.start, end }, newText: "" };
    } else joined.push(edit);
  }
  return [...joined, ...edits.filter((edit) => edit.newText !== "")].sort((a, b) => a.range.start - b.range.start);
}
