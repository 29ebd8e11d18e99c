import type { PostgresVersion } from "../../locks/impact.ts";
import type { Direction, Operation, RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import type { Statistics } from "../../project/statistics.ts";
import { includes, type Range } from "../../text/range.ts";

export interface HoverPlace {
  readonly project: Project;
  readonly file: RevisionFile;
  /** In UTF-16 code units. */
  readonly offset: number;
  /** Of PostgreSQL, that the person runs; absent or empty: all that are supported. */
  readonly versions?: readonly PostgresVersion[];
  /** Of the dev database, where the person has asked for them. */
  readonly development?: Statistics;
}

export interface Hover {
  readonly range: Range;
  /** CommonMark; what comes from files is escaped or fenced. */
  readonly markdown: string;
}

export interface Placed {
  readonly direction: Direction;
  readonly operation: Operation;
  /** In the order of the direction's operations. */
  readonly index: number;
}

const length = ({ start, end }: Range): number => end - start;

/** The operations written at the offset, those of the narrowest place: one call of SQL may be several. */
export function operationsAt({ upgrades, downgrades }: RevisionFile, offset: number): readonly Placed[] {
  const found = [...upgrades, ...downgrades].flatMap((direction) =>
    direction.operations.flatMap((operation, index) =>
      includes(operation.range, offset) ? [{ direction, operation, index }] : [],
    ),
  );
  const narrowest = Math.min(...found.map(({ operation }) => length(operation.range)));
  return found.filter(({ operation }) => length(operation.range) === narrowest);
}
