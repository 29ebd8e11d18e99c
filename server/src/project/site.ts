import type { ConfigReading } from "./config.ts";
import { defaultFileTemplate, defaultSlugLength } from "./config.ts";
import { baseName, isWithin, parentOf } from "./paths.ts";
import type { ProjectProblem } from "./snapshot.ts";

/** Where a project is and how it is configured: all that is known before its revisions are read. */
export interface Site {
  /** The config file's path, with the section and the folder where it has several; else the folder's path. */
  readonly id: string;
  readonly root: string;
  readonly configFile?: string;
  readonly section: string;
  readonly scriptLocation?: string;
  readonly versionLocations: readonly string[];
  readonly recursive: boolean;
  readonly fileTemplate: string;
  readonly fileTemplateIsDefault: boolean;
  readonly truncateSlugLength: number;
  readonly url?: string;
  readonly urls: readonly string[];
  readonly problems: readonly ProjectProblem[];
}

export interface Places {
  readonly root: string;
  readonly scriptLocation?: string;
  readonly versionLocations: readonly string[];
  /** Where the script folder serves several histories: this one's folder in it. */
  readonly only?: string;
  readonly problems: readonly ProjectProblem[];
}

export function siteOf(reading: ConfigReading, { only, ...places }: Places): Site {
  const { configFile, section, recursive, fileTemplate, fileTemplateIsDefault, truncateSlugLength, url, urls } =
    reading;
  return {
    id: [configFile, ...(section === "alembic" ? [] : [section]), ...(only === undefined ? [] : [only])].join("#"),
    ...places,
    configFile,
    section,
    recursive,
    fileTemplate,
    fileTemplateIsDefault,
    truncateSlugLength,
    ...(url === undefined ? {} : { url }),
    urls,
    problems: [...reading.problems, ...places.problems],
  };
}

/** A script folder with env.py that no config names. */
export const environmentSite = (
  folder: string,
  versions: readonly [string, ...string[]],
  isOneOfSeveral: boolean,
): Site => ({
  ...unconfigured,
  id: isOneOfSeveral ? versions[0] : folder,
  root: folder,
  scriptLocation: folder,
  versionLocations: versions,
});

/** Mere folders of revision files. */
export function looseSite(folders: readonly [string, ...string[]]): Site {
  const root = folders.reduce(commonFolder);
  return { ...unconfigured, id: root, root, versionLocations: folders };
}

const unconfigured = {
  section: "alembic",
  recursive: false,
  fileTemplate: defaultFileTemplate,
  fileTemplateIsDefault: true,
  truncateSlugLength: defaultSlugLength,
  urls: [],
  problems: [],
} as const;

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
