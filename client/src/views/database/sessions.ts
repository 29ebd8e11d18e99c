/** Sessions in words, and which of them a migration would have to wait for. */
import type { HeldLock, Session } from "../../../../server/src/database/sessions.ts";
import { modeInWords } from "../graph/words.ts";
import { t } from "../../l10n.ts";

/** A lock that a pending revision will ask for. */
export interface NeededLock {
  readonly table: string;
  readonly mode: string;
  readonly waitsFor: readonly string[];
}

export interface JudgedSession {
  readonly session: Session;
  /** Locks of it that a pending revision would wait for. */
  readonly blocking: readonly HeldLock[];
  /** Its transaction has been open for long. */
  readonly isLong: boolean;
}

/** A transaction that is open for longer holds up CONCURRENTLY and clean-up, whatever it locks. */
const longSeconds = 60;

export function judgeSessions(
  sessions: readonly Session[],
  needed: readonly NeededLock[],
  defaultSchema: string,
): readonly JudgedSession[] {
  const judged = sessions.map((session) => ({
    session,
    blocking: session.locks.filter((lock) => needed.some((one) => isWaitedFor(lock, one, defaultSchema))),
    isLong: (session.transactionSeconds ?? 0) >= longSeconds,
  }));
  const weight = ({ blocking, isLong }: JudgedSession): number => (blocking.length > 0 ? 2 : 0) + (isLong ? 1 : 0);
  return judged.sort((a, b) => weight(b) - weight(a));
}

/** One that is only asked for counts as well: who comes later queues behind it. */
const isWaitedFor = (lock: HeldLock, { table, waitsFor }: NeededLock, defaultSchema: string): boolean =>
  waitsFor.includes(lock.mode) &&
  (table === `${lock.schema}.${lock.table}` || (table === lock.table && lock.schema === defaultSchema));

export function durationInWords(seconds: number): string {
  if (seconds < 1) return t("less than a second");
  if (seconds < 120) return t("{0} s", Math.floor(seconds));
  if (seconds < 7_200) return t("{0} min", Math.floor(seconds / 60));
  return seconds < 172_800 ? t("{0} h", Math.floor(seconds / 3_600)) : t("{0} days", Math.floor(seconds / 86_400));
}

/** `psql`, else `dev`, `autovacuum worker`: what there is, as a view is narrow. */
export const nameSession = ({ prepared, application, user, backend }: Session): string =>
  prepared === undefined ? application || user || backend || t("a session") : t("prepared transaction {0}", prepared);

export function stateInWords(session: Session): string {
  const { state, statementSeconds, stateSeconds, transactionSeconds, blockedBy, prepared } = session;
  if (prepared !== undefined)
    return t("open for {0}, waits for COMMIT PREPARED", durationInWords(transactionSeconds ?? 0));
  if (blockedBy.length > 0)
    return t(
      "has waited for {0} for {1}",
      blockedBy.map(nameBlocker).join(", "),
      durationInWords(statementSeconds ?? 0),
    );
  if (state === "active") return t("has run a statement for {0}", durationInWords(statementSeconds ?? 0));
  if (state.startsWith("idle in transaction"))
    return t("idle in a transaction for {0}", durationInWords(stateSeconds ?? 0));
  return state === "" ? t("what it does may not be seen") : state;
}

const nameBlocker = (pid: number): string => (pid === 0 ? t("a prepared transaction") : t("pid {0}", pid));

export const lockInWords = ({ schema, table, mode, isGranted }: HeldLock, defaultSchema: string): string => {
  const name = schema === defaultSchema ? table : `${schema}.${table}`;
  return isGranted
    ? t("holds {0} on {1}", modeInWords(mode), name)
    : t("waits for {0} on {1}", modeInWords(mode), name);
};

/** Words that `when` clauses of menus look for. */
export const sessionContext = ({ maySignal, state }: Session): string =>
  ["session", ...(maySignal ? ["signal", ...(state === "active" ? ["statement"] : [])] : [])].join(" ");
