/** One line of the checklist: a question, the answer, and the facts that it rests on. */
import type { Judged } from "../../facts/judged.ts";
import type { Operation, RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import type { Settings } from "../../settings/settings.ts";
import type { Range } from "../../text/range.ts";

/** `unknown`: it could not be told, and that is said; it is no "yes". */
export type Verdict = "yes" | "no" | "unknown";

/** One sentence, without a full stop; `verdict` is what it alone would answer. */
export interface Fact {
  readonly verdict: Verdict;
  readonly text: string;
  readonly range?: Range;
}

export type QuestionId = "moment" | "locks" | "compatible" | "way-back" | "one-change" | "batches";

export interface Answer {
  readonly question: QuestionId;
  readonly verdict: Verdict;
  /** Never empty. */
  readonly facts: readonly Fact[];
}

/** What the questions are asked of. */
export interface Reviewed {
  readonly project: Project;
  readonly file: RevisionFile;
  /** Of the upgrade, on the project's server. */
  readonly upgrade: readonly Judged[];
  /** Of these the changes of rows that were there before, or copies of them. */
  readonly dataChanges: ReadonlySet<Operation>;
  readonly settings: Settings;
}

const worst: readonly Verdict[] = ["no", "unknown", "yes"];

/** @param otherwise what to say where there is no fact: then the answer is yes */
export function answer(question: QuestionId, facts: readonly Fact[], otherwise: string): Answer {
  const told = facts.length > 0 ? facts : [{ verdict: "yes" as const, text: otherwise }];
  const verdict = worst.find((one) => told.some((fact) => fact.verdict === one)) ?? "yes";
  return { question, verdict, facts: told };
}

/** Operations that the reader could not follow: whatever is asked of them, the answer is not known. */
export const notUnderstood = (upgrade: readonly Judged[]): readonly Fact[] =>
  upgrade
    .filter(({ isUnderstood }) => !isUnderstood)
    .map(({ operation: { range, why } }) => ({
      verdict: "unknown",
      text: `not analysed: ${why ?? "what it does to the database cannot be told from the text"}`,
      range,
    }));
