/** From the paths that a person names to projects and files. */
import { loadEngine } from "../host/engine.ts";
import { standardErrorLog } from "../host/log.ts";
import { createQuickReader, type QuickReader } from "../host/reading/read-many.ts";
import { readProjectSettings } from "../host/project-settings.ts";
import { environmentFileOf } from "../project/environment-file.ts";
import { isWithin, parentOf, resolvePath } from "../project/paths.ts";
import { FileUnreadable, type Log } from "../project/ports.ts";
import type { Project, ProjectConfig, ProjectProblem } from "../project/snapshot.ts";
import { ProjectStore } from "../project/store.ts";
import type { RevisionFile } from "../model/revision.ts";
import { rules } from "../rules/index.ts";
import { LineIndex } from "../text/lines.ts";
import type { Dialect } from "../sql/action.ts";
import { mergeSettings, type Settings } from "../settings/settings.ts";
import { aloneAsExtra } from "./alone.ts";
import { InputError, SettingsError, displayPath, type Io } from "./io.ts";

export interface Target {
  readonly project: Project;
  readonly settings: Settings;
  /** Those of the project that the paths cover. */
  readonly files: readonly RevisionFile[];
}

export interface Opened {
  readonly targets: readonly Target[];
  /** Of configurations and folders, and paths that lead nowhere. */
  readonly problems: readonly ProjectProblem[];
  /** What else is known of the files that were read. */
  readonly quick: QuickReader;
}

const isCovered = (path: string, project: Project, roots: readonly string[]): boolean =>
  roots.some((root) => isWithin(root, path) || isWithin(root, project.config.root));

/** What could not be read of the paths must be said, even where nothing else is there. */
const isTroubled = ({ problems }: Project, roots: readonly string[]): boolean =>
  problems.some(({ file }) => roots.some((root) => isWithin(root, file)));

const missing = (path: string, shown: string): ProjectProblem => ({
  code: "missing",
  message: `${shown} does not exist.`,
  file: path,
  range: { start: 0, end: 0 },
});

/** A wrong folder would pass for a clean one. */
const empty = (path: string, shown: string): ProjectProblem => ({
  code: "empty",
  message: `${shown} holds no Alembic project and no revision files.`,
  file: path,
  range: { start: 0, end: 0 },
});

async function exists(path: string, io: Io): Promise<boolean> {
  if ((await io.files.list(path).catch(() => [])) !== undefined) return true;
  try {
    return (await io.files.read(path)) !== undefined;
  } catch (error) {
    // It is there; that it cannot be read is said where it is read.
    if (error instanceof FileUnreadable) return true;
    throw error;
  }
}

interface Team {
  readonly settings: Settings;
  readonly problems: readonly ProjectProblem[];
}

/** What the team has written down for the project in this folder, with the command line's choice over it. */
async function readTeam(root: string, dialect: Dialect | undefined, io: Io): Promise<Team> {
  const { given, problems } = await readProjectSettings(io.files, root, rules);
  return { settings: mergeSettings([given, dialect === undefined ? {} : { dialect }]), problems };
}

/**
 * What is checked under half of the settings is checked under settings that nobody chose.
 * @throws SettingsError
 */
async function refuseProblems(problems: readonly ProjectProblem[], io: Io): Promise<void> {
  const lines = new Set<string>();
  for (const { file, message, range } of problems) {
    const text = await io.files.read(file).catch(() => undefined);
    const { line, character } = new LineIndex(text ?? "").positionAt(range.start);
    lines.add(`${displayPath(file, io.cwd)}:${line + 1}:${character + 1}: ${message}\n`);
  }
  if (lines.size > 0) throw new SettingsError([...lines].join(""));
}

/** Finds and reads everything beneath the paths; because of what is in a file it rejects only with a `SettingsError`. */
export async function openTargets(
  paths: readonly string[],
  dialect: Dialect | undefined,
  io: Io,
  log: Log = standardErrorLog,
): Promise<Opened> {
  await loadEngine();
  const roots = paths.map((path) => resolvePath(io.cwd, path));
  const known = await Promise.all(roots.map((root) => exists(root, io)));
  const teams = new Map<string, Promise<Team>>();
  const teamOf = (root: string): Promise<Team> => {
    const team = teams.get(root) ?? readTeam(root, dialect, io);
    teams.set(root, team);
    return team;
  };
  const { files, threads, kept } = io;
  const extra = { make: aloneAsExtra, circumstances: async ({ root }: ProjectConfig) => (await teamOf(root)).settings };
  const quick = createQuickReader({ files, threads, kept, extra });
  const store = new ProjectStore(files, log, quick.readMany);
  const existing = roots.filter((_, index) => known[index]);
  await store.open(existing, { chosen: async (root) => (await teamOf(root)).settings });
  const { projects, problems } = store.snapshot();
  const all = await Promise.all(
    projects.map(async (project) => ({
      project,
      settings: (await teamOf(project.config.root)).settings,
      files: [...project.files.values()].filter((file) => isCovered(file.path, project, roots)),
    })),
  );
  const lost = roots.filter((_, index) => !known[index]).map((root) => missing(root, displayPath(root, io.cwd)));
  await refuseProblems(
    (await Promise.all(teams.values())).flatMap((team) => team.problems),
    io,
  );
  const within = ({ project, files }: Target, some: readonly string[]): boolean =>
    files.some(({ path }) => isCovered(path, project, some)) ||
    isCovered(project.config.root, project, some) ||
    isTroubled(project, some);
  const idle = existing.filter(
    (root) => !all.some((one) => within(one, [root])) && !problems.some(({ file }) => isWithin(root, file)),
  );
  const folders = await Promise.all(
    idle.map(async (root) => ((await io.files.list(root)) === undefined ? [] : [root])),
  );
  return {
    targets: all.filter((one) => within(one, roots)),
    problems: [...lost, ...folders.flat().map((root) => empty(root, displayPath(root, io.cwd))), ...problems],
    quick,
  };
}

/**
 * The one file that a command is about, in its project: a revision, or env.py where that is good enough.
 * @throws InputError where it does not exist, cannot be read or is no revision.
 */
export async function openFile(
  path: string,
  dialect: Dialect | undefined,
  io: Io,
  takesEnvironment = false,
): Promise<{ readonly project: Project; readonly file: RevisionFile }> {
  const absolute = resolvePath(io.cwd, path);
  // env.py is no revision, by which its project would be found.
  const isEnvironment = takesEnvironment && absolute.endsWith("/env.py");
  const { targets, problems } = await openTargets([isEnvironment ? parentOf(absolute) : path], dialect, io);
  try {
    await io.files.read(absolute);
  } catch (error) {
    if (error instanceof FileUnreadable) throw new InputError(error.message.replace(absolute, path));
    throw error;
  }
  for (const { project } of targets) {
    const file = project.files.get(absolute);
    if (file?.isRevision === true) return { project, file };
    const env = isEnvironment && project.config.env?.path === absolute ? environmentFileOf(project) : undefined;
    if (env !== undefined) return { project, file: env };
  }
  const own = targets.flatMap(({ project }) => project.files.get(absolute)?.problems ?? []);
  const [problem] = [
    ...problems.filter(({ file }) => file === absolute),
    ...own.filter(({ code }) => code === "computed-revision"),
  ];
  if (problem !== undefined) throw new InputError(`${path}: ${problem.message}`);
  const isFolder = (await io.files.list(absolute)) !== undefined;
  throw new InputError(
    isFolder
      ? `${path} is a folder; name one revision file`
      : `${path} is not a revision file: it sets no \`revision\``,
  );
}
