import type { Operation } from "../../model/revision.ts";
import type { Conversion } from "../apart.ts";
import { findCandidates, refuseImpossible, type IndexChange } from "./candidates.ts";
import { concurrentEdits } from "./convert.ts";

const notesFor = (operations: readonly Operation[]): readonly string[] =>
  operations.some(({ kind, details }) => kind === "create_index" && details.ifNotExists)
    ? [
        "If a build fails, drop the invalid index that it leaves before you run it again: IF NOT EXISTS takes it for a finished one.",
      ]
    : [];

/** Of the plain change of indexes into the concurrent one. */
export const concurrently = (kind: IndexChange, verb: string): Conversion<undefined> => ({
  find: (project, file, direction) => findCandidates(project, file, direction, kind),
  learn: (file, candidates) => {
    refuseImpossible(file, candidates);
    return undefined;
  },
  edits: concurrentEdits,
  title: ({ length }) => `${verb} ${length === 1 ? "the index" : `${length} indexes`} concurrently`,
  notes: notesFor,
});
