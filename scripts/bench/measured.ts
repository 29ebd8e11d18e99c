/** What a run of the bench has measured: one row for each thing, one cell for each length of the history. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly times: number;
}

export interface Cell {
  readonly seconds?: number;
  /** Of many repetitions. */
  readonly milliseconds?: Percentiles;
  /** Of these what the processor was at work, where that was taken: what others do on the machine is not in it. */
  readonly processorSeconds?: number;
  readonly processorMilliseconds?: Percentiles;
  readonly megabytes?: number;
  /** Why there is no number. */
  readonly missing?: string;
}

export interface Row {
  readonly group: "retort" | "floor" | "others";
  readonly what: string;
  /** By the number of revisions, or "corpus". */
  readonly cells: Readonly<Record<string, Cell>>;
}

export interface Measured {
  /** Of the run; ISO 8601. */
  readonly date: string;
  readonly machine: { readonly cores: number; readonly platform: string; readonly node: string };
  readonly columns: readonly string[];
  /** Bytes and statements of each generated history, and what the corpus holds. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

export type Measure = Omit<Row, "cells"> & { readonly cell: Cell };

/** Rows in the order in which they first came. */
export function toRows(columns: readonly (readonly [column: string, measures: readonly Measure[]])[]): readonly Row[] {
  const rows = new Map<string, { group: Row["group"]; what: string; cells: Record<string, Cell> }>();
  for (const [column, measures] of columns) {
    for (const { group, what, cell } of measures) {
      const row = rows.get(what) ?? { group, what, cells: {} };
      row.cells[column] = cell;
      rows.set(what, row);
    }
  }
  return [...rows.values()];
}

/** The middle and the 95th percentile, by nearest rank. */
export function percentiles(times: readonly number[]): Percentiles {
  const sorted = [...times].sort((a, b) => a - b);
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { p50: rank(0.5), p95: rank(0.95), times: times.length };
}
