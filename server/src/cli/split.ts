import { createTwoFilesPatch } from "diff";
import type { RevisionFile } from "../model/revision.ts";
import { LineIndex } from "../text/lines.ts";
import type { Place, Result } from "../refactorings/define.ts";
import { refactoringById } from "../refactorings/index.ts";
import { displayPath, exitCodes, InputError, type ExitCode, type Io } from "./io.ts";
import { openFile } from "./targets.ts";
import type { Command } from "./arguments.ts";

const id = "split-mixed-migration";

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

/** @throws InputError with the reason, where it cannot be split. */
function makeSplit(place: Place): Result {
  const refactoring = refactoringById(id);
  const offer = refactoring?.plan(place);
  if (refactoring === undefined || offer === undefined) throw new InputError(whyNothing(place.file));
  if ("unavailable" in offer) throw new InputError(`it cannot be split: ${offer.unavailable}`);
  return refactoring.apply(place, offer.plan);
}

const renderParts = ({ parts }: Result, io: Io): string =>
  parts
    .map(
      ({ path, isNew, title, text }) =>
        `# ${displayPath(path, io.cwd)} (${isNew ? "new" : "changed"}): ${title}\n\n${text.trimEnd()}\n`,
    )
    .join("\n\n");

/** As `git diff` shows it, so that `git apply` takes it. */
function renderDiff({ parts }: Result, before: string, io: Io): string {
  return parts
    .map(({ path, isNew, text }) => {
      const shown = displayPath(path, io.cwd);
      const patch = createTwoFilesPatch(
        isNew ? "/dev/null" : `a/${shown}`,
        `b/${shown}`,
        isNew ? "" : before,
        text,
        undefined,
        undefined,
        { context: 3 },
      );
      return patch.replace(/^=+\n/, "");
    })
    .join("");
}

export async function runSplit(command: Command & { readonly name: "split" }, io: Io): Promise<ExitCode> {
  const { project, file } = await openFile(command.file, command.dialect, io);
  const upgrade = file.upgrades[0]?.nameRange ?? { start: 0, end: 0 };
  const result = makeSplit({ project, file, range: { start: upgrade.start, end: upgrade.start } });
  if (command.mode === "diff") io.out(renderDiff(result, file.text, io));
  else if (command.mode === "show") io.out(renderParts(result, io));
  else {
    await io.write(result.change);
    for (const { path, isNew } of result.parts)
      io.out(`${isNew ? "created" : "changed"} ${displayPath(path, io.cwd)}\n`);
  }
  for (const note of result.notes) io.err(`note: ${note}\n`);
  return exitCodes.clean;
}
