/** How large a table is in production, as far as the project's statistics file tells. */
import type { QualifiedName } from "../sql/action.ts";
import type { ProjectConfig } from "./snapshot.ts";
import type { Statistics, TableStatistics } from "./statistics.ts";

export interface TableSize {
  /** An estimate of the server; undefined where it has none. */
  readonly rows: number | undefined;
  /** With indexes and TOAST. */
  readonly bytes: number;
  readonly tableBytes: number;
  readonly indexBytes: number;
  readonly toastBytes: number;
  /** Rows inserted, updated and deleted in a day, on average; undefined where it is not known since when they are counted. */
  readonly writesPerDay: number | undefined;
  /** ISO 8601. */
  readonly takenAt: string;
}

/**
 * Undefined where there is no statistics file or the table is not in it: then nothing is known of its size. A name
 * without a schema is looked for where the server would. The table counts by the name that it had when the file was made.
 */
export function sizeOf({ config }: { readonly config: ProjectConfig }, table: QualifiedName): TableSize | undefined {
  return config.statistics && sizeIn(config.statistics, table);
}

export function sizeIn(statistics: Statistics, { schema, name }: QualifiedName): TableSize | undefined {
  const found = tablesOf(statistics).get(
    keyOf(schema === undefined || schema === "" ? statistics.defaultSchema : schema, name),
  );
  return found && toSize(found, statistics);
}

const indexes = new WeakMap<Statistics, ReadonlyMap<string, TableStatistics>>();

function tablesOf(statistics: Statistics): ReadonlyMap<string, TableStatistics> {
  const known = indexes.get(statistics);
  if (known) return known;
  const tables = new Map(statistics.tables.map((table) => [keyOf(table.schema, table.name), table]));
  indexes.set(statistics, tables);
  return tables;
}

const keyOf = (schema: string, name: string): string => `${schema}\0${name}`;

function toSize(table: TableStatistics, { takenAt, countedSince }: Statistics): TableSize {
  const { rows, tableBytes, indexBytes, toastBytes, writes } = table;
  const days = countedSince === null ? 0 : (Date.parse(takenAt) - Date.parse(countedSince)) / 86_400_000;
  const written = writes && writes.inserted + writes.updated + writes.deleted;
  return {
    rows: rows ?? undefined,
    bytes: tableBytes + indexBytes + toastBytes,
    tableBytes,
    indexBytes,
    toastBytes,
    writesPerDay: written !== null && days > 0 ? written / days : undefined,
    takenAt,
  };
}

/** `12.4 million rows, 3.1 GB (of 2026-11-20)`. */
export function renderSize({ rows, bytes, takenAt }: TableSize): string {
  const counted = rows === undefined ? "rows never counted" : `${renderCount(rows)} ${rows === 1 ? "row" : "rows"}`;
  return `${counted}, ${renderBytes(bytes)} (of ${takenAt.slice(0, 10)})`;
}

/** Whole below ten thousand, as people say it above: `12,400`, `12.4 million`. */
export function renderCount(count: number): string {
  const [unit, word] = count >= 999_500_000 ? [1e9, " billion"] : count >= 999_500 ? [1e6, " million"] : [1, ""];
  return word === "" ? grouped(String(Math.round(count))) : `${significant(count / unit)}${word}`;
}

const units = ["B", "kB", "MB", "GB", "TB"];

/** In the server's units, of which each is 1024 of the one before. */
export function renderBytes(bytes: number): string {
  let [amount, unit] = [bytes, 0];
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? String(amount) : significant(amount)} ${units[unit] ?? ""}`;
}

/** Two figures where there is but one before the point. */
const significant = (amount: number): string =>
  amount < 99.95 ? String(Number(amount.toFixed(1))) : grouped(String(Math.round(amount)));

const grouped = (digits: string): string => digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
