/** One project from its site: its revision files read, its dialect settled, its history built. */
import { buildHistory } from "../history/build.ts";
import { rebuildHistory } from "../history/rebuild.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Dialect } from "../sql/action.ts";
import { dialectOfName, dialectOfRevisions, dialectOfUrl } from "./dialect.ts";
import { isRevisionName } from "./continuation.ts";
import { readText, unreadable } from "./discover.ts";
import { readEnvironment, type Environment } from "./env.ts";
import { baseName, joinPath } from "./paths.ts";
import type { FileSource } from "./ports.ts";
import type { Site } from "./site.ts";
import type { Project, ProjectConfig, ProjectProblem } from "./snapshot.ts";
import { walk } from "./walk.ts";

/** Reads one revision; memoised by the store. */
export type Read = (path: string, text: string, dialect: Dialect) => RevisionFile;

export async function loadProject(
  files: FileSource,
  site: Site,
  chosen: Dialect | undefined,
  read: Read,
  earlier?: Project,
): Promise<Project> {
  const problems = [...site.problems];
  const environment = await findEnvironment(files, site, problems);
  const texts = new Map<string, string>();
  for (const location of site.versionLocations) {
    for (const path of await revisionPaths(files, location, site.recursive, problems)) {
      const text = await readText(files, path, problems);
      if (text !== undefined) texts.set(path, text);
    }
  }
  const config = toConfig(site, environment, chosen, texts);
  const revisions = new Map([...texts].map(([path, text]) => [path, read(path, text, config.dialect)]));
  const history = earlier ? rebuildHistory(earlier.history, revisions.values()) : buildHistory(revisions.values());
  return {
    id: site.id,
    config,
    files: revisions,
    history,
    problems: [
      ...problems,
      ...history.problems.map(({ code, message, path, range }) => ({ code, message, file: path, range })),
    ],
  };
}

/** In the order in which Alembic loads them. A location that does not exist holds none, as for Alembic. */
async function revisionPaths(
  files: FileSource,
  location: string,
  recursive: boolean,
  problems: ProjectProblem[],
): Promise<readonly string[]> {
  try {
    await files.list(location);
  } catch (error) {
    problems.push(unreadable(location, error));
    return [];
  }
  const folders = await walk(files, location, recursive ? undefined : 0);
  return folders.flatMap(({ path, files: names }) => names.filter(isRevisionName).map((name) => joinPath(path, name)));
}

interface FoundEnvironment extends Environment {
  readonly path: string;
  readonly text: string;
}

async function findEnvironment(
  files: FileSource,
  site: Site,
  problems: ProjectProblem[],
): Promise<FoundEnvironment | undefined> {
  if (site.scriptLocation === undefined) return undefined;
  const path = joinPath(site.scriptLocation, "env.py");
  const text = await readText(files, path, problems);
  return text === undefined ? undefined : { ...readEnvironment(text), path, text };
}

function toConfig(
  site: Site,
  environment: FoundEnvironment | undefined,
  chosen: Dialect | undefined,
  texts: ReadonlyMap<string, string>,
): ProjectConfig {
  const { urls, url: urlOfConfig, problems: _problems, id: _id, ...config } = site;
  const told = chosen ?? dialectOf(site, urls, environment, texts);
  const url = environment?.url.isConfig === false ? environment.url.literal : urlOfConfig;
  return {
    ...config,
    ...(url === undefined ? {} : { url }),
    dialect: told ?? "postgresql",
    dialectAssumed: told === undefined,
    ...(environment ? { env: toEnv(environment) } : {}),
    versionTable: environment?.versionTable ?? "alembic_version",
    ...(environment?.versionTableSchema === undefined ? {} : { versionTableSchema: environment.versionTableSchema }),
  };
}

/**
 * A URL of SQLite is often only there so that the project runs somewhere: revisions for another server count more.
 * Folders named for servers say for which each of them is.
 */
function dialectOf(
  site: Site,
  urls: readonly string[],
  environment: FoundEnvironment | undefined,
  texts: ReadonlyMap<string, string>,
): Dialect | undefined {
  const ofFolders = site.versionLocations.map((location) => dialectOfName(baseName(location)));
  const [ofFolder] = ofFolders;
  if (ofFolder !== undefined && ofFolders.every((one) => one === ofFolder)) return ofFolder;
  const ofUrl = urls.map(dialectOfUrl).find((dialect) => dialect !== undefined) ?? environment?.dialect;
  return ofUrl === undefined || ofUrl === "sqlite" ? (dialectOfRevisions(texts.values()) ?? ofUrl) : ofUrl;
}

const toEnv = ({ path, text, transactionPerMigration, renderAsBatch, variables }: FoundEnvironment) => ({
  path,
  text,
  transactionPerMigration,
  renderAsBatch,
  variables,
});
