/** Leaves some statements of a function in place and takes the others out, byte for byte. */
import type { Direction, RevisionFile, Statement } from "../model/revision.ts";
import type { TextEdit } from "../text/edit.ts";
import { range } from "../text/range.ts";
import { joinDeletions } from "./change.ts";
import { afterBlankLines, lineEnd, lineStart } from "./lines.ts";

export interface Keep {
  /** With the comments above it; a statement that is repeated in several files keeps them in one only. */
  readonly comments: boolean;
  /** With all that is in it. False for a compound statement whose blocks keep some of their statements. */
  readonly entire: boolean;
}

export interface BodyChange {
  readonly keep: ReadonlyMap<Statement, Keep>;
  /** Complete lines, indented, to stand before a statement that stays. */
  readonly before?: ReadonlyMap<Statement, string>;
  /** Complete lines, indented, for the end of the body. */
  readonly append?: string;
}

const remove = (start: number, end: number): TextEdit => ({ range: range(start, end), newText: "" });

/** The edits that leave of a direction's body what `change` keeps; `pass` where that is nothing. */
export function bodyEdits(file: RevisionFile, direction: Direction, change: BodyChange): readonly TextEdit[] {
  const { body, indent, statements } = direction;
  if (body === undefined || direction.form === "absent") return [];
  const append = change.append ?? "";
  const stays = statements.some((statement) => change.keep.has(statement));
  if (!stays) return emptyBody(file, direction, append);
  const edits = [...blockEdits(file, statements, change)];
  if (append !== "") edits.push({ range: range(body.end, body.end), newText: onNewLine(file, body.end) + append });
  return joinDeletions(edits).filter(
    (edit) => edit.newText !== "" || edit.range.end > edit.range.start || indent === "",
  );
}

const onNewLine = (file: RevisionFile, offset: number): string =>
  offset === 0 || /[\r\n]/.test(file.text[offset - 1] ?? "\n") ? "" : file.newline;

function emptyBody(file: RevisionFile, direction: Direction, append: string): readonly TextEdit[] {
  const first = direction.statements[0];
  const last = direction.statements.at(-1);
  if (first === undefined || last === undefined) return [];
  if (!isOnOwnLine(file, first)) {
    // `def downgrade(): op.drop_table("t")`
    if (append === "") return [{ range: range(first.range.start, last.range.end), newText: "pass" }];
    const start = direction.head?.end ?? first.range.start;
    return [{ range: range(start, last.range.end), newText: file.newline + append.replace(/\s+$/, "") }];
  }
  const lines = append === "" ? `${direction.indent}pass${file.newline}` : append;
  return [{ range: range(first.lines.start, last.lines.end), newText: lines }];
}

const isOnOwnLine = (file: RevisionFile, { range: at }: Statement): boolean =>
  file.text.slice(lineStart(file.text, at.start), at.start).trim() === "";

function blockEdits(file: RevisionFile, statements: readonly Statement[], change: BodyChange): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  let kept = false;
  let removed = false;
  for (const statement of statements) {
    const keep = change.keep.get(statement);
    if (keep === undefined) {
      removed = true;
      edits.push(remove(statement.lines.start, statement.lines.end));
      continue;
    }
    const own = lineStart(file.text, statement.range.start);
    const { start } = statement.lines;
    if (!keep.comments && start < own) edits.push(remove(start, own));
    else if (removed && !kept) edits.push(remove(start, afterBlankLines(file.text, start, own)));
    const before = change.before?.get(statement);
    // Above the statement's own comments.
    const above = keep.comments ? afterBlankLines(file.text, start, own) : own;
    if (before !== undefined) edits.push({ range: range(above, above), newText: before });
    if (!keep.entire) edits.push(...compoundEdits(file, statement, change));
    kept = true;
  }
  return edits;
}

/** An arm that loses all its statements goes, where those after it can do without it; else it becomes `pass`. */
function compoundEdits(file: RevisionFile, statement: Statement, change: BodyChange): readonly TextEdit[] {
  const blocks = statement.compound?.blocks ?? [];
  const edits: TextEdit[] = [];
  const isKept = blocks.map((block) => block.statements.some((inner) => change.keep.has(inner)));
  const lastKept = isKept.lastIndexOf(true);
  for (const [index, block] of blocks.entries()) {
    const first = block.statements[0];
    const last = block.statements.at(-1);
    if (first === undefined || last === undefined) continue;
    if (isKept[index] === true) edits.push(...blockEdits(file, block.statements, change));
    else if (index > lastKept) edits.push(remove(lineStart(file.text, block.head.start), last.lines.end));
    else {
      const indent = file.text.slice(lineStart(file.text, first.range.start), first.range.start);
      const newText = `${indent}pass${file.newline}`;
      edits.push({ range: range(lineEnd(file.text, block.head.end - 1), last.lines.end), newText });
    }
  }
  return edits;
}
