/** What of a file's top level a changed file still needs: imports, constants, functions and classes. */
import type { ModuleItem, RevisionFile } from "../model/revision.ts";
import type { TextEdit } from "../text/edit.ts";
import { range, slice } from "../text/range.ts";
import { joinDeletions } from "./change.ts";
import { afterBlankLines, lineStart } from "./lines.ts";

/** Names that text mentions; also those in strings and comments, which does no harm: a name too many is kept. */
export const namesIn = (text: string): readonly string[] => text.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];

interface Needs {
  readonly names: ReadonlySet<string>;
  readonly items: ReadonlySet<ModuleItem>;
}

const isDirection = (file: RevisionFile, item: ModuleItem): boolean =>
  item.kind === "function" &&
  [...file.upgrades, ...file.downgrades].some(
    ({ nameRange }) =>
      nameRange !== undefined && item.range.start <= nameRange.start && nameRange.end <= item.range.end,
  );

/** Kept whatever uses it: it identifies the revision, or is run for what it does. */
function isRoot(file: RevisionFile, item: ModuleItem): boolean {
  if (item.kind === "docstring" || item.kind === "identifier" || item.keep || isDirection(file, item)) return true;
  const text = slice(file.text, item.range);
  if (item.kind === "import") return /\b__future__\b/.test(text);
  return item.kind === "other" && !(item.binds.length > 0 && /\bimport\b/.test(text));
}

/** Without what stands in strings and comments. */
const codeOnly = (text: string): string =>
  text.replaceAll(/#[^\r\n]*|("""|''')(?:\\[^]|(?!\1)[^])*?\1|(["'])(?:\\[^]|(?!\2)[^\\\r\n])*\2/g, " ");

/** Names in the code of a function that are not attributes: one too many is kept, one too few would break the file. */
const mentioned = (file: RevisionFile, { range: own }: ModuleItem): readonly string[] =>
  codeOnly(slice(file.text, own)).match(/(?<![\p{L}\p{N}_.])[\p{L}_][\p{L}\p{N}_]*(?!\s*=(?!=))/gu) ?? [];

/** Everything that the given names lead to, and what is kept in any case. */
function reach(file: RevisionFile, used: Iterable<string>, alsoRoots: ReadonlySet<ModuleItem>): Needs {
  const names = new Set(used);
  const items = new Set<ModuleItem>();
  const take = (item: ModuleItem): void => {
    items.add(item);
    if (item.kind === "import" || isDirection(file, item)) return;
    for (const name of item.uses) names.add(name);
    if (item.kind === "function" || item.kind === "class") for (const name of mentioned(file, item)) names.add(name);
  };
  for (const item of file.module) if (isRoot(file, item) || alsoRoots.has(item)) take(item);
  for (let grown = true; grown;) {
    const before = items.size + names.size;
    for (const item of file.module) {
      if (!items.has(item) && item.kind !== "main-guard" && item.binds.some((name) => names.has(name))) take(item);
    }
    grown = items.size + names.size > before;
  }
  return { names, items };
}

/** Names used by `upgrade()` and `downgrade()`: by their heads, and by the statements that remain in them. */
export interface Uses {
  readonly before: Iterable<string>;
  readonly after: Iterable<string>;
}

/** Takes out of a new file all that it does not use. */
export function pruneNew(file: RevisionFile, used: Iterable<string>): readonly TextEdit[] {
  const needs = reach(file, used, new Set());
  return removals(
    file,
    (item) => needs.items.has(item),
    (name) => needs.names.has(name),
  );
}

/** Takes out of an existing file what only the removed code used; what nobody used before stays. */
export function pruneExisting(file: RevisionFile, uses: Uses): readonly TextEdit[] {
  const guards = new Set(file.module.filter((item) => item.kind === "main-guard"));
  const before = reach(file, uses.before, guards);
  const idle = new Set(file.module.filter((item) => !before.items.has(item)));
  const after = reach(file, uses.after, new Set([...idle, ...guards]));
  return removals(
    file,
    (item) => after.items.has(item) || !before.items.has(item),
    (name) => after.names.has(name) || !before.names.has(name),
  );
}

function removals(
  file: RevisionFile,
  keepsItem: (item: ModuleItem) => boolean,
  keepsName: (name: string) => boolean,
): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  const goes = (item: ModuleItem): boolean =>
    !keepsItem(item) ||
    (item.kind === "import" &&
      !isRoot(file, item) &&
      item.imported !== undefined &&
      item.imported.length > 0 &&
      item.imported.every(({ name }) => !keepsName(name)));
  for (let i = 0; i < file.module.length; i++) {
    const item = file.module[i];
    if (item === undefined) continue;
    if (!goes(item)) {
      if (item.kind === "import" && !isRoot(file, item)) edits.push(...importEdits(item, keepsName));
      continue;
    }
    let next = i + 1;
    for (; next < file.module.length; next++) {
      const other = file.module[next];
      if (other === undefined || !goes(other)) break;
    }
    edits.push(...removeRun(file, item, file.module[next - 1] ?? item, file.module[next]));
    i = next - 1;
  }
  return joinDeletions(edits);
}

const blankLinesOf = (file: RevisionFile, { lines, range: own }: ModuleItem): string =>
  file.text.slice(lines.start, afterBlankLines(file.text, lines.start, lineStart(file.text, own.start)));

/** Between what was above the run and what is below it stays the larger of the gaps that were there. */
function removeRun(
  file: RevisionFile,
  first: ModuleItem,
  last: ModuleItem,
  next: ModuleItem | undefined,
): readonly TextEdit[] {
  const gap = blankLinesOf(file, first);
  const end = last.lines.end;
  // A licence or an encoding line at the top of the file is not about the first import.
  const start = first.lines.start === 0 ? lineStart(file.text, first.range.start) : first.lines.start;
  if (next === undefined || start !== first.lines.start) return [{ range: range(start, end), newText: "" }];
  const nextGap = blankLinesOf(file, next);
  if (gap.length <= nextGap.length) return [{ range: range(start, end), newText: "" }];
  return [{ range: range(start + gap.length, end + nextGap.length), newText: "" }];
}

/** Some names of an import go, with the commas that belong to them. */
function importEdits(item: ModuleItem, keepsName: (name: string) => boolean): readonly TextEdit[] {
  const names = item.imported ?? [];
  const edits: TextEdit[] = [];
  let lastKept: number | undefined;
  let open: number | undefined;
  for (const one of names) {
    if (!keepsName(one.name)) {
      open ??= one.range.start;
      continue;
    }
    if (open !== undefined) edits.push({ range: range(open, one.range.start), newText: "" });
    open = undefined;
    lastKept = one.range.end;
  }
  const last = names.at(-1);
  if (open !== undefined && last && lastKept !== undefined)
    edits.push({ range: range(lastKept, last.range.end), newText: "" });
  return edits;
}
