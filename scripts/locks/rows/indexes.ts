import type { Family } from "../row.ts";

const index = "CREATE INDEX ix ON users (age)";

export const indexes: readonly Family[] = [
  {
    title: "Indexes",
    rows: [
      { sql: "CREATE INDEX ix ON users (age)" },
      { sql: "CREATE UNIQUE INDEX ix ON users (email)" },
      { sql: "CREATE INDEX ix ON users (lower(name)) WHERE age > 18" },
      { sql: "CREATE INDEX ix ON users USING gin (to_tsvector('simple', name))" },
      { sql: "CREATE INDEX ix ON users USING brin (created)" },
      { given: index, sql: "CREATE INDEX IF NOT EXISTS ix ON users (age)", about: "It is there already." },
      { sql: "CREATE INDEX CONCURRENTLY ix ON users (age)" },
      { sql: "CREATE UNIQUE INDEX CONCURRENTLY ix ON users (email)" },
      { sql: "CREATE INDEX ix ON events (day)", about: "A partitioned table: on each partition." },
      { sql: "CREATE INDEX ix ON ONLY events (day)" },
      {
        given: "CREATE INDEX ix ON ONLY events (day); CREATE INDEX i1 ON events_1 (day)",
        sql: "ALTER INDEX ix ATTACH PARTITION i1",
      },
      { sql: "CREATE INDEX ix ON events_1 (day)", about: "A partition." },
      { sql: "CREATE INDEX CONCURRENTLY ix ON events_1 (day)" },
      {
        given: "CREATE MATERIALIZED VIEW totals AS SELECT id FROM users",
        sql: "CREATE INDEX ix ON totals (id)",
      },
      { within: "CREATE TABLE fresh (id integer)", sql: "CREATE INDEX ix ON fresh (id)" },
      { given: index, sql: "DROP INDEX ix" },
      { sql: "DROP INDEX IF EXISTS nothing" },
      { given: index, sql: "DROP INDEX CONCURRENTLY ix" },
      { given: "CREATE INDEX ix ON events (day)", sql: "DROP INDEX ix", about: "Of a partitioned table." },
      { given: index, sql: "ALTER INDEX ix SET (fillfactor = 70)" },
      { given: index, sql: "ALTER INDEX ix RESET (fillfactor)" },
      { given: "CREATE INDEX ix ON users ((age + 1))", sql: "ALTER INDEX ix ALTER COLUMN 1 SET STATISTICS 100" },
      { given: index, sql: "ALTER INDEX ix SET TABLESPACE elsewhere" },
    ],
  },
  {
    title: "REINDEX",
    rows: [
      { given: index, sql: "REINDEX INDEX ix" },
      { given: index, sql: "REINDEX INDEX CONCURRENTLY ix" },
      { sql: "REINDEX TABLE users" },
      { sql: "REINDEX TABLE CONCURRENTLY users" },
      { sql: "REINDEX SCHEMA public" },
      { sql: "REINDEX SCHEMA CONCURRENTLY public" },
      { given: "CREATE INDEX ix ON events (day)", sql: "REINDEX TABLE events", about: "A partitioned table." },
    ],
  },
];
