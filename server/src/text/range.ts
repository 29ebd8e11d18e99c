/** A span of a text in UTF-16 code units, `end` exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export const range = (start: number, end: number): Range => ({ start, end });

export const isEmpty = (r: Range): boolean => r.end <= r.start;

export const contains = (outer: Range, inner: Range): boolean => outer.start <= inner.start && inner.end <= outer.end;

export const includes = (r: Range, offset: number): boolean => r.start <= offset && offset <= r.end;

/** True where the two share at least one character; ranges that only touch do not overlap. */
export const overlaps = (a: Range, b: Range): boolean => a.start < b.end && b.start < a.end;

export const hull = (a: Range, b: Range): Range => range(Math.min(a.start, b.start), Math.max(a.end, b.end));

export const slice = (text: string, r: Range): string => text.slice(r.start, r.end);
