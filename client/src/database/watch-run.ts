/**
 * Watches over a connection of its own what a migration is doing in PostgreSQL: the statement that runs, the lock that it
 * waits for and who holds it, and how far it is where the server tells. It finds Alembic's session by the name that libpq
 * takes from the environment, and touches no other.
 */
import type pg from "pg";
import { ask } from "../../../server/src/database/connect.ts";
import type { PgTarget } from "../../../server/src/database/pg-target.ts";
import { blockersOf, querySessions, signalSession, type Session } from "../../../server/src/database/sessions.ts";
import { t } from "../l10n.ts";

/** What was seen at one look. */
export interface Seen {
  readonly session: Session;
  /** Who keeps it waiting, the nearest first. */
  readonly blockers: readonly Session[];
  readonly progress?: Progress;
}

/** As the server counts it; `total` is 0 where it does not know yet. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: "rows" | "blocks";
  readonly phase: string;
}

export interface Watch {
  /** Stops the statement that Alembic's session runs. False where there is none, or where it could not be told from others. */
  readonly cancelStatement: () => Promise<boolean>;
  readonly stop: () => Promise<void>;
}

const pause = 1_000;

/**
 * @param application the name that Alembic's session has, and no other
 * @param tell undefined: it runs no statement at the moment
 * @param onProblem why nothing can be seen, once
 */
export const watchRun = (
  target: PgTarget,
  application: string,
  {
    tell,
    onProblem,
  }: { readonly tell: (seen: Seen | undefined) => void; readonly onProblem: (reason: string) => void },
): Watch => {
  let stopped = false;
  let wake: () => void = () => undefined;
  let last: Session | undefined;
  const look = async (client: pg.Client): Promise<void> => {
    while (!stopped) {
      const sessions = await querySessions(client);
      last = sessions.find((one) => one.application === application);
      const isAtWork = last?.state === "active";
      tell(last === undefined || !isAtWork ? undefined : await seeing(client, last, sessions));
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, pause).unref();
      });
    }
  };
  const ended = ask(target, t("The list of sessions"), look).then((answer) => {
    if (!answer.ok && !stopped) onProblem(answer.reason);
  });
  return {
    cancelStatement: async () => {
      if (last === undefined || last.began === "" || !last.maySignal) return false;
      const answer = await signalSession(target, last, "cancel");
      return answer.ok && answer.value;
    },
    stop: async () => {
      stopped = true;
      wake();
      await ended;
    },
  };
};

const seeing = async (client: pg.Client, session: Session, sessions: readonly Session[]): Promise<Seen> => {
  const progress = await queryProgress(client, session.pid);
  return { session, blockers: blockersOf(session.pid, sessions), ...(progress === undefined ? {} : { progress }) };
};

interface ProgressRow {
  readonly phase: string;
  readonly rows_done: string;
  readonly rows_total: string;
  readonly blocks_done: string;
  readonly blocks_total: string;
}

const ofIndex = `SELECT phase, tuples_done AS rows_done, tuples_total AS rows_total, blocks_done, blocks_total
  FROM pg_stat_progress_create_index WHERE pid = $1`;
const ofCopy = `SELECT 'copying' AS phase, tuples_processed AS rows_done, 0 AS rows_total, 0 AS blocks_done, 0 AS blocks_total
  FROM pg_stat_progress_copy WHERE pid = $1`;

/** PostgreSQL counts the building of indexes, and from version 14 on COPY; of an UPDATE nobody knows. */
const queryProgress = async (client: pg.Client, pid: number): Promise<Progress | undefined> => {
  const { rows: known } = await client.query<{ view: string }>(
    "SELECT relname AS view FROM pg_class WHERE relname IN ('pg_stat_progress_create_index', 'pg_stat_progress_copy')",
  );
  for (const { view } of known) {
    const { rows } = await client.query<ProgressRow>(view === "pg_stat_progress_copy" ? ofCopy : ofIndex, [pid]);
    const [row] = rows;
    if (row !== undefined) return toProgress(row);
  }
  return undefined;
};

const toProgress = (row: ProgressRow): Progress => {
  const inBlocks = Number(row.blocks_total) > 0 && Number(row.rows_total) === 0;
  return inBlocks
    ? { phase: row.phase, unit: "blocks", done: Number(row.blocks_done), total: Number(row.blocks_total) }
    : { phase: row.phase, unit: "rows", done: Number(row.rows_done), total: Number(row.rows_total) };
};
