/** How the lines of a row are drawn: each row by itself, so that those in sight can be drawn alone. */
import type { RowLines } from "../../../../server/src/protocol/index.ts";

export interface LaneStroke {
  readonly path: string;
  /** Whose colour it has. */
  readonly lane: number;
}

export const laneWidth = 14;
/** A history with more lanes at once has them drawn over each other at the right edge. */
export const mostLanes = 16;

export const lanesWidth = (lanes: number): number => (Math.min(lanes, mostLanes) + 1) * laneWidth;
export const laneX = (lane: number): number => (Math.min(lane, mostLanes - 1) + 1) * laneWidth;

const n = (value: number): string => String(Math.round(value * 10) / 10);

/** From one lane at the top to another at the bottom, upright at both ends. */
function curve(from: number, to: number, top: number, bottom: number): string {
  const [x1, x2] = [laneX(from), laneX(to)];
  if (x1 === x2) return `M${n(x1)} ${n(top)}V${n(bottom)}`;
  const middle = (top + bottom) / 2;
  return `M${n(x1)} ${n(top)}C${n(x1)} ${n(middle)} ${n(x2)} ${n(middle)} ${n(x2)} ${n(bottom)}`;
}

/** `top` and `height` of the row; the revision stands in the middle of it. */
export function strokesOf(lane: number, lines: RowLines, top: number, height: number): readonly LaneStroke[] {
  const middle = top + height / 2;
  const bottom = top + height;
  return [
    ...lines.passing.map((one) => ({ path: curve(one, one, top, bottom), lane: one })),
    ...lines.arriving.map((one) => ({ path: curve(one, lane, top, middle), lane: one })),
    ...lines.leaving.map((one) => ({ path: curve(lane, one, middle, bottom), lane: one })),
  ];
}
