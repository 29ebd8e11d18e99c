/** What the rules about statements that write a table anew share. */
import type { Judged } from "../facts/judged.ts";
import { at, type Found } from "./define.ts";
import { renderWaiting } from "./waiting.ts";

export interface Rewritten extends Found {
  readonly table: string;
  readonly waiting: string;
}

/** The table is written anew, certainly, while people wait for it. */
export function rewrittenBy(one: Judged): Rewritten | undefined {
  if (!one.isUnderstood || !one.isOnExistingTable) return undefined;
  const { impact } = one;
  const [table] = impact?.rewrites ?? [];
  const waiting = renderWaiting(impact?.locks ?? []);
  return table && waiting !== undefined ? { ...at(one), table: table.name, waiting } : undefined;
}
