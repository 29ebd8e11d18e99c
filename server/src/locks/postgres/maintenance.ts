/** VACUUM, ANALYZE, CLUSTER, REINDEX, REFRESH, COMMENT, GRANT and LOCK. */
import type { QualifiedName } from "../../sql/action.ts";
import { type LockMode, lockModes } from "../impact.ts";
import { type Case, lockTree, type Predict, readBy, rewriteAll } from "./case.ts";
import { reindex } from "./indexes.ts";
import { requireSequences } from "./rows.ts";

const required = ({ action: { touches } }: Case): readonly QualifiedName[] =>
  touches.flatMap(({ how, on }) => (how === "require" && on.type === "table" ? [on.name] : []));

const vacuum: Predict = (one) => {
  one.draft.alone().note("Reads and writes go on. Without a table it goes through all that there are.");
  for (const table of required(one)) lockTree(one, table, "ShareUpdateExclusiveLock");
};

const vacuumFull: Predict = (one) => {
  one.draft.alone();
  for (const table of required(one)) {
    lockTree(one, table, "AccessExclusiveLock");
    rewriteAll(one, table);
  }
};

const analyze: Predict = (one) => {
  one.draft.note("Reads a sample of the rows.");
  for (const table of required(one)) lockTree(one, table, "ShareUpdateExclusiveLock");
};

const cluster: Predict = (one) => {
  const tables = required(one);
  if (tables.length === 0) one.draft.alone().note("Goes through every table that was clustered before.");
  for (const table of tables) {
    lockTree(one, table, "AccessExclusiveLock");
    rewriteAll(one, table);
  }
};

const refresh: Predict = (one) => {
  const { touches, details } = one.action;
  const view = touches.find(({ on }) => on.type === "view")?.on.name;
  if (view === undefined) return "unknown";
  one.draft.lock(view, details.concurrently ? "ExclusiveLock" : "AccessExclusiveLock");
  if (!details.concurrently && !details.options?.withoutData) one.draft.rewrite(view);
  if (details.options?.withoutData) return;
  const found = one.schema.view(view);
  const reads = typeof found === "object" ? found.reads : undefined;
  if (reads === undefined) one.draft.doubt("What the materialized view reads is not known here.");
  for (const name of (reads ?? []).flatMap((read) => readBy(one, read))) {
    lockTree(one, name, "AccessShareLock");
    one.draft.scan(name);
  }
  one.draft.doubt("How much of the tables is read depends on the query.");
};

const comment: Predict = (one) => {
  const { columns, table, touches } = one.action;
  const mode = touches.some(({ on }) => on.type === "constraint") ? "AccessShareLock" : "ShareUpdateExclusiveLock";
  if (table !== undefined || columns.length > 0) for (const name of required(one)) one.draft.lock(name, mode);
};

const grant: Predict = (one) => {
  // Until 17 only the rows of the catalog are locked.
  if (one.version >= 18) for (const name of required(one)) one.draft.lock(name, "AccessShareLock");
};

const commands: Readonly<Record<string, Predict>> = {
  VACUUM: vacuum,
  "VACUUM FULL": vacuumFull,
  ANALYZE: analyze,
  CLUSTER: cluster,
  "REFRESH MATERIALIZED VIEW": refresh,
  COMMENT: comment,
  GRANT: grant,
  REVOKE: grant,
  SETVAL: (one) => {
    requireSequences(one);
    return undefined;
  },
};

export const maintenance: Predict = (one) => {
  const { command } = one.action.details;
  if (command === undefined) return "unknown";
  if (command.startsWith("REINDEX")) return reindex(one);
  return commands[command]?.(one);
};

export const lock: Predict = (one) => {
  const { lockMode } = one.action.details;
  const mode = lockModes.find((each): each is LockMode => each === lockMode);
  const tables = required(one);
  // Advisory locks are on no table.
  if (tables.length === 0) return;
  if (mode === undefined) return "unknown";
  for (const table of tables) lockTree(one, table, mode);
};
