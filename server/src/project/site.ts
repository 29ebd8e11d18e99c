import { defaultOptions, type ConfigReading } from "./config.ts";
import { baseName, isWithin, parentOf } from "./paths.ts";
import type { ConfigOptions, ProjectConfig, ProjectProblem } from "./snapshot.ts";

/** Where a project is and how it is configured: all that is known before its revisions are read. */
export interface Site
  extends ConfigOptions, Pick<ProjectConfig, "root" | "configFile" | "scriptLocation" | "versionLocations"> {
  /** The config file's path, with the section and the folder where it has several; else the folder's path. */
  readonly id: string;
  /** Every URL that the config holds, as good as it could be read. */
  readonly urls: readonly string[];
  readonly problems: readonly ProjectProblem[];
}

export interface Places extends Pick<Site, "root" | "scriptLocation" | "versionLocations" | "problems"> {
  /** Where the script folder serves several histories: this one's folder in it. */
  readonly only?: string;
}

export function siteOf({ configFile, options, urls, problems }: ConfigReading, { only, ...places }: Places): Site {
  const { section } = options;
  return {
    id: [configFile, ...(section === "alembic" ? [] : [section]), ...(only === undefined ? [] : [only])].join("#"),
    ...options,
    ...places,
    configFile,
    urls,
    problems: [...problems, ...places.problems],
  };
}

/** A script folder with env.py that no config names. */
export const environmentSite = (
  folder: string,
  versions: readonly [string, ...string[]],
  isOneOfSeveral: boolean,
): Site => ({
  ...unconfigured(folder),
  id: isOneOfSeveral ? versions[0] : folder,
  root: folder,
  scriptLocation: folder,
  versionLocations: versions,
});

/** Mere folders of revision files. */
export function looseSite(folders: readonly [string, ...string[]]): Site {
  const root = folders.reduce(commonFolder);
  return { ...unconfigured(root), id: root, root, versionLocations: folders };
}

const unconfigured = (folder: string) => ({ ...defaultOptions, importRoots: [folder], urls: [], problems: [] });

function commonFolder(a: string, b: string): string {
  let folder = a;
  while (!isWithin(folder, b)) folder = parentOf(folder);
  return folder;
}

/** Two config files (development.ini, production.ini) or sections for the same revisions are one project; the first stands. */
export function withoutDoubles(sites: readonly Site[]): readonly Site[] {
  const seen = new Set<string>();
  return [...sites].sort(byPreference).filter((site) => {
    const key = site.versionLocations.length === 0 ? site.id : [...site.versionLocations].sort().join("\n");
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

function byPreference(a: Site, b: Site): number {
  const rank = ({ configFile, section }: Site): number =>
    (configFile !== undefined && baseName(configFile) === "alembic.ini" ? 0 : 2) + (section === "alembic" ? 0 : 1);
  return rank(a) - rank(b);
}
