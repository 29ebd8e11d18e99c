/**
 * Who is at work in a PostgreSQL database: transactions that are open, the table locks that they hold or wait for, and who
 * holds up whom. It reads the server's own views and no table; it needs no right but that to connect.
 */
import type pg from "pg";
import { ask, type Answered } from "./connect.ts";
import type { PgTarget } from "./pg-target.ts";

/** A lock on a table, a view or a sequence; `mode` in PostgreSQL's own spelling: `AccessExclusiveLock`. */
export interface HeldLock {
  readonly schema: string;
  readonly table: string;
  readonly mode: string;
  /** False: it is waited for. */
  readonly isGranted: boolean;
}

/** A session with an open transaction, or a transaction that was prepared and left (`prepared`). */
export interface Session {
  /** 0 for a prepared transaction: no process stands behind it. */
  readonly pid: number;
  /** When its process began: with the pid it names the session, since pids come again. "" where the role may not see it. */
  readonly began: string;
  /** The name that a prepared transaction was given. */
  readonly prepared?: string;
  readonly user: string;
  /** What the program calls itself, often nothing. */
  readonly application: string;
  /** Address of the client; "" for a socket of the server's machine. */
  readonly client: string;
  /** `client backend`, `autovacuum worker`… */
  readonly backend: string;
  /** `active`, `idle in transaction`…; "" where the role may not see it. */
  readonly state: string;
  /** The statement that runs, or the last one that ran. It may hold values: it is for eyes, never for a log. */
  readonly statement: string;
  /** Seconds since the transaction began, the statement began, and the state changed; undefined where it is not known. */
  readonly transactionSeconds?: number;
  readonly statementSeconds?: number;
  readonly stateSeconds?: number;
  /** What it waits for, in PostgreSQL's words: `Lock: relation`. */
  readonly waitsFor?: string;
  readonly locks: readonly HeldLock[];
  /** Pids of those who keep it waiting; 0 is a prepared transaction. */
  readonly blockedBy: readonly number[];
  /** Whether this role may cancel its statement or end it. */
  readonly maySignal: boolean;
}

/** Names a session for good: a pid alone may be another session's a moment later. */
export type SessionName = Pick<Session, "pid" | "began">;

const statementTimeout = 5_000;

/** Of the database that the URL names, the longest transaction first. Our own connection is not among them. */
export const readSessions = (target: PgTarget): Promise<Answered<readonly Session[]>> =>
  ask(target, "The list of sessions", querySessions);

/** The same over a connection that is there already, and in no transaction. */
export async function querySessions(client: pg.Client): Promise<readonly Session[]> {
  await client.query("BEGIN TRANSACTION READ ONLY");
  try {
    await client.query(`SET LOCAL statement_timeout = ${String(statementTimeout)}`);
    const { rows } = await client.query<Row>(sessions);
    return rows.map(toSession);
  } finally {
    await client.query("ROLLBACK");
  }
}

/** Who keeps a session waiting, and who keeps those waiting, each once, the nearest first. */
export function blockersOf(pid: number, all: readonly Session[]): readonly Session[] {
  const seen = new Set([pid]);
  const found: Session[] = [];
  const queue = [pid];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const one of all.find((session) => session.pid === next)?.blockedBy ?? []) {
      if (seen.has(one)) continue;
      seen.add(one);
      queue.push(one);
      found.push(...all.filter((session) => session.pid === one));
    }
  }
  return found;
}

/**
 * - `cancel`: the statement that runs is stopped, as by Ctrl+C; a session that runs none is left as it is.
 * - `end`: the session is ended and its transaction rolled back.
 */
export type Signal = "cancel" | "end";

const functions: Record<Signal, string> = { cancel: "pg_cancel_backend", end: "pg_terminate_backend" };

/** `false`: the session is gone, and nothing was done. */
export const signalSession = (target: PgTarget, session: SessionName, signal: Signal): Promise<Answered<boolean>> =>
  ask(target, "The session", async (client) => {
    await client.query(`SET statement_timeout = ${String(statementTimeout)}`);
    // By its beginning too, in one statement: another session may have got the pid since it was shown.
    const { rows } = await client.query<{ done: boolean }>(
      `SELECT ${functions[signal]}(pid) AS done FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2`,
      [session.pid, session.began],
    );
    return rows[0]?.done === true;
  });

interface Row {
  readonly pid: number;
  readonly began: string | null;
  readonly prepared: string | null;
  readonly user: string | null;
  readonly application: string | null;
  readonly client: string | null;
  readonly backend: string | null;
  readonly state: string | null;
  readonly statement: string | null;
  readonly transaction: number | null;
  readonly statement_age: number | null;
  readonly state_age: number | null;
  readonly wait_type: string | null;
  readonly wait_event: string | null;
  readonly locks: readonly HeldLock[];
  readonly blocked_by: readonly number[];
  readonly may_signal: boolean;
}

function toSession(row: Row): Session {
  const seconds = (value: number | null): number | undefined => (value === null ? undefined : Math.max(0, value));
  const optional = <K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } =>
    value === undefined ? {} : ({ [key]: value } as { [key in K]?: V });
  return {
    pid: row.pid,
    began: row.began ?? "",
    ...optional("prepared", row.prepared ?? undefined),
    user: row.user ?? "",
    application: row.application ?? "",
    client: row.client ?? "",
    backend: row.backend ?? "",
    state: row.state ?? "",
    statement: row.statement ?? "",
    ...optional("transactionSeconds", seconds(row.transaction)),
    ...optional("statementSeconds", seconds(row.statement_age)),
    ...optional("stateSeconds", seconds(row.state_age)),
    ...optional("waitsFor", row.wait_type === null ? undefined : `${row.wait_type}: ${row.wait_event ?? ""}`),
    locks: row.locks,
    blockedBy: row.blocked_by,
    maySignal: row.may_signal,
  };
}

/**
 * Fast-path locks and those of other databases are in `pg_locks` as well. A prepared transaction's locks have no pid, and a
 * virtual transaction of `-1/` and its number. Ages are of the wall clock: `now()` is when this transaction began.
 */
const sessions = `
  WITH held AS (
    SELECT l.pid, l.virtualtransaction AS vxid,
           json_agg(json_build_object('schema', n.nspname, 'table', c.relname, 'mode', l.mode, 'isGranted', l.granted)
                    ORDER BY n.nspname, c.relname, l.mode) AS locks
      FROM pg_locks l
      JOIN pg_class c ON c.oid = l.relation
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE l.locktype = 'relation'
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND c.relkind IN ('r', 'p', 'm', 'v', 'f', 'S')
       AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
     GROUP BY l.pid, l.virtualtransaction
  )
  SELECT a.pid, a.backend_start::text AS began, NULL AS prepared, a.usename AS "user",
         a.application_name AS application, host(a.client_addr) AS client, a.backend_type AS backend, a.state,
         a.query AS statement,
         extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS transaction,
         CASE WHEN a.state = 'active' THEN extract(epoch FROM clock_timestamp() - a.query_start)::float8 END AS statement_age,
         extract(epoch FROM clock_timestamp() - a.state_change)::float8 AS state_age,
         CASE WHEN a.state = 'active' THEN a.wait_event_type END AS wait_type, a.wait_event,
         coalesce(h.locks, '[]'::json) AS locks,
         pg_blocking_pids(a.pid) AS blocked_by,
         coalesce(pg_has_role(a.usesysid, 'MEMBER')
           OR (pg_has_role('pg_signal_backend', 'MEMBER')
               AND NOT (SELECT rolsuper FROM pg_roles WHERE oid = a.usesysid)), false) AS may_signal
    FROM pg_stat_activity a
    LEFT JOIN held h ON h.pid = a.pid
   WHERE a.datname = current_database()
     AND a.pid <> pg_backend_pid()
     AND a.backend_type IS DISTINCT FROM 'parallel worker'
     AND (a.xact_start IS NOT NULL OR h.locks IS NOT NULL)
  UNION ALL
  SELECT 0, p.prepared::text, p.gid, p.owner::text, '', NULL, 'prepared transaction', 'prepared', '',
         extract(epoch FROM clock_timestamp() - p.prepared)::float8, NULL, NULL, NULL, NULL,
         coalesce(h.locks, '[]'::json), ARRAY[]::integer[], false
    FROM pg_prepared_xacts p
    LEFT JOIN held h ON h.pid IS NULL AND h.vxid = '-1/' || p.transaction::text
   WHERE p.database = current_database()
   ORDER BY transaction DESC NULLS LAST`;
