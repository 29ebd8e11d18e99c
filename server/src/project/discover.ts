/** Finds the Alembic projects beneath folders. */
import { readConfig, type ConfigReading } from "./config.ts";
import { readConfigs } from "./config-files.ts";
import { readEnvironment } from "./env.ts";
import { isInPackage, type Location } from "./location.ts";
import { baseName, isWithin, joinPath, parentOf } from "./paths.ts";
import type { FileSource } from "./ports.ts";
import { problem, readText } from "./read-text.ts";
import { groupShelves, historiesBelow, readShelf, type Shelf } from "./continuation.ts";
import { environmentSite, looseSite, siteOf, withoutDoubles, type Places, type Site } from "./site.ts";
import type { ProjectProblem } from "./snapshot.ts";
import { listFolder, walk, type Folder } from "./walk.ts";

export interface DiscoverOptions {
  /** Also take folders of revision files that belong to no project: every Python file is read to find them. Default true. */
  readonly loose?: boolean;
}

export interface Discovered {
  readonly sites: readonly Site[];
  /** Of files that belong to no project in particular. */
  readonly problems: readonly ProjectProblem[];
}

/** `glance` reads a file that is hardly wanted again; a source that remembers what it reads should have one. */
export interface DiscoveryFiles extends FileSource {
  glance?(path: string): Promise<string | undefined>;
}

/** Roots are folders or single revision files, absolute. A project that lies partly outside a root is found whole. */
export async function discover(
  files: DiscoveryFiles,
  roots: readonly string[],
  { loose = true }: DiscoverOptions = {},
): Promise<Discovered> {
  const problems: ProjectProblem[] = [];
  const sites: Site[] = [];
  for (const root of roots) {
    const folders = await foldersOf(files, root, problems);
    const inside = folders.flatMap(({ path }) => path);
    const below = await configuredSites(files, folders, folders, problems);
    const upper = await foldersAbove(files, root);
    const reachesIn = (site: Site): boolean => claims(site).some((claimed) => inside.includes(claimed));
    const above = await configuredSites(files, upper, folders, []);
    sites.push(...below, ...above.filter(reachesIn));
    sites.push(...(await environmentSites(files, folders, sites)));
    sites.push(...(await environmentSites(files, upper, sites)).filter(reachesIn));
    if (loose) sites.push(...(await looseSites(files, folders, sites)));
  }
  return { sites: withoutDoubles(sites), problems };
}

const claims = (site: Site): readonly string[] =>
  site.scriptLocation === undefined ? site.versionLocations : [site.scriptLocation, ...site.versionLocations];

/** Of a single file only its own folder, and not what lies below that. */
async function foldersOf(files: FileSource, root: string, problems: ProjectProblem[]): Promise<readonly Folder[]> {
  const folders = await walk(files, root);
  if (folders.length > 0) return folders;
  const parent = await listFolder(files, parentOf(root));
  if (parent?.files.includes(baseName(root))) return [parent];
  problems.push(problem("missing", `${root} does not exist or cannot be listed.`, root));
  return [];
}

const levelsAbove = 8;

/** The folders that a root lies in, innermost first, up to the top of its repository. */
async function foldersAbove(files: FileSource, root: string): Promise<readonly Folder[]> {
  const found: Folder[] = [];
  let at = root;
  for (let i = 0; i < levelsAbove && parentOf(at) !== at; i++) {
    const folder = await listFolder(files, at);
    if (folder?.folders.includes(".git") || folder?.files.includes(".git")) break;
    at = parentOf(at);
    const above = await listFolder(files, at);
    if (above !== undefined) found.push(above);
  }
  return found;
}

async function configuredSites(
  files: FileSource,
  folders: readonly Folder[],
  known: readonly Folder[],
  problems: ProjectProblem[],
): Promise<readonly Site[]> {
  const sites: Site[] = [];
  for (const folder of folders) {
    for (const input of await readConfigs(files, folder, problems)) {
      const reading = readConfig(input);
      for (const places of await findPlaces(files, reading, folder, known)) sites.push(siteOf(reading, places));
    }
  }
  return sites;
}

/**
 * Turns locations into folders that exist; one that does not is a problem where the config names it. Several places
 * where one script folder serves several histories.
 */
async function findPlaces(
  files: FileSource,
  reading: ConfigReading,
  folder: Folder,
  known: readonly Folder[],
): Promise<readonly Places[]> {
  const problems: ProjectProblem[] = [];
  const script = await findScriptLocation(files, reading, folder, known, problems);
  const base = { root: script?.root ?? reading.root, ...(script === undefined ? {} : { scriptLocation: script.path }) };
  if (reading.versionLocations === undefined && script !== undefined) {
    const standard = joinPath(script.path, "versions");
    const histories = reading.options.recursive ? [[standard]] : await historiesBelow(files, standard);
    return histories.map((versionLocations) => ({
      ...base,
      versionLocations,
      ...(histories.length > 1 ? { only: versionLocations[0]?.slice(script.path.length + 1) ?? "" } : {}),
      problems,
    }));
  }
  const versions: string[] = [];
  for (const location of reading.versionLocations ?? []) {
    const found = (await firstExisting(files, location)) ?? knownBySuffix(location, known);
    if (found !== undefined) versions.push(found.path);
    else if (!reading.uncertain) problems.push(missingLocation(location, "version_locations"));
  }
  return [{ ...base, versionLocations: [...new Set(versions)], problems }];
}

type Place = Location["candidates"][number];

async function findScriptLocation(
  files: FileSource,
  reading: ConfigReading,
  folder: Folder,
  known: readonly Folder[],
  problems: ProjectProblem[],
): Promise<Place | undefined> {
  const { scriptLocation, root } = reading;
  if (scriptLocation !== undefined) {
    const found = (await firstExisting(files, scriptLocation)) ?? knownBySuffix(scriptLocation, known);
    // A config that does not parse may mean another folder, and has its problem already.
    if (found === undefined && !reading.uncertain) problems.push(missingLocation(scriptLocation, "script_location"));
    return found;
  }
  // Flask-Migrate keeps alembic.ini beside env.py; other programs keep it beside the script folder.
  if (folder.files.includes("env.py")) return { path: folder.path, root };
  const below = await Promise.all(folder.folders.map((name) => listFolder(files, joinPath(folder.path, name))));
  const [only, ...others] = below.filter((one) => one?.files.includes("env.py") && one.folders.includes("versions"));
  if (only !== undefined && others.length === 0) return { path: only.path, root };
  if (reading.uncertain) return undefined;
  const message = `There is no "script_location" for Alembic in ${baseName(reading.configFile)}.`;
  problems.push(problem("config", message, reading.configFile));
  return undefined;
}

async function firstExisting(files: FileSource, location: Location): Promise<Place | undefined> {
  for (const place of location.candidates) if ((await listFolder(files, place.path)) !== undefined) return place;
  return undefined;
}

/** A package that is not importable from here may still lie in the workspace: `airflow:migrations` below `src/airflow`. */
function knownBySuffix(location: Location, known: readonly Folder[]): Place | undefined {
  const [first] = location.candidates;
  if (first === undefined || !isInPackage(location.written)) return undefined;
  const inside = location.written.replaceAll(".", "/").replaceAll(":", "/");
  const matches = known.filter(({ path }) => path.endsWith(`/${inside}`));
  const [only] = matches;
  return only !== undefined && matches.length === 1 ? { path: only.path, root: first.root } : undefined;
}

function missingLocation({ written, file, range: where }: Location, option: string): ProjectProblem {
  // Without a separator that is chosen, Alembic takes several lines for one path.
  const hint = /\S\s*\n\s*\S/.test(written) ? ' Lines are told apart by "path_separator = newline" only.' : "";
  const name = written.trim().replaceAll(/\s*\n\s*/g, " ");
  const message = `The folder "${name}" of ${option} was not found.${hint}`;
  return { code: "missing-location", message, file, range: where };
}

async function environmentSites(
  files: FileSource,
  folders: readonly Folder[],
  sites: readonly Site[],
): Promise<readonly Site[]> {
  const claimed = new Set(sites.flatMap(claims));
  const found: Site[] = [];
  for (const { path, files: names, folders: inner } of folders) {
    if (claimed.has(path) || !names.includes("env.py") || !inner.includes("versions")) continue;
    if (claimed.has(joinPath(path, "versions"))) continue;
    const text = await readText(files, joinPath(path, "env.py"), []);
    if (text !== undefined && readEnvironment(text).importsAlembic) {
      const histories = await historiesBelow(files, joinPath(path, "versions"));
      found.push(...histories.map((one) => environmentSite(path, one, histories.length > 1)));
    }
  }
  return found;
}

async function looseSites(
  files: DiscoveryFiles,
  folders: readonly Folder[],
  sites: readonly Site[],
): Promise<readonly Site[]> {
  const claimed = sites.flatMap((site) => site.versionLocations);
  // What lies below a version location is that project's, to read or to leave.
  const free = folders.filter(({ path }) => !claimed.some((location) => isWithin(location, path)));
  const shelves: Shelf[] = [];
  for (const folder of free) {
    const shelf = await readShelf({ read: (path) => files.glance?.(path) ?? files.read(path) }, folder);
    if (shelf !== undefined) shelves.push(shelf);
  }
  return groupShelves(shelves).map(([first, ...others]) => looseSite([first.path, ...others.map(({ path }) => path)]));
}
