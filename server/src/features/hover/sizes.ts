/** How large the tables are that a hover is about: in production, and in the dev database. */
import type { Direction } from "../../model/revision.ts";
import { renderSize } from "../../project/sizes.ts";
import { stakesOf } from "../../project/stakes.ts";
import type { Statistics } from "../../project/statistics.ts";
import { renderName, type QualifiedName } from "../../sql/action.ts";
import { code, escapeMarkdown } from "./markdown.ts";
import type { HoverPlace } from "./place.ts";

function renderIn(
  statistics: Statistics | undefined,
  where: string,
  tables: readonly QualifiedName[],
  direction: Direction,
): readonly string[] {
  const stakes = statistics ? stakesOf(tables, direction, statistics) : [];
  return stakes.map(({ table, size }) => `- ${code(renderName(table))}: ${escapeMarkdown(renderSize(size))}${where}`);
}

/** A paragraph, or none where nothing is known. */
export function renderSizes(
  { project, development }: HoverPlace,
  tables: readonly QualifiedName[],
  direction: Direction,
): readonly string[] {
  const lines = [
    ...renderIn(project.config.statistics, "", tables, direction),
    ...renderIn(development, ", in the dev database", tables, direction),
  ];
  return lines.length === 0 ? [] : [["At stake:", ...lines].join("\n")];
}
