import type { CommandHandler } from "./handler.ts";
import { readNamed } from "./target.ts";

/** The history as a page: of the project and at the revision of the row, where it was called on one. */
export const showGraph: CommandHandler = ({ graph }, argument) => {
  const { projectId, revisionId } = readNamed(argument);
  graph.show(projectId, revisionId);
  return Promise.resolve();
};
