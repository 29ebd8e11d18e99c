import type { Judged } from "../facts/judged.ts";

/** Whether two operations are parts of one SQL statement, as the clauses of an ALTER TABLE are. */
export const isOneStatement = (a: Judged, b: Judged): boolean =>
  a !== b &&
  a.direction === b.direction &&
  a.operation.sql !== undefined &&
  a.operation.range.start === b.operation.range.start &&
  a.operation.range.end === b.operation.range.end;
