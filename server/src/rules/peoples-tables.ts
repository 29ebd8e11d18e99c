/** Which operations change rows that people have put there. */
import type { Judged } from "../facts/judged.ts";
import { isBookkeeping } from "../schema/changes.ts";
import type { Subject } from "./define.ts";

/** On one known table that was there before, and is not Alembic's own. */
export function isOnPeoplesTable(one: Judged, { project }: Subject): boolean {
  const { table } = one.operation;
  return (
    table !== undefined &&
    one.isUnderstood &&
    one.isOnExistingTable &&
    !isBookkeeping(table, project.config.versionTable)
  );
}
