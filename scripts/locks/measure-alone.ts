/**
 * Statements that refuse a transaction block lock in several transactions of their own. What they ask for is seen from
 * beside: other sessions hold locks that theirs conflict with, and let go one by one.
 */
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { LockMode } from "../../server/src/locks/impact.ts";
import { type Bench, prepare } from "./bench.ts";
import { type HeldLock, readLocks, readRelations, type Relation, rewritten, strongestLocks } from "./catalog.ts";
import { listen, understand } from "./messages.ts";
import type { Measured, Row } from "./row.ts";

export async function measureAlone(bench: Bench, row: Row): Promise<Measured> {
  await bench.client.query("ROLLBACK");
  const seen: Record<string, LockMode>[] = [];
  // Against readers only the strongest lock shows; against ACCESS EXCLUSIVE the first of each table does.
  for (const mode of ["ACCESS SHARE", "SHARE UPDATE EXCLUSIVE", "ACCESS EXCLUSIVE"]) {
    seen.push(await watch(bench, row, mode));
  }
  const locks = strongestOf(seen);
  const waits = await waitsForReaders(bench, row);
  await prepareAgain(bench, row);
  const before = await readRelations(bench.client);
  const messages = await listen(bench.client, () => bench.client.query(row.sql));
  bench.prepared = undefined;
  const said = await understand(bench.client, messages);
  const rewrites = rewritten(before, await readRelations(bench.client));
  const names = (oids: readonly number[]): readonly string[] =>
    [...new Set(oids.flatMap((oid) => before.get(oid)?.name ?? []))].filter((name) => !rewrites.includes(name)).sort();
  return { locks, rewrites, scans: names(said.scans), builds: names(said.builds), transactional: false, waits };
}

async function prepareAgain(bench: Bench, row: Row): Promise<void> {
  bench.prepared = undefined;
  await prepare(bench, row.given);
}

async function withSessions<T>(
  bench: Bench,
  count: number,
  use: (sessions: readonly pg.Client[]) => Promise<T>,
): Promise<T> {
  const sessions = Array.from({ length: count }, () => new pg.Client(bench.postgres.url("locks")));
  try {
    await Promise.all(sessions.map((session) => session.connect()));
    return await use(sessions);
  } finally {
    await Promise.all(sessions.map((session) => session.end()));
  }
}

/** The relations that can be locked by LOCK TABLE. */
const lockable = (relations: ReadonlyMap<number, Relation>): readonly Relation[] =>
  [...relations.values()].filter(({ kind }) => kind === "r" || kind === "p");

/** The statement runs while each table is locked by a session of its own, which lets go once the statement waits for it. */
async function watch(bench: Bench, row: Row, mode: string): Promise<Record<string, LockMode>> {
  await prepareAgain(bench, row);
  const before = await readRelations(bench.client);
  const tables = lockable(before);
  return withSessions(bench, tables.length + 1, async ([runner, ...blockers]) => {
    if (runner === undefined) throw new Error("no session");
    const pid = await pidOf(runner);
    const holders = new Map<number, pg.Client>();
    for (const [i, blocker] of blockers.entries()) {
      const table = tables[i];
      if (table === undefined) continue;
      holders.set(await pidOf(blocker), blocker);
      await blocker.query(`BEGIN; LOCK TABLE ONLY ${table.name} IN ${mode} MODE`);
    }
    let ended = false;
    const run = runner.query(row.sql).finally(() => {
      ended = true;
    });
    run.catch(() => undefined);
    const seen: HeldLock[] = [];
    while (!isOver(ended)) {
      const blocking = await blockersOf(bench.client, pid);
      if (blocking.length > 0) {
        // It goes no further until the holder lets go: what it has now, it has for certain.
        seen.push(...(await readLocks(bench.client, String(pid))));
        for (const holder of blocking) await holders.get(holder)?.query("ROLLBACK");
      }
      await pause(2);
    }
    await run;
    bench.prepared = undefined;
    return strongestLocks(seen, before);
  });
}

/** For the compiler a flag that another function sets is still what it was. */
const isOver = (ended: boolean): boolean => ended;

async function blockersOf(client: pg.Client, pid: number): Promise<readonly number[]> {
  const { rows } = await client.query<{ pids: number[] }>("SELECT pg_blocking_pids($1) AS pids", [pid]);
  return rows[0]?.pids ?? [];
}

async function pidOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  return rows[0]?.pid ?? 0;
}

/** Does it wait for the end of a transaction that only reads, and whose locks do not conflict with its own? */
async function waitsForReaders(bench: Bench, row: Row): Promise<boolean> {
  await prepareAgain(bench, row);
  const tables = lockable(await readRelations(bench.client));
  return withSessions(bench, 2, async ([runner, reader]) => {
    if (runner === undefined || reader === undefined) throw new Error("no session");
    const pid = await pidOf(runner);
    await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    for (const { name } of tables) await reader.query(`SELECT count(*) FROM ${name}`);
    let ended = false;
    const run = runner.query(row.sql).finally(() => {
      ended = true;
    });
    run.catch(() => undefined);
    let waits = false;
    let isBlocked = false;
    while (!isOver(ended) && !isBlocked) {
      const { rows } = await bench.client.query<{ locktype: string }>(
        "SELECT locktype FROM pg_locks WHERE pid = $1 AND NOT granted",
        [pid],
      );
      isBlocked = rows.length > 0;
      waits ||= rows.some(({ locktype }) => locktype === "virtualxid");
      await pause(2);
    }
    await reader.query("ROLLBACK");
    await run;
    bench.prepared = undefined;
    return waits;
  });
}

function strongestOf(all: readonly Record<string, LockMode>[]): Record<string, LockMode> {
  const locks = all.flatMap((one) =>
    Object.entries(one).map(([name, mode]) => ({ relation: 0, name, mode, granted: true })),
  );
  const names = [...new Set(locks.map(({ name }) => name))];
  const relations = new Map(names.map((name, oid) => [oid, { oid, name, kind: "r", file: 0, bytes: 0 }]));
  return strongestLocks(
    locks.map((lock) => ({ ...lock, relation: names.indexOf(lock.name) })),
    relations,
  );
}
