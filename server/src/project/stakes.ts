/** Which tables' sizes an operation puts at stake: those that were there before its revision. */
import type { Direction, Operation } from "../model/revision.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import { renderSize, sizeIn, type TableSize } from "./sizes.ts";
import type { Statistics } from "./statistics.ts";

export interface Stake {
  readonly table: QualifiedName;
  readonly size: TableSize;
}

/** The tables among `tables` whose size is known, each once. A table that the same direction makes has no rows to speak of. */
export function stakesOf(
  tables: readonly QualifiedName[],
  direction: Direction,
  statistics: Statistics,
): readonly Stake[] {
  const stakes = new Map<string, Stake>();
  for (const table of tables) {
    const size = isMadeBy(direction, table) ? undefined : sizeIn(statistics, table);
    if (size) stakes.set(renderName(table), { table, size });
  }
  return [...stakes.values()];
}

export const tablesOf = ({ table, touches }: Operation): readonly QualifiedName[] => [
  ...(table ? [table] : []),
  ...touches.flatMap(({ on, possible }) =>
    !possible && (on.type === "table" || on.type === "column") ? [on.name] : [],
  ),
];

const isMadeBy = ({ operations }: Direction, { schema, name }: QualifiedName): boolean =>
  operations.some(({ touches }) =>
    touches.some(
      ({ how, on }) => how === "create" && on.type === "table" && on.name.name === name && on.name.schema === schema,
    ),
  );

/** `users: 12.4 million rows, 3.1 GB (of 2026-11-20)`. */
export const renderStake = ({ table, size }: Stake): string => `${renderName(table)}: ${renderSize(size)}`;
