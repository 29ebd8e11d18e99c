import type { Operation } from "../../model/revision.ts";
import type { SchemaDraft } from "./draft.ts";
import type { Making } from "./making.ts";

/** One operation, with what decides how it is taken. */
export interface Step {
  readonly operation: Operation;
  readonly making: Making;
  /** It runs only where a test of what exists says so: `if not inspector.has_table("users")`. */
  readonly isGuarded: boolean;
  /** What such a test comes to could not be told. */
  readonly isUnanswered: boolean;
  /** Whether it runs, or how often, is not known. */
  readonly mayNotRun: boolean;
}

/** Lays one operation over the schema so far. What it does not understand it leaves doubtful, never wrong. */
export type Apply = (draft: SchemaDraft, step: Step) => void;
