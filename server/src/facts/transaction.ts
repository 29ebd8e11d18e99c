/** What the other operations of the same transaction do. */
import type { QualifiedName } from "../sql/action.ts";
import { sameTable } from "../locks/names.ts";
import type { LockMode } from "../locks/impact.ts";
import type { Judged } from "./judged.ts";

/** Those that are committed with it, itself included, in the order of execution. */
export const sameTransaction = (judged: readonly Judged[], one: Judged): readonly Judged[] =>
  judged.filter(
    (other) =>
      other.direction === one.direction &&
      other.transaction === one.transaction &&
      other.operation.ownConnection === one.operation.ownConnection,
  );

/** Whether it takes this lock on the table, as far as is known. */
export const takesLock = ({ impact }: Judged, mode: LockMode, table: QualifiedName): boolean =>
  impact?.locks.some((lock) => lock.mode === mode && sameTable(lock.table, table)) ?? false;
