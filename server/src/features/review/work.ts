/** What an operation has to go through, and so how long it takes: a moment, or as long as a table is large. */
import type { Judged } from "../../facts/judged.ts";
import type { Operation, RevisionFile } from "../../model/revision.ts";
import type { ProjectConfig } from "../../project/snapshot.ts";
import { findChanges } from "../../schema/changes.ts";
import { renderDataChange, renderSchemaChange } from "../../schema/wording.ts";
import { renderName, type QualifiedName } from "../../sql/action.ts";

const inLoop = ({ operation }: Judged): boolean =>
  operation.context.some((one) => one.kind === "loop" && one.over !== "constant");

/** Changes of rows that were there before, or copies of them. */
export const dataChangesOf = (file: RevisionFile, config: ProjectConfig): ReadonlySet<Operation> =>
  new Set(file.upgrades.flatMap((direction) => findChanges(direction, config).data.map(({ operation }) => operation)));

const adding = new Set<Operation["kind"]>(["insert", "bulk_insert", "copy"]);

/** Nothing but new rows, which nobody sees before the end of the transaction. */
export const addsRows = ({ kind }: Operation): boolean => adding.has(kind);

/** A few rows that the text itself lists. */
export const isFewRows = (judged: Judged): boolean => {
  const { kind, details } = judged.operation;
  return (kind === "insert" || kind === "bulk_insert") && details.rows !== undefined && !inLoop(judged);
};

export const nameOf = ({ operation }: Judged): string =>
  operation.effect === "data" ? renderDataChange(operation) : renderSchemaChange(operation);

/** Words for what takes as long as a table is large; undefined where there is nothing of the kind. */
export function longWork(judged: Judged, changes: ReadonlySet<Operation>): string | undefined {
  const { operation } = judged;
  if (changes.has(operation))
    return isFewRows(judged)
      ? undefined
      : `${inLoop(judged) ? "changes, turn by turn," : "changes"} rows of ${tableOf(judged)}`;
  const impact = operation.effect === "data" ? undefined : judged.impact;
  if (!impact) return undefined;
  const meanwhile = operation.details.concurrently === true ? "while everybody works on" : "";
  const parts = [
    words("writes", impact.rewrites, "anew"),
    words("builds an index of", impact.builds, meanwhile),
    words("reads", without(impact.scans, impact.builds), "from start to end"),
    impact.algorithm === "COPY" ? `copies ${tableOf(judged)}` : undefined,
    impact.algorithm === "INPLACE" ? `may rebuild ${tableOf(judged)} in place` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(", ") : undefined;
}

const tableOf = ({ operation: { table } }: Judged): string =>
  table === undefined ? "a table that could not be read" : renderName(table);

const words = (verb: string, tables: readonly QualifiedName[], end = ""): string | undefined =>
  tables.length === 0 ? undefined : [verb, tables.map(renderName).join(", "), end].filter(Boolean).join(" ");

const without = (all: readonly QualifiedName[], some: readonly QualifiedName[]): readonly QualifiedName[] =>
  all.filter((name) => !some.some((other) => renderName(other) === renderName(name)));

/** Neither a definition nor rows: queries, settings, transaction control. */
export const isBystander = ({ operation: { effect } }: Judged): boolean =>
  effect === "read" || effect === "session" || effect === "transaction";
