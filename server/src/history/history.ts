/** The directed graph of a project's revisions. */
import type { RevisionFile } from "../model/revision.ts";
import type { Range } from "../text/range.ts";

export interface Revision {
  readonly id: string;
  readonly file: RevisionFile;
  /** `down_revision`, as written; parents that do not exist are kept. */
  readonly parents: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  readonly message: string;
}

export interface HistoryProblem {
  readonly code: "duplicate-revision" | "missing-parent" | "unknown-dependency" | "revision-cycle" | "duplicate-branch-label";
  readonly message: string;
  readonly path: string;
  readonly range: Range;
}

export interface History {
  readonly revisions: ReadonlyMap<string, Revision>;
  /** Ids without a child, in the order in which they were read. */
  readonly heads: readonly string[];
  readonly bases: readonly string[];
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** Parents before children; revisions in a cycle come last. */
  readonly order: readonly string[];
  readonly problems: readonly HistoryProblem[];
}
