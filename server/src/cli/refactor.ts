import { createTwoFilesPatch } from "diff";
import type { RevisionFile } from "../model/revision.ts";
import type { Place, Refactoring, Result } from "../refactorings/define.ts";
import { cautionOf } from "../refactorings/caution.ts";
import { listRefactorings, offerOf, refactoringById } from "../refactorings/offers.ts";
import { Refused } from "../rewrite/refused.ts";
import { LineIndex } from "../text/lines.ts";
import { range, type Range } from "../text/range.ts";
import { findApplied } from "./applied.ts";
import type { Command } from "./arguments.ts";
import { displayPath, exitCodes, InputError, UsageError, type ExitCode, type Io } from "./io.ts";
import { findPublishedIn } from "./past.ts";
import { openFile } from "./targets.ts";

/** In words that go on after "it cannot be done: " and its like. */
export interface Wording {
  readonly cannot: string;
  readonly nothing: (file: RevisionFile) => string;
}

export interface Request {
  readonly id: string;
  readonly place: Place;
  readonly mode: "show" | "diff" | "write";
  /** Also a revision that others may have run. */
  readonly evenPublished: boolean;
}

/** @throws UsageError with the names that there are. */
function named(id: string): Refactoring {
  const refactoring = refactoringById(id);
  if (refactoring) return refactoring;
  throw new UsageError(`there is no refactoring "${id}"; ${listRefactorings()}`);
}

/** @throws InputError with the reason, where it cannot be made. */
function make({ id, place }: Request, wording: Wording): Result {
  const refactoring = named(id);
  const offer = offerOf(refactoring, place);
  if (offer === undefined) throw new InputError(wording.nothing(place.file));
  if ("unavailable" in offer) throw new InputError(`${wording.cannot}: ${offer.unavailable}`);
  try {
    return refactoring.apply(place, offer.plan);
  } catch (error) {
    throw error instanceof Refused ? new InputError(`${wording.cannot}: ${error.message}`) : error;
  }
}

const renderParts = ({ parts }: Result, io: Io): string =>
  parts
    .map(
      ({ path, isNew, title, text }) =>
        `# ${displayPath(path, io.cwd)} (${isNew ? "new" : "changed"}): ${title}\n\n${text.trimEnd()}\n`,
    )
    .join("\n\n");

/** As `git diff` shows it, so that `git apply` takes it. */
function renderDiff({ parts }: Result, io: Io): string {
  return parts
    .map(({ path, isNew, before, text }) => {
      const shown = displayPath(path, io.cwd);
      const patch = createTwoFilesPatch(
        isNew ? "/dev/null" : `a/${shown}`,
        `b/${shown}`,
        before,
        text,
        undefined,
        undefined,
        { context: 3 },
      );
      return patch.replace(/^=+\n/, "");
    })
    .join("");
}

/** Where neither git nor a database was asked, that is said of what was changed. */
function whyUnknown({ project, published, applied }: Place, { parts }: Result): string | undefined {
  const changed = parts.find(({ path, isNew }) => !isNew && project.files.get(path)?.isRevision === true);
  return changed === undefined || applied !== undefined || published !== undefined
    ? undefined
    : `It is not known whether a database has run ${changed.revision} already; --database URL asks one.`;
}

export async function refactor(request: Request, wording: Wording, io: Io): Promise<ExitCode> {
  const result = make(request, wording);
  const caution = cautionOf(request.place, result);
  if (caution !== undefined && request.mode === "write" && !request.evenPublished)
    throw new InputError(`${caution} Nothing was written; to write it all the same: --published`);
  if (request.mode === "diff") io.out(renderDiff(result, io));
  else if (request.mode === "show") io.out(renderParts(result, io));
  else {
    await io.write(result.change);
    for (const { path, isNew } of result.parts)
      io.out(`${isNew ? "created" : "changed"} ${displayPath(path, io.cwd)}\n`);
  }
  const unasked = caution === undefined && request.mode === "write" ? whyUnknown(request.place, result) : undefined;
  for (const note of [caution, unasked, ...result.notes]) if (note !== undefined) io.err(`note: ${note}\n`);
  return exitCodes.clean;
}

/** The line that is named; else all of the file. */
function rangeOf(file: RevisionFile, line: number | undefined): Range {
  if (line === undefined) return range(0, file.text.length);
  const lines = new LineIndex(file.text);
  if (line < 1 || line > lines.lineCount)
    throw new InputError(`there is no line ${line}: the file has ${lines.lineCount}`);
  const text = file.text.slice(lines.lineStart(line - 1), lines.lineStart(line)).trimEnd();
  return range(lines.lineStart(line - 1), lines.lineStart(line - 1) + text.length);
}

export async function runRefactor(command: Command & { readonly name: "refactor" }, io: Io): Promise<ExitCode> {
  const { id, file: path, line, mode, dialect, evenPublished } = command;
  const { project, file } = await openFile(path, dialect, io, named(id).isOfEnvironment);
  const published = await findPublishedIn(project, io);
  const applied = await findApplied(project, command.database, io);
  const known = { ...(published && { published }), ...(applied && { applied }) };
  const place = { project, file, range: rangeOf(file, line), ...known };
  const where = line === undefined ? displayPath(file.path, io.cwd) : `line ${line}`;
  return refactor(
    { id, place, mode, evenPublished },
    { cannot: "it cannot be done", nothing: () => `${id} has nothing to do in ${where}` },
    io,
  );
}
