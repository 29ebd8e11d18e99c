/** What a watched run is doing, in words for its progress notification. Statements are for eyes, never for the log. */
import type { Progress, Seen } from "../database/watch-run.ts";
import type { Session } from "../../../server/src/database/sessions.ts";

/** A notification is a line or two. */
const longestStatement = 80;

/** Undefined where there is nothing that a person would want to know yet. */
export const describeSeen = ({ session, blockers, progress }: Seen): string | undefined => {
  const [blocker] = blockers;
  const seconds = Math.round(session.statementSeconds ?? 0);
  if (session.blockedBy.length > 0) {
    const waited = session.locks.find((lock) => !lock.isGranted);
    const on = waited === undefined ? "a lock" : `${waited.mode} on ${nameOf(waited)}`;
    const more = blockers.length > 1 ? ` and ${String(blockers.length - 1)} more` : "";
    const held = blocker === undefined ? "" : `, held by ${describeSession(blocker)}${more}`;
    return `waits ${renderSeconds(seconds)} for ${on}${held}`;
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
  if (session.prepared !== undefined) return `the prepared transaction "${session.prepared}"`;
  const who = [session.application || "a program", ...(session.user === "" ? [] : [`of ${session.user}`])].join(" ");
  const since = session.stateSeconds === undefined ? "" : ` for ${renderSeconds(Math.round(session.stateSeconds))}`;
  return `${who} (pid ${String(session.pid)}), ${session.state || "at work"}${since}`;
};

const describeProgress = ({ done, total, unit, phase }: Progress): string => {
  const share = total > 0 ? ` of ${total.toLocaleString("en")} (${String(Math.floor((100 * done) / total))} %)` : "";
  return `${phase}: ${done.toLocaleString("en")}${share} ${unit}`;
};

export const renderSeconds = (seconds: number): string => {
  if (seconds < 120) return `${String(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${String(minutes)} min` : `${String(Math.floor(minutes / 60))} h`;
};

const shorten = (statement: string): string => {
  const line = statement.replaceAll(/\s+/g, " ").trim();
  return line.length > longestStatement ? `${line.slice(0, longestStatement - 1)}…` : line;
};
