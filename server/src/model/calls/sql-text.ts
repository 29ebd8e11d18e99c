/** SQL in a string of the file: its statements as drafts, each where it stands. */
import type { Dialect } from "../../sql/action.ts";
import { parseSql } from "../../sql/parse.ts";
import type { SqlStatement } from "../../sql/statement.ts";
import { HOLE, type Text } from "../../syntax/value.ts";
import type { Range } from "../../text/range.ts";
import type { Draft } from "../reading.ts";
import type { Handing } from "../revision.ts";
import { draft, type Place } from "./draft.ts";
import { interpolationOf } from "./interpolation.ts";

/** One draft per action. A string that is unknown from its first character on is opaque. */
export function readSqlText(text: Text, call: Place, dialect: Dialect): readonly Draft[] {
  return parseSql(text.text, dialect).flatMap((statement) => readStatement(text, statement, call));
}

function readStatement(text: Text, statement: SqlStatement, call: Place): readonly Draft[] {
  const { start, end } = statement.range;
  const source = text.text.slice(start, end);
  const sql = source.replaceAll(HOLE, "…");
  const firstLine = /^\s*[^\r\n]*/.exec(source)?.[0].trimEnd() ?? "";
  const place: Place = {
    range: placeInFile(text, start, end) ?? call.range,
    nameRange:
      placeInFile(text, start + (firstLine.length - firstLine.trimStart().length), start + firstLine.length) ??
      call.nameRange,
    via: "sql",
  };
  const doubts = doubtsOf(text, statement, source);
  const handing = handingOf(text, statement, source);
  return statement.actions.map((action) => {
    if (action.kind !== "opaque") return { ...draft({ action, doubts }, place, sql), ...handing };
    const why = doubts.length > 0 ? doubts : ["what the SQL does cannot be told from its text"];
    return { ...draft({ action, doubts: why, opaque: true }, place, sql), ...handing };
  });
}

/** A text with unknown parts may be refused for what stands in for them. */
function handingOf(text: Text, { range, refusal, dialect }: SqlStatement, source: string): Handing {
  const holes = holesWithin(text, range.start, source);
  if (holes.length > 0) {
    // A text that is nothing but one value is that value's own affair.
    return source === HOLE ? {} : { interpolated: holes.map(interpolationOf) };
  }
  return refusal === undefined ? {} : { refusal: { why: refusal, ...(dialect && { speaks: dialect }) } };
}

const countHoles = (text: string): number => [...text].filter((character) => character === HOLE).length;

function holesWithin(text: Text, start: number, source: string): Text["holes"] {
  const before = countHoles(text.text.slice(0, start));
  return text.holes.slice(before, before + countHoles(source));
}

function doubtsOf(text: Text, statement: SqlStatement, source: string): readonly string[] {
  const doubts =
    statement.confidence === "keyword"
      ? [`only the beginning of the SQL is understood${statement.why ? `: ${statement.why}` : ""}`]
      : [];
  const holes = countHoles(source);
  if (holes === 0) return doubts;
  const whys = holesWithin(text, statement.range.start, source).flatMap(({ value }) =>
    value.kind === "unknown" ? [value.why] : [],
  );
  const reasons = [...new Set(whys)].slice(0, 3).join(", ");
  return [
    ...doubts,
    `${holes === 1 ? "a part" : "parts"} of the SQL ${holes === 1 ? "is" : "are"} not known${reasons ? `: ${reasons}` : ""}`,
  ];
}

/** Where a stretch of a string was written; `undefined` where it was not copied from the file. */
export function placeInFile(text: Text, start: number, end: number): Range | undefined {
  const touched = text.pieces.filter((piece) => piece.start < end && start < piece.end);
  const first = touched[0];
  const last = touched.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const from = first.exact && start >= first.start ? first.range.start + (start - first.start) : first.range.start;
  const to = last.exact && end <= last.end ? last.range.start + (end - last.start) : last.range.end;
  // Pieces of a constant and of a literal may stand in either order; a range runs forwards.
  return from <= to ? { start: from, end: to } : touched.length === 1 ? first.range : undefined;
}
