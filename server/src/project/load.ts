/** One project from its site: its revision files read, its dialect settled, its history built. */
import { buildHistory } from "../history/build.ts";
import type { History, HistoryProblem } from "../history/history.ts";
import { rebuildHistory } from "../history/rebuild.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Dialect } from "../sql/action.ts";
import { tellDialect, type Told } from "./dialect.ts";
import { findCompiled } from "./compiled.ts";
import { isRevisionName } from "./continuation.ts";
import { readText, unreadable } from "./read-text.ts";
import { ProjectModules } from "./modules.ts";
import { baseName, joinPath } from "./paths.ts";
import type { FileSource } from "./ports.ts";
import type { Readers } from "./readers.ts";
import { ScriptFolder, type ScriptReading } from "./script-folder.ts";
import { StatisticsFile } from "./statistics-file.ts";
import type { Statistics } from "./statistics.ts";
import type { Site } from "./site.ts";
import type { Project, ProjectConfig, ProjectEnvironment, ProjectProblem } from "./snapshot.ts";
import { retouch } from "./retouch.ts";
import { walkRevisions } from "./walk.ts";

/** A project, with what it was made of, so that an edit need not go through all of it again. */
export interface Loaded {
  readonly site: Site;
  readonly project: Project;
  readonly script: ScriptFolder;
  readonly scriptReading: ScriptReading;
  readonly statisticsFile: StatisticsFile;
  readonly statistics: Statistics | undefined;
  readonly modules: ProjectModules;
  /** Files and folders that could not be read. */
  readonly unread: readonly ProjectProblem[];
}

/** What a person has chosen for a project. */
export interface Chosen {
  readonly dialect?: Dialect | undefined;
  /** Path of the statistics file, relative to the project's folder. */
  readonly statistics?: string | undefined;
}

interface Material extends Pick<Loaded, "scriptReading" | "statistics" | "unread"> {
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Reads a project whole or, where only the texts of files that it has are said to have changed, those. What turns out
 * to be as it was `earlier` is the same value again.
 */
export async function loadProject(
  files: FileSource,
  site: Site,
  chosen: Chosen,
  readers: Readers,
  earlier?: Loaded,
  changed?: ReadonlySet<string>,
): Promise<Loaded> {
  if (earlier?.site === site && changed) {
    const retouched = await retouch(files, earlier, changed, readers);
    if (retouched) return retouched === earlier.project ? earlier : { ...earlier, project: retouched };
  }
  const patched = earlier?.site === site && changed ? await patch(files, earlier, changed) : undefined;
  const script = earlier?.site === site ? earlier.script : new ScriptFolder(files, site, readers);
  const statisticsFile =
    earlier?.statisticsFile.isFor(site.root, chosen.statistics) === true
      ? earlier.statisticsFile
      : new StatisticsFile(files, site.root, chosen.statistics);
  const { texts, scriptReading, statistics, unread } = patched ?? (await gather(files, site, script, statisticsFile));
  const { env } = scriptReading;
  const told = dialectOf(site, chosen.dialect, env, texts, readers);
  const config = toConfig(site, { ...scriptReading, statistics }, told, earlier);
  const modules = earlier?.site === site ? earlier.modules : modulesOf(files, site);
  // Later, modules may be other than on the disk, where an editor holds them.
  if (earlier === undefined)
    await modules.learn(await readers.prepare({ texts, config, moduleFolders: modules.folders }));
  const revisions = new Map<string, RevisionFile>();
  for (const [path, text] of texts) {
    const read = (): RevisionFile => readers.revision(path, text, config.dialect, modules.modules);
    const file = read();
    // Waiting, if only for what is there, would cost more than all else that an edit of one file of thousands takes.
    revisions.set(path, modules.isWanting ? await modules.complete(read, readers) : file);
  }
  const history = earlier
    ? rebuildHistory(earlier.project.history, revisions.values())
    : buildHistory(revisions.values());
  const problems = [
    ...site.problems,
    ...unread,
    ...brokenEnvironment(env),
    ...certain(history, unread, config.dialect).map(({ code, message, path, range, related }) => ({
      code,
      message,
      file: path,
      range,
      ...(related === undefined ? {} : { related }),
    })),
  ];
  const published = earlier?.project.published;
  const project: Project = {
    ...{ id: site.id, config, files: revisions, history, problems, modules: modules.modules },
    ...(published && { published }),
  };
  const isSame = earlier !== undefined && isSameProject(earlier.project, project);
  return {
    ...{ site, script, scriptReading, statisticsFile, statistics, modules, unread },
    project: isSame ? earlier.project : project,
  };
}

const modulesOf = (files: FileSource, { root, scriptLocation, versionLocations }: Site): ProjectModules =>
  new ProjectModules(files, [
    root,
    joinPath(root, "src"),
    ...(scriptLocation === undefined ? [] : [scriptLocation]),
    ...versionLocations,
  ]);

const brokenEnvironment = (environment: ProjectEnvironment | undefined): readonly ProjectProblem[] =>
  environment?.broken
    ? [
        {
          code: "syntax",
          message: "This is not valid Python, so what env.py sets is not known.",
          file: environment.path,
          range: environment.broken,
        },
      ]
    : [];

/** What seems to be missing may be in a file that cannot be read, which is said already. SQLite stores ids of any length. */
function certain(
  { problems }: History,
  unread: readonly ProjectProblem[],
  dialect: Dialect,
): readonly HistoryProblem[] {
  const isIncomplete = unread.some(({ code, file }) => code === "compiled" || isRevisionName(baseName(file)));
  const uncertain: readonly string[] = isIncomplete ? ["missing-parent", "unknown-dependency"] : [];
  return problems.filter(
    ({ code }) => !uncertain.includes(code) && !(code === "revision-id-too-long" && dialect === "sqlite"),
  );
}

/** Undefined where a file came, went or cannot be read: then folders must be listed again. */
async function patch(
  files: FileSource,
  { project, scriptReading, statistics, unread }: Loaded,
  changed: ReadonlySet<string>,
): Promise<Material | undefined> {
  const texts = new Map<string, string>();
  for (const { path, text } of project.files.values()) texts.set(path, text);
  for (const path of changed) {
    const text = texts.has(path) ? await files.read(path).catch(() => undefined) : undefined;
    if (text === undefined) return undefined;
    texts.set(path, text);
  }
  return { texts, scriptReading, statistics, unread };
}

async function gather(
  files: FileSource,
  site: Site,
  script: ScriptFolder,
  statisticsFile: StatisticsFile,
): Promise<Material> {
  const unread: ProjectProblem[] = [];
  const scriptReading = await script.read(unread);
  const statistics = await statisticsFile.read(unread);
  const texts = new Map<string, string>();
  for (const location of site.versionLocations) {
    const paths = await revisionPaths(files, location, site, unread);
    // All at once: a source that has to wait for each waits for many together.
    const read = await Promise.all(
      paths.map(async (path) => {
        const problems: ProjectProblem[] = [];
        return { path, text: await readText(files, path, problems), problems };
      }),
    );
    for (const { path, text, problems } of read) {
      unread.push(...problems);
      if (text !== undefined) texts.set(path, text);
    }
  }
  return { texts, scriptReading, statistics, unread };
}

/** Nothing that a rule or a person could see has changed. */
function isSameProject(a: Project, b: Project): boolean {
  if (a.config !== b.config || a.files.size !== b.files.size) return false;
  for (const [path, file] of a.files) if (b.files.get(path) !== file) return false;
  return JSON.stringify(a.problems) === JSON.stringify(b.problems);
}

/** In the order in which Alembic loads them. A location that does not exist holds none, as for Alembic. */
async function revisionPaths(
  files: FileSource,
  location: string,
  { recursive, sourceless }: Pick<Site, "recursive" | "sourceless">,
  problems: ProjectProblem[],
): Promise<readonly string[]> {
  try {
    await files.list(location);
  } catch (error) {
    problems.push(unreadable(location, error));
    return [];
  }
  const folders = await walkRevisions(files, location, recursive);
  if (sourceless) problems.push(...(await Promise.all(folders.map((folder) => findCompiled(files, folder)))).flat());
  return folders.flatMap(({ path, files: names }) => names.filter(isRevisionName).map((name) => joinPath(path, name)));
}

/** The very config of `earlier` where it says the same, so that what was made of it holds on. */
function toConfig(
  site: Site,
  { env, template, statistics }: ScriptReading & Pick<Loaded, "statistics">,
  told: Told,
  earlier: Loaded | undefined,
): ProjectConfig {
  const known = earlier?.project.config;
  const isTold = known && known.dialectFrom === told.dialectFrom && known.dialect === told.dialect;
  const isScript = known && known.env === env && known.template?.text === template?.text;
  const isMeasured = known && known.statistics === statistics;
  if (isTold && isScript && isMeasured && earlier?.site === site) return known;
  const { urls: _urls, url: urlOfConfig, problems: _problems, id: _id, ...config } = site;
  const url = env?.url.isConfig === false ? env.url.literal : urlOfConfig;
  const made: ProjectConfig = {
    ...config,
    ...(url === undefined ? {} : { url }),
    ...told,
    ...(env ? { env } : {}),
    ...(template ? { template } : {}),
    versionTable: env?.versionTable ?? "alembic_version",
    ...(env?.versionTableSchema === undefined ? {} : { versionTableSchema: env.versionTableSchema }),
    ...(statistics ? { statistics } : {}),
  };
  return known && fingerprint(known) === fingerprint(made) ? known : made;
}

const fingerprint = (config: ProjectConfig): string =>
  JSON.stringify(config, (_key, value: unknown) => (value instanceof Map ? [...value] : value));

function dialectOf(
  { versionLocations, urls }: Site,
  chosen: Dialect | undefined,
  environment: ProjectEnvironment | undefined,
  texts: ReadonlyMap<string, string>,
  readers: Readers,
): Told {
  const imported = (): readonly ReadonlySet<Dialect>[] =>
    [...texts].map(([path, text]) => readers.imported(path, text));
  return tellDialect({ chosen, folders: versionLocations.map(baseName), urls, environment, imported });
}
