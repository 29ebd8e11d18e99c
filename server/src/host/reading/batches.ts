import type { RevisionFile } from "../../model/revision.ts";
import { ProjectModules } from "../../project/modules.ts";
import type { FileSource } from "../../project/ports.ts";
import { createReaders } from "../../project/readers.ts";
import { Witness } from "../recall.ts";
import { compact, type Compact } from "./compact.ts";
import type { Assignment, Batch, BatchAnswer } from "./messages.ts";

/** What is made of each file while it is at hand, to be kept with it; a value that JSON can tell. */
export type MakeExtra = (file: RevisionFile, assignment: Assignment) => unknown;

/** Reads batches of files of one project, each file by itself. */
export function createBatchReader(
  files: FileSource,
  assignment: Assignment,
  makeExtra?: MakeExtra,
): (batch: Batch) => Promise<BatchAnswer> {
  const witness = new Witness(files);
  const modules = new ProjectModules(witness, assignment.moduleFolders);
  const { dialect } = assignment.config;
  return async (batch) => {
    const readings: Compact[] = [];
    for (const [path, text] of batch) {
      // Of its own: nothing is to be remembered of a file that is done with.
      const readers = createReaders();
      const file = await modules.complete(() => readers.revision(path, text, dialect, modules.modules), readers);
      readings.push(compact(file, makeExtra?.(file, assignment)));
    }
    return { readings, testimony: witness.testimony() };
  };
}
