/** Whole statements: put under a head, replaced, taken out, and others put beside them. */
import type { Direction, RevisionFile, Statement } from "../model/revision.ts";
import { stringsIn, stringsOfCode, type Standing } from "../model/written.ts";
import type { TextEdit } from "../text/edit.ts";
import { range, type Range } from "../text/range.ts";
import { afterBlankLines, lineEnd, lineStart } from "./lines.ts";
import { Refused } from "./refused.ts";

export const autocommitHead = (op: string): string => `with ${op}.get_context().autocommit_block():`;

const indentOf = (file: RevisionFile, { range: at }: Statement): string =>
  file.text.slice(lineStart(file.text, at.start), at.start);

/** One more level in the manner of the file. */
const unitOf = ({ indent }: Direction): string => (indent === "" ? "    " : indent);

/** Where the statement begins with the comments above it. */
const startWithComments = (file: RevisionFile, { lines, range: at }: Statement): number =>
  afterBlankLines(file.text, lines.start, lineStart(file.text, at.start));

/** Offsets of the lines of a stretch that are code and not the inside of a string, blank ones left out. */
function codeLines(text: string, within: Range, strings: readonly Range[]): readonly number[] {
  const starts: number[] = [];
  for (let at = within.start; at < within.end; at = lineEnd(text, at)) {
    const isBlank = text.slice(at, lineEnd(text, at)).trim() === "";
    if (!isBlank && !strings.some(({ start, end }) => start < at && at < end)) starts.push(at);
  }
  return starts;
}

/** The code with every line but the first indented, and what is in strings as it is. */
export function indentRest(code: string, indent: string, newline: string): string {
  const strings = stringsOfCode(code);
  const [, ...starts] = codeLines(code, range(0, code.length), strings);
  let out = "";
  let at = 0;
  for (const start of starts) {
    out += code.slice(at, start) + indent;
    at = start;
  }
  return (out + code.slice(at)).replaceAll(/\r\n|\n/g, newline);
}

/** Neighbours come under one head. */
export function wrapEdits(file: RevisionFile, standings: readonly Standing[], head: string): readonly TextEdit[] {
  const chosen = new Set(standings.map(({ statement }) => statement));
  const runs = new Map<Statement, Standing & { last: Statement }>();
  for (const standing of standings) {
    const { block } = standing;
    const place = block.indexOf(standing.statement);
    let first = place;
    while (first > 0 && chosen.has(block[first - 1] as Statement)) first--;
    let last = place;
    while (last < block.length - 1 && chosen.has(block[last + 1] as Statement)) last++;
    const opening = block[first];
    const closing = block[last];
    if (opening && closing) runs.set(opening, { ...standing, statement: opening, last: closing });
  }
  return [...runs.values()].flatMap(({ statement, last, direction }) => {
    const indent = indentOf(file, statement);
    const unit = unitOf(direction);
    const within = range(startWithComments(file, statement), last.range.end);
    const [first, ...others] = codeLines(file.text, within, stringsIn(file, within));
    if (first === undefined) return [];
    return [
      { range: range(first, first), newText: `${indent}${head}${file.newline}${unit}` },
      ...others.map((start) => ({ range: range(start, start), newText: unit })),
    ];
  });
}

export const replacement = (file: RevisionFile, { statement }: Standing, code: string): TextEdit => ({
  range: statement.range,
  newText: indentRest(code, indentOf(file, statement), file.newline),
});

/** What is left of a block without it must be a block still. */
export function removal(file: RevisionFile, { statement, block, direction }: Standing): TextEdit {
  if (block.length === 1) return { range: statement.range, newText: "pass" };
  const isFirst = block[0] === statement;
  const start = isFirst && direction.statements === block ? startWithComments(file, statement) : statement.lines.start;
  return { range: range(start, Math.min(statement.lines.end, lineEnd(file.text, statement.range.end))), newText: "" };
}

export function insertionBefore(file: RevisionFile, { statement }: Standing, code: string): TextEdit {
  const start = startWithComments(file, statement);
  const indent = indentOf(file, statement);
  return { range: range(start, start), newText: indent + indentRest(code, indent, file.newline) + file.newline };
}

export function prependEdit(file: RevisionFile, at: Standing, code: string, wrappings: number): TextEdit {
  const { start } = at.statement.range;
  const indent = indentOf(file, at.statement) + unitOf(at.direction).repeat(wrappings);
  return { range: range(start, start), newText: indentRest(code, indent, file.newline) + file.newline + indent };
}

export function insertionAfter(file: RevisionFile, { statement }: Standing, code: string): TextEdit {
  const end = lineEnd(file.text, statement.range.end);
  const indent = indentOf(file, statement);
  const opening = /[\r\n]/.test(file.text[end - 1] ?? "") ? "" : file.newline;
  return {
    range: range(end, end),
    newText: opening + indent + indentRest(code, indent, file.newline) + file.newline,
  };
}

/** Comments at the beginning and at the end of the body stay. */
export function bodyEdit(file: RevisionFile, direction: Direction, code: string): TextEdit {
  const body = code.trim() === "" ? "pass" : code;
  if (direction.engine !== undefined)
    throw new Refused("The revision migrates several databases, and each has a body of its own.");
  if (direction.form === "absent") return addedFunction(file, direction, body);
  const statements = direction.statements.filter(({ kind }) => kind !== "docstring");
  const first = statements[0];
  const last = statements.at(-1);
  if (!first || !last) return afterDocstring(file, direction, body);
  const at = range(first.range.start, last.range.end);
  const isInline = file.text.slice(lineStart(file.text, at.start), at.start).trim() !== "";
  if (!isInline) return { range: at, newText: indentRest(body, direction.indent, file.newline) };
  const start = direction.head?.end;
  if (start === undefined) throw new Refused(`The body of ${direction.name}() has no head.`);
  const indent = "    ";
  return { range: range(start, at.end), newText: file.newline + indent + indentRest(body, indent, file.newline) };
}

function afterDocstring(file: RevisionFile, { name, statements, indent }: Direction, body: string): TextEdit {
  const docstring = statements.at(-1);
  if (!docstring) throw new Refused(`${name}() stands in another file.`);
  const { end } = docstring.range;
  return { range: range(end, end), newText: file.newline + indent + indentRest(body, indent, file.newline) };
}

/** At the end of the file, with the head of the other direction as its model. */
function addedFunction(file: RevisionFile, { name, operations }: Direction, body: string): TextEdit {
  if (operations.length > 0) throw new Refused(`${name}() stands in another file.`);
  const model = [...file.upgrades, ...file.downgrades].find(({ head }) => head !== undefined);
  const returns = model?.head && /\)\s*->\s*None\s*:$/.test(file.text.slice(model.head.start, model.head.end));
  const indent = model === undefined ? "    " : unitOf(model);
  const { newline, text } = file;
  const end = text.trimEnd().length;
  const code = `def ${name}()${returns === true ? " -> None" : ""}:${newline}${indent}${indentRest(body, indent, newline)}`;
  return { range: range(end, text.length), newText: `${newline.repeat(3)}${code}${newline}` };
}
