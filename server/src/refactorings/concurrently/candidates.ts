/** Indexes that are built or dropped under a lock, and whether that can be done concurrently. */
import { judgedIn, type Judged } from "../../facts/judged.ts";
import type { Direction, RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import { lineOf, Refused } from "../../rewrite/refused.ts";
import type { Candidates } from "../apart.ts";

export type IndexChange = "create_index" | "drop_index";

/** What is changed in the plain way about tables that people use. */
export function findCandidates(
  project: Project,
  file: RevisionFile,
  direction: Direction,
  kind: IndexChange,
): Candidates | undefined {
  if (project.config.dialect !== "postgresql" || !direction.operations.some((one) => one.kind === kind))
    return undefined;
  const judged = judgedIn(project, file, direction);
  const operations = judged.filter((one) => isCandidate(one, kind, direction)).map(({ operation }) => operation);
  return operations.length > 0 ? { direction, operations, judged } : undefined;
}

function isCandidate(one: Judged, kind: IndexChange, { operations }: Direction): boolean {
  const { operation } = one;
  if (!one.isUnderstood || operation.kind !== kind || operation.details.concurrently) return false;
  if (!["directive", "batch", "sql"].includes(operation.via)) return false;
  if (kind === "create_index") return one.isOnExistingTable;
  const madeHere = operations.some(
    (other) => other.kind === "create_index" && other.name !== undefined && other.name === operation.name,
  );
  return !madeHere;
}

/** @throws Refused where PostgreSQL could not do it concurrently, or where nothing is known of the index. */
export function refuseImpossible(file: RevisionFile, { operations, judged }: Candidates): void {
  for (const one of judged.filter(({ operation }) => operations.includes(operation))) {
    const { operation, schema } = one;
    const at = lineOf(file, operation.range);
    if (operation.context.some(({ kind }) => kind === "try"))
      throw new Refused(
        `The index on ${at} stands in a try block, and an autocommit block there would commit what the block may undo.`,
      );
    const table = operation.table && schema.table(operation.table);
    if (typeof table === "object" && table.kind === "partitioned")
      throw new Refused(
        `The table of the index on ${at} is partitioned, and PostgreSQL changes its indexes only under a lock.`,
      );
    if (operation.kind === "drop_index") refuseDrop(one, at);
  }
}

function refuseDrop({ operation, schema }: Judged, at: string): void {
  const { name, details, table: on } = operation;
  if (details.cascade)
    throw new Refused(`CASCADE on ${at} takes along more than the index, which no concurrent drop can.`);
  if (name === undefined) return;
  const table = schema.tableOfIndex(on?.schema === undefined ? { name } : { schema: on.schema, name });
  if (typeof table !== "object") return;
  if (table.indexes.some((index) => index.name === name && index.ofConstraint))
    throw new Refused(`The index on ${at} belongs to a constraint, and goes only with it.`);
  if (table.kind === "partitioned")
    throw new Refused(`The index on ${at} is of a partitioned table, and PostgreSQL drops it only under a lock.`);
}
