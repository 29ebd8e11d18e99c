/** What is known of the Alembic projects of a workspace at one moment. Immutable; an edit makes a new one that shares the rest. */
import type { Dialect } from "../sql/action.ts";
import type { Range } from "../text/range.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { History } from "../history/history.ts";

export interface ProjectConfig {
  /** Folder that Alembic runs in: of the config file, or the script folder where there is no config. Absolute, with "/". */
  readonly root: string;
  /** `alembic.ini` or `pyproject.toml`. */
  readonly configFile?: string;
  readonly section: string;
  /** Folder with env.py. */
  readonly scriptLocation?: string;
  readonly versionLocations: readonly string[];
  readonly recursive: boolean;
  /** Alembic's default where the config sets none: `%(rev)s_%(slug)s`. */
  readonly fileTemplate: string;
  readonly fileTemplateIsDefault: boolean;
  readonly truncateSlugLength: number;
  /** Of the config, or of env.py where that sets another; absent where env.py takes it from elsewhere. */
  readonly url?: string;
  readonly dialect: Dialect;
  /** True where nothing told the dialect and PostgreSQL was assumed. */
  readonly dialectAssumed: boolean;
  readonly env?: {
    readonly path: string;
    readonly text: string;
    /** Keywords of `context.configure(…)`; "unknown" where the file does not tell. */
    readonly transactionPerMigration: boolean | "unknown";
    readonly renderAsBatch: boolean | "unknown";
    /** Environment variables that it reads: the URL may come from one of them. */
    readonly variables: readonly string[];
  };
  readonly versionTable: string;
  readonly versionTableSchema?: string;
}

export interface ProjectProblem {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly range: Range;
}

export interface Project {
  /** Stable: the config file's path and section, or the folder's path. */
  readonly id: string;
  readonly config: ProjectConfig;
  /** Revision files and helper modules of the version locations, by path. */
  readonly files: ReadonlyMap<string, RevisionFile>;
  readonly history: History;
  /** Of the config and of the history (duplicate ids, missing parents, cycles, unreadable files). */
  readonly problems: readonly ProjectProblem[];
}

export interface Workspace {
  readonly projects: readonly Project[];
  readonly problems: readonly ProjectProblem[];
}
