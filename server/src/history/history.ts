/** The directed graph of a project's revisions. */
import type { RevisionFile } from "../model/revision.ts";
import type { Range } from "../text/range.ts";
import type { Answer } from "./error.ts";
import type { Graph } from "./graph.ts";

export interface Revision {
  readonly id: string;
  readonly file: RevisionFile;
  /** `down_revision`, as written; parents that do not exist are kept. */
  readonly parents: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  readonly message: string;
}

export interface HistoryPlace {
  readonly path: string;
  readonly range: Range;
  readonly message: string;
}

export interface HistoryProblem {
  readonly code:
    | "duplicate-revision"
    | "missing-parent"
    | "unknown-dependency"
    | "revision-cycle"
    | "duplicate-branch-label"
    | "illegal-revision-id"
    | "revision-id-too-long"
    | "missing-down-revision";
  /** One sentence. */
  readonly message: string;
  /** The other places that it takes to be wrong: who uses the same id, who is in the same circle. */
  readonly related?: readonly HistoryPlace[];
  readonly path: string;
  readonly range: Range;
}

export interface History {
  /** By id, in the order in which they were read; of two files with one id the later, as in Alembic. */
  readonly revisions: ReadonlyMap<string, Revision>;
  /** Ids without a child, in the order in which they were read. */
  readonly heads: readonly string[];
  readonly bases: readonly string[];
  /** Every id has an entry. Links of `depends_on` are not children: they make no head less a head. */
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** Ids of existing revisions that must run first: parents, then dependencies with their branch labels resolved. */
  readonly before: ReadonlyMap<string, readonly string[]>;
  /** Parents and dependencies first, in the order that `alembic upgrade heads` runs; revisions in or after a cycle come last. */
  readonly order: readonly string[];
  /** What Alembic answers questions from; an error where it refuses the history, and with it every question. */
  readonly graph: Answer<Graph>;
  readonly problems: readonly HistoryProblem[];
}
