/** PostgreSQL's table lock modes: which of them conflict, and whom that holds up. */
import { type LockMode, lockModes, type TableLock } from "./impact.ts";

/** @see https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES, table 13.2 */
const conflicts: Readonly<Record<LockMode, readonly LockMode[]>> = {
  AccessShareLock: ["AccessExclusiveLock"],
  RowShareLock: ["ExclusiveLock", "AccessExclusiveLock"],
  RowExclusiveLock: ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"],
  ShareUpdateExclusiveLock: [
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
  ],
  ShareLock: [
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
  ],
  ShareRowExclusiveLock: [
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
  ],
  ExclusiveLock: [
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
  ],
  AccessExclusiveLock: lockModes,
};

export const conflict = (a: LockMode, b: LockMode): boolean => conflicts[a].includes(b);

/** Of two modes the one that is listed later; no statement asks for two of which neither covers the other. */
export const stronger = (a: LockMode, b: LockMode): LockMode => (lockModes.indexOf(a) > lockModes.indexOf(b) ? a : b);

/** A reader takes ACCESS SHARE, a writer ROW EXCLUSIVE, a definition at least SHARE UPDATE EXCLUSIVE. */
export const blocksOf = (mode: LockMode): TableLock["blocks"] => [
  ...(conflict(mode, "AccessShareLock") ? (["reads"] as const) : []),
  ...(conflict(mode, "RowExclusiveLock") ? (["writes"] as const) : []),
  ...(conflict(mode, "AccessExclusiveLock") ? (["ddl"] as const) : []),
];
