/** What `retort stats` could have read of a database with one large table. */
import type { Statistics, TableStatistics } from "../../server/src/project/statistics.ts";

export const users: TableStatistics = {
  schema: "public",
  name: "users",
  kind: "table",
  rows: 12_400_000,
  tableBytes: 2_400_000_000,
  indexBytes: 900_000_000,
  toastBytes: 28_599_654,
  writes: { inserted: 1000, updated: 2000, deleted: 2000 },
};

export const statistics: Statistics = {
  version: 1,
  takenAt: "2026-11-20T09:30:00.000Z",
  server: { dialect: "postgresql", version: "16.4" },
  database: "app",
  defaultSchema: "public",
  countedSince: "2026-11-10T09:30:00.000Z",
  sizes: "measured",
  tables: [users],
};
