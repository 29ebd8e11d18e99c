import { collectRange } from "./collect.ts";
import { answer, refuse, valueOf, type Answer } from "./error.ts";
import type { History } from "./history.ts";

/**
 * What `alembic history -r range` lists, in that order, heads first: `from:to`, `from:`, `:to`. An end may be `current`.
 * @param range without it, all
 * @param current the rows of `alembic_version`
 */
export const listRange = (
  history: History,
  range?: string,
  current: readonly string[] = [],
): Answer<readonly string[]> =>
  answer(() => {
    const graph = valueOf(history.graph);
    const { lower, upper } = range === undefined ? { lower: "", upper: "" } : splitRange(range.trim());
    // Alembic asks for the upper end first, and reads the other as it is written then.
    const isUpper = upper === "current";
    return collectRange(
      graph,
      lower === "current" && !isUpper ? orElse(current, "base") : lower || "base",
      isUpper ? orElse(current, "heads") : upper || "heads",
    ).ids;
  });

const orElse = (rows: readonly string[], name: string): string | readonly string[] => (rows.length === 0 ? name : rows);

export function splitRange(text: string): { readonly lower: string; readonly upper: string } {
  const [lower = "", upper, ...more] = text.split(":");
  if (upper === undefined) return refuse("CommandError", "A range is written <from>:<to>, <from>: or :<to>.");
  return more.length > 0 ? refuse("AlembicFails", "A range has one colon.") : { lower, upper };
}
