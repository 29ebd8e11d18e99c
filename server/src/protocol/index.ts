/**
 * What client and server say to each other beyond LSP. Plain JSON: positions are LSP positions, files are URIs.
 * Types and names of methods, nothing else.
 */
export interface WirePosition {
  readonly line: number;
  readonly character: number;
}
export interface WireRange {
  readonly start: WirePosition;
  readonly end: WirePosition;
}

/** `retort/projects`: every Alembic project of the workspace, with its history. */
export interface ProjectsAnswer {
  readonly projects: readonly ProjectNode[];
  /** Folders or files that could not be read, in words. */
  readonly problems: readonly string[];
}

export interface ProjectNode {
  /** Stable within a session: the path of the config file (with `#section` where it has several), or of the folder. */
  readonly id: string;
  readonly name: string;
  /** Where Alembic runs: the folder of the config file. */
  readonly folderUri: string;
  /** `alembic.ini` or `pyproject.toml`, where there is one. */
  readonly configUri?: string;
  readonly configProblem?: string;
  /** Section of the ini file; "alembic" unless several. */
  readonly section: string;
  /** `sqlalchemy.url` of the config with interpolation done; may hold a password: never log it. */
  readonly url?: string;
  readonly dialect: string;
  readonly versionTable: string;
  readonly transactionPerMigration: boolean;
  /** Heads first, then towards the base; branches stay together. */
  readonly revisions: readonly RevisionNode[];
  readonly heads: readonly string[];
  /** Broken links and duplicate ids, in words. */
  readonly problems: readonly { readonly message: string; readonly uri: string; readonly range: WireRange }[];
}

export interface RevisionNode {
  readonly id: string;
  readonly parents: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  readonly message: string;
  readonly createDate?: string;
  readonly uri: string;
  readonly isHead: boolean;
  readonly isMerge: boolean;
  readonly isBranchPoint: boolean;
  /** Lane of the graph, 0 leftmost. */
  readonly lane: number;
  /** Lines of the graph in this row; absent where one line comes down its lane and goes on down it, and no other is there. */
  readonly lines?: RowLines;
  /** Parents that no file of the project has: the history is broken here. */
  readonly missingParents?: readonly string[];
  readonly findings: { readonly error: number; readonly warning: number; readonly information: number };
}

/** Lanes of the lines that end in a row from above, begin in it and go down, and pass it by. */
export interface RowLines {
  readonly arriving: readonly number[];
  readonly leaving: readonly number[];
  readonly passing: readonly number[];
}

/** `retort/glances`: what some revisions do to a server in use, for a page of a long list. */
export interface GlancesRequest {
  readonly projectId: string;
  readonly ids: readonly string[];
}
export interface GlancesAnswer {
  /** Those that the project has, in the order in which they were asked for. */
  readonly glances: readonly Glance[];
}

export interface Glance {
  readonly id: string;
  /** The strongest lock that its upgrade takes on a table that was there before; absent where it takes none. */
  readonly lock?: GlanceLock;
  /** Every lock on tables that were there before, one of each table, the strongest. */
  readonly tables: readonly GlanceLock[];
  /** Some of its operations could not be told: there may be more. */
  readonly isPartlyUnknown: boolean;
  /** It changes definitions of existing tables and their rows. */
  readonly isMixed: boolean;
  /** Whether its downgrade brings everything back, and why not, or why that is not known. */
  readonly wayBack: "yes" | "no" | "unknown";
  readonly wayBackWhy: string;
}

export interface GlanceLock {
  readonly table: string;
  /** PostgreSQL's mode, `AccessExclusiveLock`; MySQL's clause, `LOCK=SHARED`; "" where only the rows that change are locked. */
  readonly mode: string;
  /** `blocks reads and writes`. */
  readonly blocks: string;
  /** Modes of other sessions' locks that it has to wait for; empty where they are not known. */
  readonly waitsFor: readonly string[];
  /** From the project's statistics file, in words; absent where it does not tell. */
  readonly size?: string;
}

/** `retort/operations`: what one revision does, operation by operation. */
export interface OperationsRequest {
  readonly projectId: string;
  readonly id: string;
}
export type OperationsAnswer =
  | {
      readonly ok: true;
      /** Upgrade first; of a revision for several databases, one each. */
      readonly directions: readonly {
        readonly name: "upgrade" | "downgrade";
        readonly engine?: string;
        /** Why there are no operations, or that some are missing; one sentence. */
        readonly note?: string;
        readonly operations: readonly OperationNode[];
      }[];
      readonly findings: readonly FindingNode[];
    }
  | { readonly ok: false; readonly reason: string };

export interface OperationNode {
  /** `add_column users.full_name`. */
  readonly title: string;
  /** Statements that it makes; empty where they are not known. */
  readonly sql: readonly string[];
  /** What it does to a server in use; one sentence each. */
  readonly impacts: readonly string[];
  /** It changes rows, definitions, or neither. */
  readonly effect: "schema" | "data" | "other";
  /** Why not all of it is known. */
  readonly doubt?: string;
  readonly range: WireRange;
}

export interface FindingNode {
  readonly rule: string;
  readonly severity: "error" | "warning" | "information";
  readonly message: string;
  readonly range: WireRange;
}

/** `retort/standing`: where the dev database of a project stands. */
export interface StandingNotice {
  readonly projectId: string;
  /** What people call it. */
  readonly database: string;
  /** Rows of the version table; absent where it could not be asked. */
  readonly versions?: readonly string[];
}

/** `retort/preview`: the parts that a refactoring would make, without making them. */
export interface PreviewRequest {
  readonly uri: string;
  readonly refactoring: string;
  /** Where it was offered; absent: the file as a whole. */
  readonly range?: WireRange;
}
export type PreviewAnswer =
  | {
      readonly ok: true;
      readonly title: string;
      /** What the person should know before applying it; one sentence each. */
      readonly notes: readonly string[];
      /** In the order of the chain; the last is the original file. */
      readonly parts: readonly {
        readonly uri: string;
        readonly isNew: boolean;
        readonly before: string;
        readonly after: string;
        readonly title: string;
      }[];
    }
  | { readonly ok: false; readonly reason: string };

/** `retort/sizes`: sizes of the tables of the dev database, for hovers; findings go by the project's statistics file alone. */
export interface SizesRequest {
  readonly projectId: string;
  /** As `retort.stats.json` has it; undefined: forget those that were given. */
  readonly statistics: string | undefined;
}
export type SizesAnswer = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** `retort/summary`: what the upgrade of a revision file does, counted, for one who has not read it yet. */
export interface SummaryRequest {
  readonly uri: string;
}
export type SummaryAnswer =
  | {
      readonly ok: true;
      readonly parts: readonly {
        /** `drops 14 tables`. */
        readonly words: string;
        readonly things: readonly string[];
        /** Rows are gone afterwards. */
        readonly loses: boolean;
      }[];
      /** `7 of 9 statements analysed`. */
      readonly coverage: string;
      /** False: the file does more than the parts say. */
      readonly isWhole: boolean;
    }
  | { readonly ok: false; readonly reason: string };

/** `retort/review`: the checklist before a deployment for some revisions of a project, as a page. */
export interface ReviewRequest {
  readonly projectId: string;
  /** In the order in which they would run. */
  readonly revisions: readonly string[];
  /** What it is a review of, and where that is known from; shown as they are, and no Markdown. */
  readonly title: string;
  readonly lead: string;
}
export type ReviewAnswer =
  { readonly ok: true; readonly markdown: string } | { readonly ok: false; readonly reason: string };

/** `retort/lostRevision`: a revision that the database is at and no file has, looked up in all that git knows. */
export interface LostRevisionRequest {
  readonly projectId: string;
  readonly revision: string;
}
export type LostRevisionAnswer =
  | {
      readonly ok: true;
      /** The revision, then the ancestors of it that are missing as well; empty: git does not know it either. */
      readonly files: readonly {
        readonly revision: string;
        /** Where the file was. */
        readonly uri: string;
        readonly text: string;
        readonly commit: string;
        /** As ISO 8601. */
        readonly date: string;
        readonly subject: string;
        readonly branches: readonly string[];
      }[];
    }
  | { readonly ok: false; readonly reason: string };

/** `retort/mergedHeads`: the heads that the history would have after a merge with the remote's default branch. */
export interface MergedHeadsRequest {
  readonly projectId: string;
}
export type MergedHeadsAnswer =
  | {
      readonly ok: true;
      /** `origin/main`, as it was at the last fetch. */
      readonly branch: string;
      readonly commit: string;
      readonly date: string;
      readonly heads: readonly {
        readonly id: string;
        readonly message: string;
        /** Who has it: only this working tree, only that branch, or both. */
        readonly side: "here" | "there" | "both";
      }[];
    }
  | { readonly ok: false; readonly reason: string };

/** `retort/lenses`: where a revision file has room for what is known of it; null for other files. */
export interface LensesRequest {
  readonly uri: string;
}
export interface LensesAnswer {
  readonly projectId: string;
  readonly revision: string;
  /** The id in its variable. */
  readonly range: WireRange;
  /** The names of the functions that upgrade: one, or one for each database. */
  readonly upgrades: readonly WireRange[];
  /** Where the parents have their ids, and where the children name this one. */
  readonly parents: readonly WireLocation[];
  readonly children: readonly WireLocation[];
}

export interface WireLocation {
  readonly uri: string;
  readonly range: WireRange;
}

/** `retort/readFile`, server → client: a file of a workspace that lies on no disk. */
export interface FileRequest {
  readonly uri: string;
  /** Larger files are not read. */
  readonly maximumBytes: number;
}
export type FileAnswer =
  { readonly base64: string } | { readonly isMissing: true } | { /** One sentence. */ readonly reason: string };

/** `retort/listFolder`, server → client. */
export interface FolderRequest {
  readonly uri: string;
}
export type FolderAnswer =
  { readonly entries: readonly { readonly name: string; readonly folder: boolean }[] } | { readonly isMissing: true };

export const methods = {
  /** request client → server: `LensesRequest` → `LensesAnswer | null` */
  lenses: "retort/lenses",
  /** request client → server: `ProjectsAnswer` */
  projects: "retort/projects",
  /** request client → server: `GlancesRequest` → `GlancesAnswer` */
  glances: "retort/glances",
  /** request client → server: `OperationsRequest` → `OperationsAnswer` */
  operations: "retort/operations",
  /** request client → server: `PreviewRequest` → `PreviewAnswer` */
  preview: "retort/preview",
  /** request client → server: `SizesRequest` → `SizesAnswer` */
  sizes: "retort/sizes",
  /** request client → server: `SummaryRequest` → `SummaryAnswer` */
  summary: "retort/summary",
  /** request client → server: `ReviewRequest` → `ReviewAnswer` */
  review: "retort/review",
  /** request client → server: `LostRevisionRequest` → `LostRevisionAnswer` */
  lostRevision: "retort/lostRevision",
  /** request client → server: `MergedHeadsRequest` → `MergedHeadsAnswer` */
  mergedHeads: "retort/mergedHeads",
  /** request server → client: `FileRequest` → `FileAnswer` */
  readFile: "retort/readFile",
  /** request server → client: `FolderRequest` → `FolderAnswer` */
  listFolder: "retort/listFolder",
  /** notification server → client: histories or findings changed; ask again */
  projectsChanged: "retort/projectsChanged",
  /** notification client → server: `StandingNotice`, whenever a database was asked */
  standing: "retort/standing",
  /** notification client → server: the workspace is trusted from now on; programs may be run for it */
  trusted: "retort/trusted",
} as const;

/** Commands that the server names in code actions and the client carries out. */
export const clientCommands = {
  previewRefactoring: "retort.previewRefactoring",
} as const;
