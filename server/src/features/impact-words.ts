/** An impact in words. */
import type { Impact, PostgresVersion, TableLock } from "../locks/impact.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";

const names = (tables: readonly QualifiedName[]): string => tables.map(renderName).join(", ");

/** Whom it holds up, in words: `blocks reads and writes`. DDL is always held up, and goes without saying. */
export function renderBlocks({ blocks }: TableLock): string {
  const held = blocks.filter((who) => who !== "ddl");
  if (held.length > 0) return `blocks ${held.join(" and ")}`;
  return blocks.length > 0 ? "blocks other DDL" : "blocks nobody";
}

/** How text is shown: names of tables and modes as code, and what is said in plain words. */
export interface Manner {
  readonly code: (text: string) => string;
  readonly plain: (text: string) => string;
}

/** One sentence each, without full stops. */
export function impactSentences(impact: Impact, { code, plain }: Manner): readonly string[] {
  const { locks, rewrites, scans, builds, transactional, waitsForSnapshots, notes, confidence } = impact;
  return [
    ...(locks.length === 0 ? ["Locks no table"] : []),
    ...locks.map((lock) => `${code(lock.mode)} on ${code(renderName(lock.table))}: ${renderBlocks(lock)}`),
    ...(rewrites.length > 0 ? [`Writes the whole table anew: ${code(names(rewrites))}`] : []),
    ...(scans.length > 0 ? [`Reads the whole table: ${code(names(scans))}`] : []),
    ...(builds.length > 0 ? [`Builds an index: ${code(names(builds))}`] : []),
    ...(transactional ? [] : ["Cannot run in a transaction"]),
    ...(waitsForSnapshots ? ["Waits for every transaction that began before it"] : []),
    ...notes.map((note) => plain(note.replace(/\.$/, ""))),
    ...(confidence === "likely" ? ["Not all of it is known; this is the worst that it can be"] : []),
  ];
}

/** `PostgreSQL 13 to 17` */
export function renderVersions(versions: readonly PostgresVersion[]): string {
  const [first] = versions;
  const last = versions.at(-1);
  return first === last ? `PostgreSQL ${String(first)}` : `PostgreSQL ${String(first)} to ${String(last)}`;
}
