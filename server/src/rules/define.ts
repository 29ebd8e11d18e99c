import type { Dialect } from "../sql/action.ts";
import type { Suppression } from "./suppression.ts";
import type { Range } from "../text/range.ts";
import type { TextEdit } from "../text/edit.ts";
import type { Judged } from "../facts/judged.ts";
import type { PostgresVersion } from "../locks/impact.ts";
import type { Direction, RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";

export type Severity = "error" | "warning" | "information";
export const severities: readonly Severity[] = ["error", "warning", "information"];

export type Group =
  "locking" | "data-loss" | "compatibility" | "reversibility" | "correctness" | "history" | "portability";

/** An option of a rule: enough to validate it, to document it and to give it a type. */
export type Option<T> = {
  readonly default: T;
  readonly description: string;
  readonly type: "integer" | "boolean" | "string" | "strings";
};

export type Options = Readonly<Record<string, Option<unknown>>>;
export type OptionValues<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

export const option = {
  integer: (o: { default: number; description: string }): Option<number> => ({ ...o, type: "integer" }),
  boolean: (o: { default: boolean; description: string }): Option<boolean> => ({ ...o, type: "boolean" }),
  strings: (o: { default: readonly string[]; description: string }): Option<readonly string[]> => ({
    ...o,
    type: "strings",
  }),
};

/** What a rule may look at: the file, one direction of it, and the project that it belongs to. */
export interface Subject {
  readonly file: RevisionFile;
  readonly upgrade: Direction;
  readonly downgrade: Direction | undefined;
  readonly project: Project;
  /** Of the server, where the settings name one. */
  readonly versions?: readonly PostgresVersion[];
  /**
   * What runs on the project's server, each operation with what it meets: the upgrade's, then the downgrade's. Those that
   * are not understood are among them.
   */
  readonly judged: readonly Judged[];
}

export interface Related {
  readonly range: Range;
  readonly message: string;
}

export interface Found {
  readonly at: Range;
  readonly related?: readonly Related[];
  /** Absent: of the file as a whole. What a downgrade does is one severity milder: it is seldom run where people wait. */
  readonly direction?: Direction["name"];
}

/** Where a finding about one operation is. */
export const at = ({ operation, direction }: Judged): Pick<Found, "at" | "direction"> => ({
  at: operation.nameRange,
  direction: direction.name,
});

/** A finding outside of the revision that is looked at: in env.py, the config file, any revision of the project. */
export interface FoundInProject extends Found {
  readonly path: string;
}

/** How a rule puts right what it has found, within the file. */
export interface Repair<F extends Found = Found> {
  /** `safe`: what the migration does to the database stays the same, or could not have worked. */
  readonly safety: "safe" | "unsafe";
  /** As in a menu, in the imperative. */
  title(found: F): string;
  /** Undefined where it cannot be right here. */
  edits(found: F, subject: Subject): readonly TextEdit[] | undefined;
}

/** A comment that allows something, with the rules whose findings it did allow. */
export interface UsedSuppression {
  readonly suppression: Suppression;
  readonly used: ReadonlySet<string>;
}

/** What a rule that audits is told of the others, by id. */
export interface AuditedRules {
  readonly known: readonly string[];
  /** Those that have looked at the file to the end. */
  readonly ran: ReadonlySet<string>;
}

export interface Example {
  readonly title: string;
  /** Bodies of `upgrade()`, or files in txtar; the rule finds something in `before` and nothing in `after` (of which there may be several files). */
  readonly before: string;
  readonly after: readonly string[];
}

/** A text that the rule is tried on: printed on its page, and run by a test. */
export interface Sample {
  /** What it is, as one reads it in a list: "An index on a table that the revision creates". */
  readonly title: string;
  /** The body of `upgrade()`, a text with `def upgrade` or `def downgrade`, or several files under `-- versions/0002_x.py --` lines. */
  readonly code: string;
  /** Undefined: the first of the rule's dialects, or PostgreSQL. */
  readonly dialect?: Dialect;
}

export interface Rule<O extends Options = Options, F extends Found = Found> {
  /** kebab-case; also the file's name, the docs page's, the test's, and the word in a suppression. */
  readonly id: string;
  readonly group: Group;
  readonly severity: Severity;
  /** Part of the preset "recommended". */
  readonly recommended: boolean;
  /** Undefined: every dialect. */
  readonly dialects?: readonly Dialect[];
  /**
   * What it asks beside the project's config: only the file that it is given, or (the default) also other files and the
   * history. Findings of the first kind are kept while others are edited.
   */
  readonly reach?: "file" | "project";
  /** How editors show the place itself: faded, for what has no effect; struck through, for what its maker has deprecated. */
  readonly tag?: "unnecessary" | "deprecated";
  readonly summary: string;
  readonly why: string;
  readonly instead: string;
  /** What looks alike and is allowed, one sentence each. */
  readonly allowed?: readonly string[];
  /** What one might not expect to be found, and why it is, one sentence each. */
  readonly counted?: readonly string[];
  readonly sources: readonly string[];
  readonly options: O;
  readonly examples: readonly Example[];
  /** Each gives at least one finding: the forms that one might think are overlooked. */
  readonly catches?: readonly Sample[];
  /** Each gives none: the forms that look alike and are safe. */
  readonly passes?: readonly Sample[];
  /**
   * Rules that are more specific: where one of them finds something at the same place, it speaks, and what this one
   * would have said is told beside it.
   */
  readonly yieldsTo?: readonly string[];
  // Methods, so that a rule with options of its own fits into a list of rules. Every rule has one of the first three.
  /** Looks at one revision. */
  detect?(subject: Subject, options: OptionValues<O>): Iterable<F>;
  /** Looks at the project once: at its history, its env.py, its config. */
  inspect?(project: Project, options: OptionValues<O>): Iterable<F & FoundInProject>;
  /** Looks at what a revision's comments allow, once all other rules have spoken. */
  audit?(suppressions: readonly UsedSuppression[], rules: AuditedRules): Iterable<F>;
  message(found: F): string;
  readonly repair?: Repair<F>;
  /** Ids of the refactorings that repair what it finds. */
  readonly refactorings?: readonly string[];
}

/** Gives the literal its types and nothing else: a rule is data. */
export const defineRule = <O extends Options, F extends Found>(rule: Rule<O, F>): Rule<O, F> => rule;
