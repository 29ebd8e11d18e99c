/** An impact in words. */
import type { Impact, Server, TableLock } from "../locks/impact.ts";
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

const algorithms: Record<NonNullable<Impact["algorithm"]>, string> = {
  INSTANT: "only the definition changes",
  INPLACE: "without a copy of the table",
  COPY: "the table is copied",
};

const clauses: Record<NonNullable<Impact["lock"]>, string> = {
  NONE: "blocks neither reads nor writes",
  SHARED: "blocks writes",
  EXCLUSIVE: "blocks reads and writes",
};

/** One sentence each, without full stops. */
export function impactSentences(impact: Impact, { code, plain }: Manner): readonly string[] {
  const { locks, rewrites, scans, builds, transactional, waitsForSnapshots, notes, confidence } = impact;
  const { algorithm, lock: clause, basis } = impact;
  return [
    ...(algorithm === undefined ? [] : [`${code(`ALGORITHM=${algorithm}`)}: ${algorithms[algorithm]}`]),
    ...(clause === undefined ? [] : [`${code(`LOCK=${clause}`)}: ${clauses[clause]}`]),
    ...(locks.length === 0 && basis === "measured" ? ["Locks no table"] : []),
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

const products: Record<Server["dialect"], string> = {
  postgresql: "PostgreSQL",
  mysql: "MySQL",
  mariadb: "MariaDB",
  sqlite: "SQLite",
};

const versionOf = (server: Server | undefined): string =>
  server === undefined || server.dialect === "sqlite" ? "" : ` ${String(server.version)}`;

/** `PostgreSQL 13 to 17`; of the other servers the version that was looked up. */
export function renderServers(servers: readonly Server[]): string {
  const [first] = servers;
  const last = servers.at(-1);
  if (!first) return "";
  return `${products[first.dialect]}${versionOf(first)}${last === first ? "" : ` to${versionOf(last)}`}`;
}
