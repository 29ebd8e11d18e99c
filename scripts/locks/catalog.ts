/** What the catalog of a server tells of its relations, before and after a statement. */
import type pg from "pg";
import { type LockMode, lockModes } from "../../server/src/locks/impact.ts";

export interface Relation {
  readonly oid: number;
  readonly name: string;
  /** `pg_class.relkind`. */
  readonly kind: string;
  /** Where its rows are; it changes when they are written anew. */
  readonly file: number;
  readonly bytes: number;
}

const ours = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/** By oid, without indexes. Names have their schema where that is not `public`. */
export async function readRelations(client: pg.Client): Promise<ReadonlyMap<number, Relation>> {
  const { rows } = await client.query<Relation>(`
    SELECT c.oid::int, CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name,
           c.relkind::text AS kind, c.relfilenode::int AS file,
           CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid)::int ELSE 0 END AS bytes
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${ours} AND c.relkind IN ('r', 'p', 'm', 'v', 'S', 'f')`);
  return new Map(rows.map((row) => [row.oid, row]));
}

/** Sequential scans in this transaction, by the oid of the table. */
export async function readScans(client: pg.Client): Promise<ReadonlyMap<number, number>> {
  const { rows } = await client.query<{ relid: number; count: number }>(
    "SELECT relid::int, seq_scan::int AS count FROM pg_stat_xact_user_tables WHERE seq_scan > 0",
  );
  return new Map(rows.map(({ relid, count }) => [relid, count]));
}

export interface HeldLock {
  readonly relation: number;
  readonly mode: LockMode;
  readonly granted: boolean;
}

/** Locks on relations that a backend holds or waits for. */
export async function readLocks(client: pg.Client, pid = "pg_backend_pid()"): Promise<readonly HeldLock[]> {
  const { rows } = await client.query<HeldLock>(
    `SELECT relation::int, mode, granted FROM pg_locks WHERE pid = ${pid} AND locktype = 'relation'`,
  );
  return rows;
}

/** The strongest lock on each relation that was there before, by name. */
export function strongestLocks(
  locks: readonly HeldLock[],
  before: ReadonlyMap<number, Relation>,
): Record<string, LockMode> {
  const strongest: Record<string, LockMode> = {};
  for (const { relation, mode } of locks) {
    const name = before.get(relation)?.name;
    if (name === undefined) continue;
    const known = strongest[name];
    if (known === undefined || lockModes.indexOf(mode) > lockModes.indexOf(known)) strongest[name] = mode;
  }
  return Object.fromEntries(Object.entries(strongest).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Tables whose constraint of that name this transaction has made or validated: the table and its partitions. */
export async function tablesOfConstraint(client: pg.Client, name: string): Promise<readonly number[]> {
  const { rows } = await client.query<{ oid: number }>(
    `SELECT conrelid::int AS oid FROM pg_constraint
      WHERE conname = $1 AND xmin::text = (pg_current_xact_id()::text::bigint % 4294967296)::text`,
    [name],
  );
  return rows.map(({ oid }) => oid);
}

/** Rows in a new file. (TRUNCATE gives a new file, too, and an empty one.) */
export const rewritten = (
  before: ReadonlyMap<number, Relation>,
  after: ReadonlyMap<number, Relation>,
): readonly string[] =>
  [...after.values()]
    .filter(({ oid, kind, file, bytes }) => {
      const was = before.get(oid);
      return was !== undefined && (kind === "r" || kind === "m") && was.file !== file && bytes > 0;
    })
    .map(({ oid, name }) => before.get(oid)?.name ?? name)
    .sort();
