import { Witness } from "../../host/recall.ts";
import { ProjectModules } from "../../project/modules.ts";
import type { FileSource } from "../../project/ports.ts";
import { createReaders } from "../../project/readers.ts";
import type { Assignment, Batch, BatchAnswer } from "./messages.ts";
import { summarise } from "./summary.ts";

/** Reads and checks batches of files of one project, each file by itself. */
export function createBatchReader(files: FileSource, assignment: Assignment): (batch: Batch) => Promise<BatchAnswer> {
  const witness = new Witness(files);
  const modules = new ProjectModules(witness, assignment.moduleFolders);
  const { dialect } = assignment.config;
  return async (batch) => {
    const summaries: BatchAnswer["summaries"][number][] = [];
    for (const [path, text] of batch) {
      // Of its own: nothing is to be remembered of a file that is done with.
      const readers = createReaders();
      const file = await modules.complete(() => readers.revision(path, text, dialect, modules.modules), readers);
      summaries.push(summarise(file, assignment, file.modules?.some((name) => modules.has(name)) === true));
    }
    return { summaries, testimony: witness.testimony() };
  };
}
