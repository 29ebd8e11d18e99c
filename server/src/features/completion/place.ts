import type { RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import type { QualifiedName } from "../../sql/action.ts";
import type { Range } from "../../text/range.ts";

export interface CompletionPlace {
  readonly project: Project;
  readonly file: RevisionFile;
  /** In UTF-16 code units. */
  readonly offset: number;
}

export type CompletionKind =
  | "table"
  | "view"
  | "column"
  | "constraint"
  | "index"
  | "enum_type"
  | "sequence"
  | "schema"
  | "option"
  | "value"
  | "revision";

/** What `documentationOf` needs to tell more of it. */
export interface Subject {
  /** Where in the file it is met. */
  readonly at: number;
  readonly table: QualifiedName;
  readonly column?: string;
}

export interface Completion {
  readonly kind: CompletionKind;
  readonly label: string;
  readonly range: Range;
  readonly newText: string;
  /** What is compared with the text in `range`, where that is not the label. */
  readonly filterText?: string;
  readonly detail?: string;
  /** Why it is not certain that it is there, in words. */
  readonly doubt?: string;
  readonly documentation?: string;
  readonly subject?: Subject;
}

export interface Completions {
  /** In the order in which they are to be shown. */
  readonly items: readonly Completion[];
  /** There are more: they are to be asked for again as the text grows. */
  readonly isIncomplete: boolean;
}
