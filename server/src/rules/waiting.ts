/** Whom locks keep waiting, in the words of messages. */
import type { TableLock } from "../locks/impact.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";

/** `nobody can read or write orders, or write to users`; undefined where readers and writers go on. */
export function renderWaiting(locks: readonly TableLock[]): string | undefined {
  const shut = locks.filter(({ blocks }) => blocks.includes("reads")).map(({ table }) => table);
  const readable = locks
    .filter(({ blocks }) => blocks.includes("writes") && !blocks.includes("reads"))
    .map(({ table }) => table);
  const parts = [
    ...(shut.length > 0 ? [`read or write ${renderTables(shut)}`] : []),
    ...(readable.length > 0 ? [`write to ${renderTables(readable)}`] : []),
  ];
  return parts.length === 0 ? undefined : `nobody can ${parts.join(", or ")}`;
}

const renderTables = (tables: readonly QualifiedName[]): string => {
  const names = tables.map(renderName).sort();
  return names.length <= 3 ? joined(names) : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more tables`;
};

const joined = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;
