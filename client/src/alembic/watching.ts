/** What a watched run is doing, in words for its progress notification. Statements are for eyes, never for the log. */
import type { Progress, Seen } from "../database/watch-run.ts";
import type { Session } from "../../../server/src/database/sessions.ts";
import { inDigits, t } from "../l10n.ts";

/** A notification is a line or two. */
const longestStatement = 80;

/** Undefined where there is nothing that a person would want to know yet. */
export const describeSeen = ({ session, blockers, progress }: Seen): string | undefined => {
  const [blocker] = blockers;
  const seconds = Math.round(session.statementSeconds ?? 0);
  if (session.blockedBy.length > 0) {
    const waited = session.locks.find((lock) => !lock.isGranted);
    const lock = waited === undefined ? t("a lock") : t("{0} on {1}", waited.mode, nameOf(waited));
    const time = renderSeconds(seconds);
    if (blocker === undefined) return t("waits {0} for {1}", time, lock);
    const holder = describeSession(blocker);
    return blockers.length > 1
      ? t("waits {0} for {1}, held by {2} and {3} more", time, lock, holder, blockers.length - 1)
      : t("waits {0} for {1}, held by {2}", time, lock, holder);
  }
  if (session.statement === "") return undefined;
  const parts = [
    shorten(session.statement),
    ...(seconds >= 2 ? [renderSeconds(seconds)] : []),
    ...(progress === undefined ? [] : [describeProgress(progress)]),
  ];
  return parts.join(", ");
};

const nameOf = ({ schema, table }: { readonly schema: string; readonly table: string }): string =>
  schema === "public" ? table : `${schema}.${table}`;

/** `psql of anna (pid 42), idle in transaction for 3 min` */
export const describeSession = (session: Session): string => {
  if (session.prepared !== undefined) return t("the prepared transaction “{0}”", session.prepared);
  const program = session.application || t("a program");
  const who = session.user === "" ? program : t("{0} of {1}", program, session.user);
  const state = session.state || t("at work");
  return session.stateSeconds === undefined
    ? t("{0} (pid {1}), {2}", who, session.pid, state)
    : t("{0} (pid {1}), {2} for {3}", who, session.pid, state, renderSeconds(Math.round(session.stateSeconds)));
};

const describeProgress = ({ done, total, unit, phase }: Progress): string => {
  return total > 0
    ? t("{0}: {1} of {2} ({3} %) {4}", phase, inDigits(done), inDigits(total), Math.floor((100 * done) / total), unit)
    : t("{0}: {1} {2}", phase, inDigits(done), unit);
};

export const renderSeconds = (seconds: number): string => {
  if (seconds < 120) return t("{0} s", seconds);
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? t("{0} min", minutes) : t("{0} h", Math.floor(minutes / 60));
};

const shorten = (statement: string): string => {
  const line = statement.replaceAll(/\s+/g, " ").trim();
  return line.length > longestStatement ? `${line.slice(0, longestStatement - 1)}…` : line;
};
