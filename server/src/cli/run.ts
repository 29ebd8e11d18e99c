import { standardErrorLog } from "../host/log.ts";
import { recall, type Computed } from "../host/recall.ts";
import type { FileSource, Log } from "../project/ports.ts";
import { resolvePath } from "../project/paths.ts";
import { LineIndex } from "../text/lines.ts";
import type { Command } from "./arguments.ts";
import { parseCommand } from "./arguments.ts";
import { explain } from "./explain.ts";
import { runFix } from "./fix.ts";
import { usage } from "./help.ts";
import {
  displayPath,
  exitCodes,
  InputError,
  SettingsError,
  UsageError,
  WriteRefused,
  type ExitCode,
  type Io,
} from "./io.ts";
import { mostFixes, renderers } from "./formats/index.ts";
import { renderModel } from "./json.ts";
import { findPasts, leavePast, settleSpan, staysWithout } from "./past.ts";
import { renderProblems } from "./pretty.ts";
import { countingFiles } from "./progress.ts";
import { exitCodeOf, makeReport, withWanted, type IsShown, type Report } from "./report.ts";
import { runRefactor } from "./refactor.ts";
import { stillTold, withPublished } from "./revised.ts";
import { runReview } from "./review.ts";
import { runSchema } from "./schema.ts";
import { runSplit } from "./split.ts";
import { openFile, openTargets } from "./targets.ts";
import { readVersion } from "./version.ts";

/** The report of an earlier run where all that it was made from is as it was. */
async function reportOn({ paths: given, span: asked, dialect, cache, format }: Check, io: Io): Promise<Report> {
  const { paths, span } = await settleSpan(asked, given, io);
  const since = span?.kind === "since" ? span.revision : undefined;
  // What git says may be another thing at any moment: it is asked in each run, and once.
  let told: { readonly lineages: Report["lineages"]; readonly pasts: ReturnType<typeof findPasts> } | undefined;
  const pastsOf = (lineages: Report["lineages"]): ReturnType<typeof findPasts> => {
    if (told?.lineages !== lineages) told = { lineages, pasts: findPasts(lineages, span, io) };
    return told.pasts;
  };
  const shownIn = async (lineages: Report["lineages"]): Promise<IsShown> => staysWithout(await pastsOf(lineages));
  const fixes = mostFixes[format];
  const { kept, ...unkept } = io;
  const compute = async (files: FileSource): Promise<Computed<Report>> => {
    const log = countingLog(standardErrorLog);
    const own = { ...(cache ? io : unkept), files };
    const opened = await withPublished(await openTargets(paths, dialect, own, log), own);
    const report = await makeReport(opened, own, { fixes, shownIn }, since);
    return { answer: report, isDoubtful: log.count > 0 || report.failures.length > 0 };
  };
  const asShown = async (report: Report): Promise<Report | undefined> =>
    withWanted(report, fixes, await shownIn(report.lineages));
  const files = io.progress ? countingFiles(io.files, io.progress) : io.files;
  const stillHolds = async (report: Report): Promise<boolean> =>
    (await stillTold(report.lineages, io)) && (await asShown(report)) !== undefined;
  const report =
    !cache || kept === undefined
      ? (await compute(files)).answer
      : await recall(kept, JSON.stringify(["check", io.cwd, paths, dialect, since]), files, compute, stillHolds);
  return leavePast((await asShown(report)) ?? report, await pastsOf(report.lineages), span, io);
}

/** What was logged has been seen; an answer that is told again would leave it out. */
function countingLog(log: Log): Log & { readonly count: number } {
  let count = 0;
  const counting =
    (tell: (message: string) => void) =>
    (message: string): void => {
      count++;
      tell(message);
    };
  return {
    info: log.info,
    warn: counting(log.warn),
    error: counting(log.error),
    get count() {
      return count;
    },
  };
}

type Check = Command & { readonly name: "check" };

async function runCheck(command: Check, io: Io): Promise<ExitCode> {
  const { format, failOn, output } = command;
  const report = await reportOn(command, io);
  io.progress?.end();
  // Colours are for a terminal, and a file is none.
  const rendered = renderers[format](report, output === undefined ? io : { ...io, colours: false }, failOn);
  if (output === undefined) io.out(rendered);
  else await io.save(resolvePath(io.cwd, output), rendered);
  io.err(renderProblems(report, io));
  for (const { rule, path, error } of report.failures) {
    io.err(`${path}: the rule ${rule} failed: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  return exitCodeOf(report, failOn);
}

/** What can be read of a broken file is printed all the same. */
async function runInspect({ file: path, dialect }: Command & { readonly name: "inspect" }, io: Io): Promise<ExitCode> {
  const { project, file } = await openFile(path, dialect, io);
  io.out(renderModel(project, file));
  const [problem] = file.problems;
  if (problem === undefined) return exitCodes.clean;
  const line = new LineIndex(file.text).positionAt(problem.range.start).line + 1;
  io.err(`${displayPath(file.path, io.cwd)}:${line}: ${problem.message}\n`);
  return exitCodes.unusable;
}

async function dispatch(command: Command, io: Io): Promise<ExitCode> {
  switch (command.name) {
    case "check":
      return runCheck(command, io);
    case "split":
      return runSplit(command, io);
    case "refactor":
      return runRefactor(command, io);
    case "fix":
      return runFix(command, io);
    case "inspect":
      return runInspect(command, io);
    case "schema":
      return runSchema(command, io);
    case "review":
      return runReview(command, io);
    case "stats": {
      // Loaded only here: the other commands know no database.
      const { runStats } = await import("./stats.ts");
      return runStats(command, io);
    }
    case "explain":
      io.out(explain(command.rule, io));
      return exitCodes.clean;
    case "lsp": {
      // Loaded only here: its libraries are large, and the other commands start faster without them.
      const { startServer } = await import("../lsp/start.ts");
      startServer();
      return exitCodes.clean;
    }
    case "help":
      io.out(usage);
      return exitCodes.clean;
    case "version":
      io.out(`${readVersion()}\n`);
      return exitCodes.clean;
  }
}

/** Runs one command line (without the program's name) and answers with its exit code. Never rejects. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await dispatch(parseCommand(argv), io);
  } catch (error) {
    io.progress?.end();
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof UsageError) io.err(`retort: ${message}. Try: retort --help\n`);
    else if (error instanceof SettingsError) io.err(message);
    else if (error instanceof InputError || error instanceof WriteRefused) io.err(`retort: ${message}\n`);
    else io.err(`retort: this is a defect of Retort: ${message}\n`);
    return exitCodes.unusable;
  }
}
