/** Building and cutting of `Text` values, so that each stretch keeps the place that it was copied from. */
import type { Range } from "../text/range.ts";
import { HOLE, type Text, type Value } from "./value.ts";

type Hole = Text["holes"][number];
type Piece = Text["pieces"][number];

export interface TextBuilder {
  /** Characters that stand at `range` in the file; `exact` where character for character. */
  add(characters: string, range: Range, exact: boolean): void;
  hole(hole: Hole): void;
  finish(range: Range): Text;
  readonly length: number;
  /** Nothing more is taken in. */
  readonly isCut: boolean;
}

/** A string that doubles a few times is larger than any memory: of more than this only the beginning is kept. */
const maximalLength = 1_000_000;
const maximalPieces = 20_000;

export function newText(): TextBuilder {
  const parts: string[] = [];
  const holes: Hole[] = [];
  const pieces: Piece[] = [];
  let length = 0;
  let isCut = false;
  const takes = (more: number): boolean => {
    isCut ||= length + more > maximalLength || pieces.length + holes.length >= maximalPieces;
    return !isCut;
  };
  return {
    get length() {
      return length;
    },
    get isCut() {
      return isCut;
    },
    add(characters, range, exact) {
      if (characters === "" || !takes(characters.length)) return;
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
      if (!takes(1)) return;
      holes.push(hole);
      parts.push(HOLE);
      length += 1;
    },
    finish: (range) => ({
      kind: "text",
      text: parts.join("") + (isCut ? HOLE : ""),
      holes: isCut ? [...holes, { value: tooLong(range), by: "other" }] : holes,
      pieces,
      range: { start: range.start, end: range.end },
    }),
  };
}

const tooLong = ({ start, end }: Range): Value => ({
  kind: "unknown",
  why: "the rest of a string too long to follow",
  range: { start, end },
});

export function appendText(out: TextBuilder, text: Text): void {
  appendStretch(out, text, 0, text.text.length);
}

export function appendHole(out: TextBuilder, value: Value, by: Hole["by"]): void {
  if (value.kind === "text") appendText(out, value);
  else out.hole({ value, by });
}

/** Copies `text[from:to]` with its holes and pieces. */
export function appendStretch(out: TextBuilder, text: Text, from: number, to: number): void {
  if (from >= to || out.isCut) return;
  const places = holesOf(text);
  let at = from;
  for (let i = firstAtLeast(places.length, (k) => places[k] ?? 0, from); (places[i] ?? to) < to && !out.isCut; i++) {
    const place = places[i] ?? to;
    appendKnown(out, text, at, place);
    const known = text.holes[i];
    if (known) out.hole(known);
    at = place + 1;
  }
  appendKnown(out, text, at, to);
}

/** As `appendStretch`, for a stretch without holes. Pieces are clipped; characters from nowhere stay without a place. */
function appendKnown(out: TextBuilder, text: Text, from: number, to: number): void {
  const { pieces } = text;
  let at = from;
  for (let i = firstAtLeast(pieces.length, (k) => pieces[k]?.end ?? 0, from + 1); i < pieces.length; i++) {
    const piece = pieces[i];
    if (!piece || piece.start >= to || out.isCut) break;
    const start = Math.max(piece.start, from);
    const end = Math.min(piece.end, to);
    if (start > at) addNowhere(out, text, at, start);
    const range = piece.exact
      ? { start: piece.range.start + (start - piece.start), end: piece.range.start + (end - piece.start) }
      : piece.range;
    out.add(text.text.slice(start, end), range, piece.exact);
    at = end;
  }
  if (at < to) addNowhere(out, text, at, to);
}

/** The first index whose place, of places that only grow, is at least `least`. */
function firstAtLeast(length: number, placeOf: (index: number) => number, least: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placeOf(middle) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

const addNowhere = (out: TextBuilder, text: Text, from: number, to: number): void => {
  out.add(text.text.slice(from, to), text.range, false);
};

const holePlaces = new WeakMap<Text, readonly number[]>();

/** Where the holes stand in the text. */
function holesOf(text: Text): readonly number[] {
  if (text.holes.length === 0) return [];
  let places = holePlaces.get(text);
  if (!places) {
    const found: number[] = [];
    for (let at = text.text.indexOf(HOLE); at >= 0; at = text.text.indexOf(HOLE, at + 1)) found.push(at);
    holePlaces.set(text, (places = found));
  }
  return places;
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
