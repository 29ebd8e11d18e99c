/**
 * `# retort: allow mixed-schema-and-data because the table is tiny`: on a line of the statement, in the comments
 * directly above it, or above the file's first statement (the docstring aside), where it counts for the whole file.
 */
import type { RevisionFile, Statement } from "../model/revision.ts";
import { LineIndex } from "../text/lines.ts";
import type { TextEdit } from "../text/edit.ts";
import { contains, type Range } from "../text/range.ts";

export interface Suppression {
  readonly rules: readonly string[];
  /** Empty where the comment gives none. */
  readonly reason: string;
  readonly range: Range;
  /** The statement that it is about, also in a helper. */
  readonly about?: Range;
}

const form = /#\s*retort:\s*allow\s+([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)(?:\s+because\b\s*(.*?))?\s*$/;

/** Undefined for any other comment. */
export function parseSuppression(
  comment: string,
): { readonly rules: readonly string[]; readonly reason: string } | undefined {
  const match = form.exec(comment);
  if (match === null) return undefined;
  return { rules: (match[1] ?? "").split(",").map((rule) => rule.trim()), reason: match[2] ?? "" };
}

export const findSuppressions = (file: RevisionFile): readonly Suppression[] =>
  file.comments.flatMap(({ range, text, about }) => {
    const parsed = parseSuppression(text);
    return parsed === undefined ? [] : [{ ...parsed, range, ...(about ? { about } : {}) }];
  });

/** The innermost statement around a range; of a compound statement only its head counts as its own. */
function statementAt(statements: readonly Statement[], range: Range): Range | undefined {
  for (const statement of statements) {
    if (!contains(statement.range, range)) continue;
    const { compound } = statement;
    if (compound === undefined) return statement.range;
    for (const block of compound.blocks) {
      const inner = statementAt(block.statements, range);
      if (inner !== undefined) return inner;
      if (contains(block.head, range)) return block.head;
    }
    return contains(compound.head, range) ? compound.head : range;
  }
  return undefined;
}

/** Says of each rule and range which of the file's comments allow it. */
export function readSuppressions(file: RevisionFile): (rule: string, at: Range) => readonly Suppression[] {
  const suppressions = findSuppressions(file);
  if (suppressions.length === 0) return () => [];
  const lines = new LineIndex(file.text);
  const texts = file.text.split(/\r\n|\r|\n/);
  const lineOf = (offset: number): number => lines.positionAt(offset).line;
  const firstStatement = file.module.find((item) => item.kind !== "docstring")?.range.start ?? file.text.length;
  return (rule, at) => {
    const about = suppressions.filter((suppression) => suppression.rules.includes(rule));
    if (about.length === 0) return [];
    const statement = innermostStatement(file, at);
    let first = lineOf(statement.start);
    while (first > 0 && /^\s*#/.test(texts[first - 1] ?? "")) first--;
    const last = lineOf(statement.end);
    return about.filter(({ range, about: statementAbout }) => {
      const line = lineOf(range.start);
      const isAbout = statementAbout !== undefined && contains(statementAbout, at);
      return isAbout || range.end <= firstStatement || (line >= first && line <= last);
    });
  };
}

const innermostStatement = (file: RevisionFile, at: Range): Range =>
  [...file.upgrades, ...file.downgrades]
    .map((direction) => statementAt(direction.statements, at))
    .find((found) => found !== undefined) ?? at;

/** The edit that allows what a rule found at a place: a comment of its own above the statement, with room for the reason. */
export function allowance(file: RevisionFile, rule: string, at: Range): TextEdit {
  const lines = new LineIndex(file.text);
  const start = lines.lineStart(lines.positionAt(innermostStatement(file, at).start).line);
  const indent = /^[ \t]*/.exec(file.text.slice(start))?.[0] ?? "";
  const newText = `${indent}# retort: allow ${rule} because …${file.newline}`;
  return { range: { start, end: start }, newText };
}

/** The edit that takes a rule out of a comment, and the comment away where it was about no other. */
export function disallowance(file: RevisionFile, { rules, reason, range }: Suppression, rule: string): TextEdit {
  const others = rules.filter((one) => one !== rule);
  if (others.length > 0)
    return { range, newText: `# retort: allow ${others.join(", ")}${reason === "" ? "" : ` because ${reason}`}` };
  const before = /[ \t]*$/.exec(file.text.slice(0, range.start))?.[0].length ?? 0;
  const start = range.start - before;
  const isAlone = start === 0 || /[\r\n]/.test(file.text.charAt(start - 1));
  const lineEnd = isAlone ? (/^(?:\r\n|\r|\n)/.exec(file.text.slice(range.end))?.[0].length ?? 0) : 0;
  return { range: { start, end: range.end + lineEnd }, newText: "" };
}
