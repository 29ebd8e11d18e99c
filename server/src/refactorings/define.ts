import type { Change } from "../text/edit.ts";
import type { Range } from "../text/range.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";

/** A place in a project: a selection (or a cursor, where empty) in one of its files. */
export interface Place {
  readonly project: Project;
  readonly file: RevisionFile;
  readonly range: Range;
  /** Paths of the revisions that git's default branch has; absent where git was not asked or cannot tell. */
  readonly published?: ReadonlySet<string>;
  /** The dev database and the ids that have run on it, where that is known. */
  readonly applied?: { readonly database: string; readonly ids: ReadonlySet<string> };
}

/** `undefined`: nothing to offer here. `unavailable`: would be offered, but cannot be right; the reason is one sentence. */
export type Offer<Plan> =
  | undefined
  | { readonly unavailable: string }
  | {
      readonly plan: Plan;
      readonly title: string;
      /** Of several that put the same thing right, the one that is right here. */
      readonly preferred?: true;
    };

export interface Part {
  readonly path: string;
  readonly isNew: boolean;
  readonly revision: string;
  /** `expand`, `backfill`, `contract`, with a number where there are several. */
  readonly name: string;
  readonly title: string;
  readonly text: string;
  /** The text that it replaces; empty where the file is new. */
  readonly before: string;
}

export interface Result {
  readonly change: Change;
  /** In the order of the chain, the last being the original file. */
  readonly parts: readonly Part[];
  /** What the person should know: the transaction is shared, a statement was not understood … One sentence each. */
  readonly notes: readonly string[];
}

export interface Refactoring<Plan = unknown> {
  /** kebab-case verb phrase; also the file's name and the docs page's. */
  readonly id: string;
  /** As in a menu. */
  readonly title: string;
  readonly summary: string;
  readonly why: string;
  /** What it keeps, and when it says no; one sentence each. */
  readonly keeps: readonly string[];
  readonly refuses: readonly string[];
  /** The schema is the same after it, at every head. */
  readonly keepsSchema: boolean;
  /** Every operation is there afterwards, exactly once, and none besides. */
  readonly keepsOperations?: true;
  /** Fewer heads are left than before; else they are the same. */
  readonly joinsHeads?: true;
  /** It makes new files, which not every editor can. */
  readonly createsFiles?: true;
  /** It makes new files, and leaves all others as they are. */
  readonly addsOnly?: true;
  /** It edits env.py, and is offered there; in a revision only as the repair of what is found. */
  readonly isOfEnvironment?: true;
  readonly examples: readonly Example[];
  // Methods, so that a refactoring with a plan of its own fits into a list; what `plan` gave is handed back to `apply`.
  /** Asked at every request for code actions: cheap, and from memory only. */
  plan(place: Place): Offer<Plan>;
  /** @throws Refused where it shows only now that it cannot be right. */
  apply(place: Place, plan: Plan): Result;
}

export interface Example {
  readonly title: string;
  /** Bodies of `upgrade()`: what the revisions before it do. */
  readonly given?: string;
  /** Absent: a revision. */
  readonly file?: "env.py";
  /** The body of `upgrade()`, or functions as they stand in a file. `<|>` is the cursor, or an end of the selection. */
  readonly before: string;
  /** The functions of each part afterwards, in the order of the chain. */
  readonly after: readonly string[];
}

/** Gives the literal its types and nothing else: a refactoring is data. */
export const defineRefactoring = <Plan>(refactoring: Refactoring<Plan>): Refactoring<Plan> => refactoring;
