import type { RevisionFile } from "../model/revision.ts";
import { LineIndex } from "../text/lines.ts";
import { range } from "../text/range.ts";
import { findApplied } from "./applied.ts";
import type { ExitCode, Io } from "./io.ts";
import { findPublishedIn } from "./past.ts";
import { refactor } from "./refactor.ts";
import { openFile } from "./targets.ts";
import type { Command } from "./arguments.ts";

/** Of a file that was not read to its end it is not known that there is nothing. */
function whyNothing({ problems, upgrades, text }: RevisionFile): string {
  const [problem] = problems;
  if (problem) {
    const line = new LineIndex(text).positionAt(problem.range.start).line + 1;
    return `it cannot be split: line ${line}: ${problem.message}`;
  }
  if (upgrades.some(({ unfinished }) => unfinished)) {
    return "it cannot be split: there is too much code in upgrade() to follow to its end";
  }
  return "there is nothing to split: it does not mix schema and data of existing tables";
}

/** The short name of `refactor split-mixed-migration`. */
export async function runSplit(command: Command & { readonly name: "split" }, io: Io): Promise<ExitCode> {
  const { project, file } = await openFile(command.file, command.dialect, io);
  const published = await findPublishedIn(project, io);
  const applied = await findApplied(project, command.database, io);
  const known = { ...(published && { published }), ...(applied && { applied }) };
  const place = { project, file, range: range(0, file.text.length), ...known };
  const wording = { cannot: "it cannot be split", nothing: whyNothing };
  return refactor(
    { id: "split-mixed-migration", place, mode: command.mode, evenPublished: command.evenPublished },
    wording,
    io,
  );
}
