/**
 * How large the tables of a database are, by what the server itself knows: no row of any table is read. It needs no right
 * but that to connect.
 */
import type pg from "pg";
import type { Statistics, TableStatistics } from "../project/statistics.ts";
import { renderBytes, sizeIn } from "../project/sizes.ts";
import { ask, codeOf, type Answered } from "./connect.ts";
import type { PgTarget } from "./pg-target.ts";

export type { Statistics } from "../project/statistics.ts";

/** For each question; the sizes of many tables are many files to look at. */
const statementTimeout = 30_000;
/** Sizes are asked for under a lock that only ACCESS EXCLUSIVE holds up: who waits for a migration waits no longer than this. */
const lockTimeout = 2_000;

const patience = { connect: 10_000, query: statementTimeout + 5_000 };

export const readStatistics = (target: PgTarget): Promise<Answered<Statistics>> =>
  ask(target, "The statistics", query, patience);

/** As the server knows it now; undefined where it has no such table. */
export function sizeOfTable(
  statistics: Statistics,
  schema: string | undefined,
  name: string,
): { readonly rows?: number; readonly bytes: string } | undefined {
  const size = sizeIn(statistics, { ...(schema === undefined ? {} : { schema }), name });
  if (size === undefined) return undefined;
  return { ...(size.rows === undefined ? {} : { rows: size.rows }), bytes: renderBytes(size.bytes) };
}

interface Row {
  readonly schema: string;
  readonly name: string;
  readonly kind: "r" | "p" | "m";
  /** Of a partition: the tables above it, by number. */
  readonly id: string;
  readonly above: readonly string[];
  readonly tuples: number;
  readonly pages: number;
  readonly heap: string | null;
  readonly table: string | null;
  readonly indexes: string | null;
  readonly toast: string | null;
  readonly inserted: string | null;
  readonly updated: string | null;
  readonly deleted: string | null;
}

interface Server {
  readonly version: string;
  readonly number: number;
  readonly database: string;
  readonly schema: string | null;
  readonly now: Date;
  readonly reset: Date | null;
  readonly standby: boolean;
  readonly block: number;
}

async function query(client: pg.Client): Promise<Statistics> {
  const server = await inReadOnly(client, async () => {
    const { rows } = await client.query<Server>(aboutServer);
    const [row] = rows;
    if (!row) throw new Error("the server said nothing of itself");
    return row;
  });
  const { rows, sizes } = await readTables(client);
  return {
    version: 1,
    takenAt: server.now.toISOString(),
    server: { dialect: "postgresql", version: server.version },
    database: server.database,
    defaultSchema: server.schema ?? "public",
    countedSince: server.standby ? null : (server.reset?.toISOString() ?? null),
    sizes,
    tables: toTables(rows, server),
  };
}

/** In transactions, and not by options of the connection: a pooler in between would refuse those. */
async function inReadOnly<T>(client: pg.Client, question: () => Promise<T>): Promise<T> {
  await client.query("BEGIN TRANSACTION READ ONLY");
  try {
    await client.query(`SET LOCAL statement_timeout = ${String(statementTimeout)}`);
    await client.query(`SET LOCAL lock_timeout = ${String(lockTimeout)}`);
    return await question();
  } finally {
    await client.query("ROLLBACK");
  }
}

async function readTables(
  client: pg.Client,
): Promise<{ readonly rows: readonly Row[]; readonly sizes: Statistics["sizes"] }> {
  try {
    return { rows: (await inReadOnly(client, () => client.query<Row>(tables(measured)))).rows, sizes: "measured" };
  } catch (error) {
    // lock_not_available, query_canceled
    if (codeOf(error) !== "55P03" && codeOf(error) !== "57014") throw error;
    return { rows: (await inReadOnly(client, () => client.query<Row>(tables(estimated)))).rows, sizes: "estimated" };
  }
}

const aboutServer = `
  SELECT current_setting('server_version') AS version,
         current_setting('server_version_num')::integer AS number,
         current_database() AS database,
         current_schema() AS schema,
         now() AS now,
         pg_is_in_recovery() AS standby,
         current_setting('block_size')::integer AS block,
         (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()) AS reset`;

/** Of the files on the disk. */
const measured = {
  heap: "pg_relation_size(c.oid)",
  table: "pg_table_size(c.oid) - CASE WHEN c.reltoastrelid = 0 THEN 0 ELSE pg_total_relation_size(c.reltoastrelid) END",
  indexes: "pg_indexes_size(c.oid)",
  toast: "CASE WHEN c.reltoastrelid = 0 THEN 0 ELSE pg_total_relation_size(c.reltoastrelid) END",
};

const pagesOf = (which: string): string =>
  `(SELECT coalesce(sum(i.relpages), 0) FROM pg_class i WHERE ${which}) * current_setting('block_size')::bigint`;
const indexesOf = (table: string): string =>
  `i.oid IN (SELECT x.indexrelid FROM pg_index x WHERE x.indrelid = ${table})`;

/** Of the catalog, as VACUUM and ANALYZE have noted them: no lock is needed. */
const estimated: typeof measured = {
  heap: pagesOf("i.oid = c.oid"),
  table: pagesOf("i.oid = c.oid"),
  indexes: pagesOf(indexesOf("c.oid")),
  toast: pagesOf(`i.oid = c.reltoastrelid OR ${indexesOf("nullif(c.reltoastrelid, 0)")}`),
};

const tables = ({ heap, table, indexes, toast }: typeof measured): string => `
  WITH RECURSIVE above AS (
    SELECT i.inhrelid AS id, i.inhparent AS parent
      FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent WHERE p.relkind = 'p'
    UNION
    SELECT a.id, i.inhparent FROM above a JOIN pg_inherits i ON i.inhrelid = a.parent
  )
  SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.oid::text AS id,
         ARRAY(SELECT a.parent::text FROM above a WHERE a.id = c.oid) AS above,
         c.reltuples::float8 AS tuples, c.relpages AS pages,
         ${heap} AS heap, ${table} AS table, ${indexes} AS indexes, ${toast} AS toast,
         s.n_tup_ins AS inserted, s.n_tup_upd AS updated, s.n_tup_del AS deleted
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
   WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   ORDER BY n.nspname, c.relname`;

const number = (text: string | null): number => Math.max(0, Math.round(Number(text ?? 0)));

/**
 * As the server's planner estimates it: so many rows a page as when they were counted last, and the pages that there are
 * now. `null`: they have never been counted.
 */
function rowsOf({ tuples, pages, heap }: Row, block: number): number | null {
  const size = number(heap);
  if (size === 0) return 0;
  if (tuples < 0 || (tuples === 0 && pages === 0)) return null;
  return Math.round(pages > 0 ? (tuples / pages) * (size / block) : tuples);
}

function toTables(rows: readonly Row[], { standby, block }: Server): readonly TableStatistics[] {
  // What went while it was looked at has no size.
  const there = rows.filter(({ kind, table }) => kind === "p" || table !== null);
  const read = new Map(there.map((row) => [row.id, toTable(row, standby, block)]));
  return there.flatMap((row) => {
    const own = read.get(row.id);
    if (!own || row.kind !== "p") return own ?? [];
    const parts = there.filter(({ above, kind }) => kind !== "p" && above.includes(row.id));
    return parts.reduce((sum, part) => added(sum, read.get(part.id)), { ...own, rows: 0 } as TableStatistics);
  });
}

const kinds = { r: "table", p: "partitioned", m: "materialized_view" } as const;

function toTable(row: Row, standby: boolean, block: number): TableStatistics {
  const isCounted = !standby && row.kind !== "m" && row.inserted !== null;
  return {
    schema: row.schema,
    name: row.name,
    kind: kinds[row.kind],
    rows: rowsOf(row, block),
    tableBytes: number(row.table),
    indexBytes: number(row.indexes),
    toastBytes: number(row.toast),
    writes:
      isCounted || row.kind === "p"
        ? { inserted: number(row.inserted), updated: number(row.updated), deleted: number(row.deleted) }
        : null,
  };
}

/** A partitioned table holds what its partitions hold. */
function added(sum: TableStatistics, part: TableStatistics | undefined): TableStatistics {
  if (!part) return sum;
  return {
    ...sum,
    rows: sum.rows === null || part.rows === null ? null : sum.rows + part.rows,
    tableBytes: sum.tableBytes + part.tableBytes,
    indexBytes: sum.indexBytes + part.indexBytes,
    toastBytes: sum.toastBytes + part.toastBytes,
    writes:
      sum.writes && part.writes
        ? {
            inserted: sum.writes.inserted + part.writes.inserted,
            updated: sum.writes.updated + part.writes.updated,
            deleted: sum.writes.deleted + part.writes.deleted,
          }
        : null,
  };
}
