/** What is known of the Alembic projects of a workspace at one moment. Immutable; an edit makes a new one that shares the rest. */
import type { Dialect } from "../sql/action.ts";
import type { Modules } from "../syntax/interpreter.ts";
import type { Range } from "../text/range.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { History } from "../history/history.ts";
import type { Environment } from "./env.ts";
import type { Statistics } from "./statistics.ts";

/** Options of `alembic.ini` and `pyproject.toml`, with Alembic's defaults where they are not given. */
export interface ConfigOptions {
  /** `alembic`, or what `-n` must name. */
  readonly section: string;
  /** Revisions are also read from the folders below a version location. */
  readonly recursive: boolean;
  /** Alembic also loads `.pyc` files without their source, which nothing here can read. */
  readonly sourceless: boolean;
  readonly fileTemplate: string;
  readonly fileTemplateIsDefault: boolean;
  /** In characters. */
  readonly truncateSlugLength: number;
  /** Name in the tz database, for file names and `Create Date`; absent: local time. */
  readonly timezone?: string;
  /** Python's name of the encoding that Alembic writes new files in. */
  readonly outputEncoding: string;
  /** `alembic revision` runs env.py, which may change what a new file holds. */
  readonly revisionEnvironment: boolean;
  /** Names of the programs that are run over new files (`black`). */
  readonly postWriteHooks: readonly string[];
  /** Names of the engines, each a section of the config; empty but in a multi-database project. */
  readonly databases: readonly string[];
  /** Folders that Python imports the project's own modules from, the likeliest first. */
  readonly importRoots: readonly string[];
  /** With interpolation done; absent where the file leaves parts of it to env.py. */
  readonly url?: string;
  /** Where a URL of the ini file holds a password in plain text: the password's own place. */
  readonly passwords?: readonly PlaceInConfig[];
  /** An option of the ini file that lists paths while no `path_separator` says how they are separated. */
  readonly unseparated?: PlaceInConfig & { readonly option: string };
  /** The deprecated name of `path_separator`, where Alembic reads it. */
  readonly oldSeparator?: PlaceInConfig;
  /** Where `file_template` puts new files into folders below, which are not read (`recursive_version_locations`). */
  readonly unreadFolders?: PlaceInConfig;
}

export interface PlaceInConfig {
  readonly path: string;
  readonly range: Range;
}

/**
 * What told the dialect: the person's setting, the name of a folder of revisions, a URL (of the config or in env.py), a
 * keyword `dialect_name` or an imported driver in env.py, what the revisions import; `assumed` where nothing did.
 */
export type DialectSource = "setting" | "folder" | "url" | "environment" | "driver" | "revisions" | "assumed";

export interface ProjectConfig extends ConfigOptions {
  /** Folder that Alembic runs in: of the config file, or the script folder where there is no config. Absolute, with "/". */
  readonly root: string;
  /** `alembic.ini` or `pyproject.toml`. */
  readonly configFile?: string;
  /** Folder with env.py. */
  readonly scriptLocation?: string;
  readonly versionLocations: readonly string[];
  /** Of the config, or of env.py where that sets another; absent where env.py takes it from elsewhere. */
  readonly url?: string;
  readonly dialect: Dialect;
  readonly dialectFrom: DialectSource;
  readonly env?: ProjectEnvironment;
  /** `script.py.mako`, the form of new revision files: see `renderRevision`. */
  readonly template?: { readonly path: string; readonly text: string };
  readonly versionTable: string;
  readonly versionTableSchema?: string;
  /** Of the statistics file; absent where there is none. Ask `sizeOf`. */
  readonly statistics?: Statistics;
}

/** What env.py says, and what of it is explained in other files. */
export interface ProjectEnvironment extends Environment {
  readonly path: string;
  readonly text: string;
  /**
   * Of the target metadata: from `ix`, `uq`, `ck`, `fk`, `pk` (and the project's own tokens, where they are strings) to
   * the pattern. SQLAlchemy's default where the metadata has none; absent where it is not known.
   */
  readonly namingConvention?: ReadonlyMap<string, string>;
}

export interface ProjectProblem {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly range: Range;
  /** Other places that it takes to be wrong. */
  readonly related?: readonly { readonly path: string; readonly range: Range; readonly message: string }[];
}

export interface Project {
  /** Stable: the config file's path and section, or the folder's path. */
  readonly id: string;
  readonly config: ProjectConfig;
  /** Revision files and helper modules of the version locations, by path. */
  readonly files: ReadonlyMap<string, RevisionFile>;
  readonly history: History;
  /** Other modules that its revisions import: for reading a text that is not one of its files yet. */
  readonly modules?: Modules;
  /** Absent where git was not asked or cannot tell. */
  readonly published?: Published;
  /** Of the config and of the history (duplicate ids, missing parents, cycles, unreadable files). */
  readonly problems: readonly ProjectProblem[];
}

/** What git's default branch has, as far as it matters here. */
export interface Published {
  /** Its name: `origin/main`. */
  readonly branch: string;
  /**
   * Texts that revisions have there, by the path that they have here: at least of those whose text is another here. What the
   * branch has got since the working tree has parted from it does not count.
   */
  readonly texts: ReadonlyMap<string, string>;
}

export interface Workspace {
  readonly projects: readonly Project[];
  readonly problems: readonly ProjectProblem[];
}
