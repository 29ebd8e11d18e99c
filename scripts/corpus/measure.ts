/** Runs the engine over projects and counts. */
import { loadEngine } from "../../server/src/host/engine.ts";
import { nodeFiles } from "../../server/src/host/files.ts";
import type { RevisionFile } from "../../server/src/model/revision.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { check, type Finding } from "../../server/src/rules/check.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";
import { LineIndex } from "../../server/src/text/lines.ts";
import { askPython } from "./fetch.ts";
import { trySplit, type Split } from "./splits.ts";

export interface Crash {
  readonly path: string;
  readonly during: string;
  readonly message: string;
}

export interface Measured {
  readonly projects: number;
  readonly files: number;
  readonly revisions: number;
  readonly statements: { readonly total: number; readonly analysed: number };
  /** Why an operation is opaque or only likely, and how often. */
  readonly opaque: Counts;
  readonly likely: Counts;
  /** Where each cause of an opaque operation is met first. */
  readonly examples: Readonly<Record<string, string>>;
  readonly operations: Counts;
  readonly problems: Counts;
  readonly rules: Counts;
  readonly findings: readonly {
    readonly rule: string;
    readonly path: string;
    readonly line: number;
    readonly message: string;
  }[];
  readonly splits: {
    readonly notOffered: number;
    readonly refused: Counts;
    readonly made: number;
    readonly invalid: number;
    /** Pairs of statements whose order counts: those that were held to it, and those that are written otherwise in their part. */
    readonly pairs: { readonly kept: number; readonly unplaced: number };
  };
  readonly invalid: readonly { readonly path: string; readonly faults: readonly string[] }[];
  readonly crashes: readonly Crash[];
  readonly seconds: { readonly read: number; readonly check: number; readonly split: number };
  readonly peakMegabytes: number;
}

export type Counts = Readonly<Record<string, number>>;

export interface Watcher {
  readonly onRead?: (projects: readonly Project[]) => void;
  /** Called with every split that was made. */
  readonly onSplit?: (file: RevisionFile, split: Extract<Split, { outcome: "made" }>) => void;
  readonly onRefusal?: (file: RevisionFile, reason: string) => void;
}

export async function measure(folders: readonly string[], root: string, watcher: Watcher = {}): Promise<Measured> {
  await loadEngine();
  const crashes: Crash[] = [];
  const relative = (path: string): string => (path.startsWith(root) ? path.slice(root.length + 1) : path);
  const crash = (path: string, during: string, error: unknown): void => {
    crashes.push({
      path: relative(path),
      during,
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  };
  const start = performance.now();
  const projects = await readProjects(folders, crash);
  const read = performance.now();
  watcher.onRead?.(projects);
  const findings = projects.flatMap((project) => checkProject(project, crash));
  const checked = performance.now();
  const splits = projects.flatMap((project) => splitProject(project, crash, watcher));
  const done = performance.now();

  const files = projects.flatMap((project) => [...project.files.values()]);
  const operations = files.flatMap(({ upgrades, downgrades }) =>
    [...upgrades, ...downgrades].flatMap((one) => one.operations),
  );
  const byPython = await namesAmiss(splits);
  const invalid = splits.flatMap(({ file, split }) => {
    const faults = split.outcome === "made" ? [...split.faults, ...(byPython.get(file.path) ?? [])] : [];
    return faults.length > 0 ? [{ path: relative(file.path), faults }] : [];
  });
  return {
    projects: projects.length,
    files: files.length,
    revisions: files.filter(({ isRevision }) => isRevision).length,
    statements: {
      total: sum(files.map(({ statements }) => statements.total)),
      analysed: sum(files.map(({ statements }) => statements.analysed)),
    },
    opaque: countBy(operations.filter(({ confidence }) => confidence === "opaque").map(({ why }) => generalise(why))),
    examples: firstPlaces(files, relative),
    likely: countBy(operations.filter(({ confidence }) => confidence === "likely").map(({ why }) => generalise(why))),
    operations: countBy(operations.map(({ kind }) => kind)),
    problems: countBy([
      ...files.flatMap((file) => file.problems.map(({ code }) => code)),
      ...projects.flatMap((project) => project.problems.map(({ code }) => code)),
    ]),
    rules: countBy(findings.map(({ rule }) => rule)),
    findings: findings.map(({ rule, path, message, line }) => ({ rule, path: relative(path), line, message })),
    splits: {
      notOffered: splits.filter(({ split }) => split.outcome === "not-offered").length,
      refused: countBy(splits.flatMap(({ split }) => (split.outcome === "refused" ? [generalise(split.reason)] : []))),
      made: splits.filter(({ split }) => split.outcome === "made").length,
      invalid: invalid.length,
      pairs: {
        kept: sum(splits.map(({ split }) => (split.outcome === "made" ? split.order.pairs : 0))),
        unplaced: sum(splits.map(({ split }) => (split.outcome === "made" ? split.order.unplaced : 0))),
      },
    },
    invalid,
    crashes,
    seconds: { read: seconds(start, read), check: seconds(read, checked), split: seconds(checked, done) },
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

/** What Python finds in the parts of the splits and did not find in the originals, by the original's path. */
async function namesAmiss(splits: readonly Tried[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const made = splits.flatMap(({ file, split }) => (split.outcome === "made" ? [{ file, result: split.result }] : []));
  const sources: Record<string, string> = {};
  made.forEach(({ file, result }, i) => {
    sources[`${String(i)} original`] = file.text;
    result.parts.forEach(({ name, text }) => (sources[`${String(i)} ${name}`] = text));
  });
  const answers = await askPython(sources);
  return new Map(
    made.map(({ file, result }, i) => {
      const before = new Set(answers[`${String(i)} original`]);
      const found = result.parts.flatMap(({ name }) =>
        (answers[`${String(i)} ${name}`] ?? [])
          .filter((problem) => !before.has(problem))
          .map((problem) => `${name} ${problem}`),
      );
      return [file.path, found];
    }),
  );
}

interface Tried {
  readonly file: RevisionFile;
  readonly split: Split;
}

type OnCrash = (path: string, during: string, error: unknown) => void;

export async function readProjects(folders: readonly string[], crash: OnCrash): Promise<readonly Project[]> {
  const projects: Project[] = [];
  for (const folder of folders) {
    const store = new ProjectStore(nodeFiles, {
      info: () => undefined,
      warn: () => undefined,
      error: (message) => crash(folder, "read", message),
    });
    try {
      await store.open([folder]);
      projects.push(...store.snapshot().projects);
    } catch (error) {
      crash(folder, "read", error);
    }
  }
  return projects;
}

function checkProject(project: Project, crash: OnCrash): readonly (Finding & { readonly line: number })[] {
  try {
    const { findings, failures } = check(project, defaultSettings);
    for (const { rule, path, error } of failures) crash(path, rule, error);
    return findings.map((finding) => ({ ...finding, line: lineOf(project, finding) }));
  } catch (error) {
    crash(project.config.root, "check", error);
    return [];
  }
}

const lineOf = (project: Project, { path, range }: Finding): number =>
  new LineIndex(project.files.get(path)?.text ?? "").positionAt(range.start).line + 1;

function splitProject(project: Project, crash: OnCrash, watcher: Watcher): readonly Tried[] {
  return [...project.files.values()]
    .filter(({ isRevision }) => isRevision)
    .flatMap((file) => {
      try {
        const split = trySplit(project, file);
        if (split.outcome === "made") watcher.onSplit?.(file, split);
        if (split.outcome === "refused") watcher.onRefusal?.(file, split.reason);
        return [{ file, split }];
      } catch (error) {
        crash(file.path, "split", error);
        return [];
      }
    });
}

/** `path:line` of the first place of each cause. */
function firstPlaces(files: readonly RevisionFile[], relative: (path: string) => string): Measured["examples"] {
  const places = new Map<string, string>();
  for (const file of files)
    for (const { confidence, why, range } of [...file.upgrades, ...file.downgrades].flatMap((one) => one.operations)) {
      const cause = generalise(why);
      if (confidence !== "opaque" || places.has(cause)) continue;
      places.set(cause, `${relative(file.path)}:${String(new LineIndex(file.text).positionAt(range.start).line + 1)}`);
    }
  return Object.fromEntries(places);
}

/** The same cause in other words: quoted names, names of functions and numbers left out. */
const generalise = (why: string | undefined): string =>
  (why ?? "no reason given").replace(/"[^"]*"|“[^”]*”|`[^`]*`|'[^']*'|\w+(?=\(\))/g, "…").replace(/\b\d+\b/g, "N");

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const seconds = (from: number, to: number): number => Math.round((to - from) / 10) / 100;

function countBy(keys: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])));
}
