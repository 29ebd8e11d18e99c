/** What `check` has found, as values: both formats are made from it. */
import { setImmediate as breathe } from "node:timers/promises";
import type { Unread } from "../features/coverage.ts";
import type { QuickReader } from "../host/reading/read-many.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Project, ProjectProblem } from "../project/snapshot.ts";
import type { Place } from "../refactorings/define.ts";
import { offerOf, refactoringById } from "../refactorings/offers.ts";
import {
  byPlace,
  checkProject,
  groupByPath,
  settle,
  settleFile,
  type Finding,
  type RuleFailure,
} from "../rules/check.ts";
import { severities, type Severity } from "../rules/define.ts";
import { exitCodes, InputError, type ExitCode, type Io } from "./io.ts";
import { checkAlone, type Alone, type Circumstances } from "./alone.ts";
import { widerChecks } from "./kept-findings.ts";
import type { PresentRevision } from "../project/published.ts";
import type { Baseline } from "../settings/settings.ts";
import { upTo } from "../history/past.ts";
import { presentRevisions } from "../host/git.ts";
import { revisedOf } from "./revised.ts";
import type { Opened, Target } from "./targets.ts";

export interface Fix {
  readonly id: string;
  readonly title: string;
  /** Why it cannot be made here; absent where it can. */
  readonly unavailable?: string;
}

export interface Reported extends Finding {
  /** Absent where nobody wanted to see them. */
  readonly fixes?: readonly Fix[];
}

/** Which fixes are planned: planning proves them, and costs more than finding what they are for. */
export interface Wanted {
  /** How many findings are shown with their fixes, the first ones. */
  readonly fixes: number;
  /** Which findings will be shown at all. */
  shownIn(lineages: readonly Lineage[]): Promise<IsShown>;
}

export type IsShown = (finding: Finding) => boolean;

/** The revisions of a project that were checked, and what its settings say of its past. */
export interface Lineage {
  readonly root: string;
  readonly revisions: readonly PresentRevision[];
  /** Those of the project, whatever was checked. */
  readonly all: readonly PresentRevision[];
  /** What git said of them, where it was asked: see `stillTold`. */
  readonly revised?: string;
  /** With revisions that are named resolved to the ids up to them. */
  readonly baseline?: Baseline;
}

/** What was found in revisions that are not judged any more, and left out. */
export interface LeftOut {
  /** Which revisions these are, as the end of a sentence. */
  readonly which: string;
  readonly revisions: number;
  readonly findings: number;
}

export interface Report {
  readonly projects: number;
  readonly files: number;
  readonly revisions: number;
  readonly statements: { readonly total: number; readonly analysed: number };
  /** The statements that are not analysed. */
  readonly unread: readonly (Unread & { readonly path: string })[];
  readonly findings: readonly Reported[];
  readonly problems: readonly ProjectProblem[];
  readonly failures: readonly RuleFailure[];
  readonly lineages: readonly Lineage[];
  readonly leftOut?: LeftOut;
  /** A line for whoever reads the report; no part of it. */
  readonly advice?: string;
  /** Texts of the files that something is said of. */
  readonly texts: ReadonlyMap<string, string>;
}

/** The refactorings that repair findings of one file. Several findings of one place ask for the same one. */
function fixesIn(project: Project, file: RevisionFile): (finding: Finding) => readonly Fix[] {
  const known = new Map<string, readonly Fix[]>();
  return ({ refactorings, range }) =>
    refactorings.flatMap((id) => {
      const key = `${id} ${range.start} ${range.end}`;
      const fixes = known.get(key) ?? fixesAt(id, { project, file, range });
      known.set(key, fixes);
      return fixes;
    });
}

function fixesAt(id: string, place: Place): readonly Fix[] {
  const refactoring = refactoringById(id);
  if (refactoring === undefined) return [];
  const offer = offerOf(refactoring, place);
  if (offer === undefined) return [];
  if ("unavailable" in offer) return [{ id, title: refactoring.title, unavailable: offer.unavailable }];
  return [{ id, title: offer.title }];
}

const planned = (finding: Finding, fixesOf: (finding: Finding) => readonly Fix[]): Reported => ({
  ...finding,
  fixes: fixesOf(finding),
});

/** Tells of findings, each asked for once and in their order, whether they are among the first that are shown. */
function firstShown(most: number, isShown: IsShown): IsShown {
  let left = most;
  return (finding) => {
    if (left === 0 || !isShown(finding)) return false;
    left--;
    return true;
  };
}

/** The report as whoever wants so many fixes sees it. Undefined where some of them have not been planned. */
export function withWanted(report: Report, most: number, isShown: IsShown): Report | undefined {
  const isWanted = firstShown(most, isShown);
  const findings: Reported[] = [];
  for (const { fixes, ...finding } of report.findings) {
    const shows = isWanted(finding);
    if (shows && fixes === undefined) return undefined;
    findings.push(shows && fixes !== undefined ? { ...finding, fixes } : finding);
  }
  return { ...report, findings };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const problemsOf = (file: RevisionFile): readonly ProjectProblem[] =>
  file.problems.filter(({ code }) => code !== "no-revision").map((problem) => ({ ...problem, file: file.path }));

function withoutDoubles(problems: readonly ProjectProblem[]): readonly ProjectProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ code, message, file, range }) => {
    const key = JSON.stringify([code, message, file, range.start]);
    return !seen.has(key) && seen.add(key);
  });
}

/** The texts of files that something is said of. Problems lie in configuration files too. */
async function readTexts(
  said: ReadonlySet<string>,
  files: ReadonlyMap<string, RevisionFile>,
  io: Io,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const path of said) {
    const text = files.get(path)?.text ?? (await io.files.read(path).catch(() => undefined));
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}

const byPath = (a: Finding, b: Finding): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : byPlace(a, b));

/** Files looked at between two rests. */
const atOnce = 10;

/** What was found while the file was read, where that was under the same circumstances. */
function recallAlone(file: RevisionFile, { settings }: Circumstances, quick: QuickReader): Alone | undefined {
  const known = quick.extraOf(file);
  return known?.circumstances === settings ? (known.extra as Alone | undefined) : undefined;
}

/** @throws InputError where a project has no such revision */
function lineageOf(target: Target, since: string | undefined): Lineage {
  const { project, settings, files } = target;
  const all = presentRevisions(project.files.values());
  const covered = new Set(files.map(({ path }) => path));
  const known = {
    root: project.config.root,
    revisions: all.filter(({ path }) => covered.has(path)),
    all,
    ...revisedOf(target),
  };
  const baseline = since === undefined ? settings.baseline : [since];
  if (baseline === undefined || typeof baseline === "string")
    return { ...known, ...(baseline === undefined ? {} : { baseline }) };
  const past = upTo(project.history, baseline);
  if ("value" in past) return { ...known, baseline: [...past.value] };
  throw new InputError(`${since === undefined ? "baseline" : "--since"}: ${past.error.message}`);
}

/** Several projects share one line of settings, or one option: it is a mistake where none of them has the revision. */
export function lineagesOf(targets: readonly Target[], since: string | undefined): readonly Lineage[] {
  const made: Lineage[] = [];
  let failure: unknown;
  for (const target of targets) {
    try {
      made.push(lineageOf(target, since));
    } catch (error) {
      const isShared = targets.length > 1 && (since !== undefined || target.settings.within !== undefined);
      if (!(error instanceof InputError) || !isShared) throw error;
      failure = error;
    }
  }
  if (failure !== undefined && made.length === 0) throw failure;
  return made;
}

/** Checks every file that the paths cover, under the settings of its project. `since`: a revision instead of their baseline. */
export async function makeReport(
  { targets, problems, quick }: Opened,
  io: Io,
  wanted: Wanted,
  since?: string,
): Promise<Report> {
  const lineages = lineagesOf(targets, since);
  const findings: Reported[] = [];
  const isWanted = firstShown(wanted.fixes, await wanted.shownIn(lineages));
  const unread: Report["unread"][number][] = [];
  const failures: RuleFailure[] = [];
  const files = new Map<string, RevisionFile>();
  for (const { project, settings, files: covered } of targets) {
    const whole = checkProject(project, settings);
    failures.push(...whole.failures);
    const beyond = widerChecks(project, settings, { quick, kept: io.kept });
    const wholeByPath = groupByPath(whole.findings);
    const outside = whole.findings.filter(({ path }) => !project.files.has(path));
    const nowhere = (): readonly Fix[] => [];
    for (const one of settle([...outside].sort(byPath))) findings.push(isWanted(one) ? planned(one, nowhere) : one);
    for (const file of [...covered].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      // Two sections of one alembic.ini may share their files.
      if (files.has(file.path)) continue;
      files.set(file.path, file);
      io.progress?.tell(`Checking file ${files.size} …`);
      const circumstances = { config: project.config, settings };
      const own = recallAlone(file, circumstances, quick) ?? checkAlone(file, circumstances);
      const wider = beyond.check(file);
      const ofWhole = { findings: wholeByPath.get(file.path) ?? [], failures: whole.failures };
      const found = settleFile(project, file, settings, [ofWhole, own.checked, wider]);
      const fixesOf = fixesIn(project, file);
      for (const one of found) findings.push(isWanted(one) ? planned(one, fixesOf) : one);
      failures.push(...own.checked.failures, ...wider.failures);
      unread.push(...own.unread.map((place) => ({ ...place, path: file.path })));
      // What was made of the files so far may go only between two turns of the event loop.
      if (files.size % atOnce === 0) await breathe();
    }
    beyond.keep();
  }
  const all = [...files.values()];
  const revisions = all.filter((file) => file.isRevision);
  const found = withoutDoubles([
    ...problems,
    ...targets.flatMap(({ project }) => project.problems),
    ...all.flatMap(problemsOf),
  ]);
  const said = new Set([...findings, ...unread].map(({ path }) => path).concat(found.map(({ file }) => file)));
  return {
    projects: targets.length,
    files: all.length,
    revisions: revisions.length,
    statements: {
      total: sum(revisions.map(({ statements }) => statements.total)),
      analysed: sum(revisions.map(({ statements }) => statements.analysed)),
    },
    unread,
    findings,
    problems: found,
    failures,
    lineages,
    texts: await readTexts(said, files, io),
  };
}

/** What a history has wrong is read well enough, but Alembic stops at it: an error, though no rule found it. */
const historyCodes = [
  "duplicate-revision",
  "missing-parent",
  "unknown-dependency",
  "revision-cycle",
  "duplicate-branch-label",
  "illegal-revision-id",
  "revision-id-too-long",
];

export type FailOn = Severity | "never";

/** Whether a finding of the severity makes a check fail. */
export const isFailing = (severity: Severity, failOn: FailOn): boolean =>
  failOn !== "never" && severities.indexOf(severity) <= severities.indexOf(failOn);

/** @param failOn findings of this severity and worse make it fail; `never` leaves only what could not be read. */
export function exitCodeOf(report: Report, failOn: FailOn): ExitCode {
  if (report.failures.length > 0 || report.problems.some(({ code }) => !historyCodes.includes(code)))
    return exitCodes.unusable;
  if (failOn === "never") return exitCodes.clean;
  const found = report.problems.length > 0 || report.findings.some(({ severity }) => isFailing(severity, failOn));
  return found ? exitCodes.findings : exitCodes.clean;
}
