/** Building and cutting of `Text` values, so that each stretch keeps the place that it was copied from. */
import type { Range } from "../text/range.ts";
import { HOLE, type Text, type Value } from "./value.ts";

type Hole = Text["holes"][number];
type Piece = Text["pieces"][number];

export interface TextBuilder {
  /** Characters that stand at `range` in the file; `exact` where character for character. */
  add(characters: string, range: Range, exact: boolean): void;
  hole(hole: Hole): void;
  piece(piece: Piece): void;
  finish(range: Range): Text;
  readonly length: number;
}

export function newText(): TextBuilder {
  const parts: string[] = [];
  const holes: Hole[] = [];
  const pieces: Piece[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(characters, range, exact) {
      if (characters === "") return;
      pieces.push({
        start: length,
        end: length + characters.length,
        range: { start: range.start, end: range.end },
        exact,
      });
      parts.push(characters);
      length += characters.length;
    },
    hole(hole) {
      holes.push(hole);
      parts.push(HOLE);
      length += 1;
    },
    piece(piece) {
      pieces.push(piece);
    },
    finish: (range) => ({
      kind: "text",
      text: parts.join(""),
      holes,
      pieces,
      range: { start: range.start, end: range.end },
    }),
  };
}

export function appendText(out: TextBuilder, text: Text): void {
  appendStretch(out, text, 0, text.text.length);
}

export function appendHole(out: TextBuilder, value: Value, by: Hole["by"]): void {
  if (value.kind === "text") appendText(out, value);
  else out.hole({ value, by });
}

/** Copies `text[from:to]` with its holes and pieces. */
export function appendStretch(out: TextBuilder, text: Text, from: number, to: number): void {
  if (from >= to) return;
  if (text.holes.length === 0) return appendKnown(out, text, from, to);
  let hole = countHoles(text.text, 0, from);
  let at = from;
  for (let next = text.text.indexOf(HOLE, at); next >= 0 && next < to; next = text.text.indexOf(HOLE, at)) {
    appendKnown(out, text, at, next);
    const known = text.holes[hole++];
    if (known) out.hole(known);
    at = next + 1;
  }
  appendKnown(out, text, at, to);
}

/** As `appendStretch`, for a stretch without holes. Pieces are clipped; characters from nowhere stay without a place. */
function appendKnown(out: TextBuilder, text: Text, from: number, to: number): void {
  let at = from;
  for (const piece of text.pieces) {
    const start = Math.max(piece.start, from);
    const end = Math.min(piece.end, to);
    if (start >= end) continue;
    if (start > at) addNowhere(out, text, at, start);
    const range = piece.exact
      ? { start: piece.range.start + (start - piece.start), end: piece.range.start + (end - piece.start) }
      : piece.range;
    out.add(text.text.slice(start, end), range, piece.exact);
    at = end;
  }
  if (at < to) addNowhere(out, text, at, to);
}

const addNowhere = (out: TextBuilder, text: Text, from: number, to: number): void => {
  out.add(text.text.slice(from, to), text.range, false);
};

function countHoles(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf(HOLE, from); at >= 0 && at < to; at = text.indexOf(HOLE, at + 1)) count++;
  return count;
}

export type Segment = readonly [from: number, to: number] | Text;

/** A text made of stretches of `text` and of other texts. */
export function rebuild(text: Text, segments: readonly Segment[], range: Range): Text {
  const out = newText();
  for (const segment of segments) {
    if ("kind" in segment) appendText(out, segment);
    else appendStretch(out, text, segment[0], segment[1]);
  }
  return out.finish(range);
}

export function concatenate(parts: readonly Value[], range: Range, by: Hole["by"]): Text {
  const out = newText();
  for (const part of parts) appendHole(out, part, by);
  return out.finish(range);
}

/** Characters that the file does not hold as such: `range` is what they were computed from. */
export function derivedText(characters: string, range: Range): Text {
  const out = newText();
  out.add(characters, range, false);
  return out.finish(range);
}

export const isKnown = (value: Value | undefined): value is Text => value?.kind === "text" && value.holes.length === 0;
