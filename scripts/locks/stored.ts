/** Measurements as they are kept in the repository: a value per row, or one per version where they differ. */
import { postgresVersions, type PostgresVersion } from "../../server/src/locks/impact.ts";
import type { Seen, SeenByVersion } from "./row.ts";

/** By `keyOf` the row, and there by range of versions: `13-18`, `13-16`, `17`. */
export type Stored = Readonly<Record<string, Readonly<Record<string, Seen>>>>;

/** Versions in a row that agree are told together. */
export function collapse<T>(byVersion: Readonly<Record<PostgresVersion, T>>): readonly (readonly [string, T])[] {
  const groups: { from: PostgresVersion; to: PostgresVersion; readonly value: T }[] = [];
  for (const version of postgresVersions) {
    const value = byVersion[version];
    const last = groups.at(-1);
    if (last !== undefined && JSON.stringify(last.value) === JSON.stringify(value)) last.to = version;
    else groups.push({ from: version, to: version, value });
  }
  return groups.map(({ from, to, value }) => [from === to ? String(from) : `${from}-${to}`, value] as const);
}

export const toStored = (seen: ReadonlyMap<string, SeenByVersion>): Stored =>
  Object.fromEntries([...seen].map(([key, byVersion]) => [key, Object.fromEntries(collapse(byVersion))]));

/** What the version showed; undefined where the row has not been measured. */
export function seenBy(stored: Stored, key: string, version: PostgresVersion): Seen | undefined {
  for (const [range, seen] of Object.entries(stored[key] ?? {})) {
    const [from = 0, to = from] = range.split("-").map(Number);
    if (from <= version && version <= to) return seen;
  }
  return undefined;
}
