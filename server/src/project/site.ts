import type { ConfigReading } from "./config.ts";
import { defaultFileTemplate, defaultSlugLength } from "./config.ts";
import { baseName } from "./paths.ts";
import type { ProjectProblem } from "./snapshot.ts";

/** Where a project is and how it is configured: all that is known before its revisions are read. */
export interface Site {
  /** The config file's path, with the section where it is not `alembic`; without a config file, the folder's path. */
  readonly id: string;
  readonly root: string;
  readonly configFile?: string;
  readonly section: string;
  readonly scriptLocation?: string;
  readonly versionLocations: readonly string[];
  /** False where Alembic's default, `versions`, was taken. */
  readonly locationsConfigured: boolean;
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
  readonly problems: readonly ProjectProblem[];
}

export function siteOf(reading: ConfigReading, places: Places): Site {
  const { configFile, section, recursive, fileTemplate, fileTemplateIsDefault, truncateSlugLength, url, urls } =
    reading;
  return {
    id: section === "alembic" ? configFile : `${configFile}#${section}`,
    ...places,
    configFile,
    section,
    locationsConfigured: reading.versionLocations !== undefined,
    recursive,
    fileTemplate,
    fileTemplateIsDefault,
    truncateSlugLength,
    ...(url === undefined ? {} : { url }),
    urls,
    problems: [...reading.problems, ...places.problems],
  };
}

/** A project without a config: a script folder with env.py, or a mere folder of revision files. */
export const bareSite = (folder: string, scriptLocation: string | undefined, versions: string): Site => ({
  id: folder,
  root: folder,
  section: "alembic",
  ...(scriptLocation === undefined ? {} : { scriptLocation }),
  versionLocations: [versions],
  locationsConfigured: scriptLocation === undefined,
  recursive: false,
  fileTemplate: defaultFileTemplate,
  fileTemplateIsDefault: true,
  truncateSlugLength: defaultSlugLength,
  urls: [],
  problems: [],
});

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
