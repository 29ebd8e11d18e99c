/** How Alembic refuses a history or a question about it, as values. */

/**
 * Alembic's own exceptions by their names (`alembic.script.revision`, and `CommandError` of its commands), and what it has no name
 * for: `MissingRevision`, where a file names a revision that does not exist (Alembic ends with a bare `KeyError`);
 * `AlembicFails`, where an assertion or the like ends Alembic without a message. `UnreadLinks` says that we do not know what
 * Alembic would see, since a file computes what it follows.
 */
export type HistoryErrorKind =
  | "RevisionError"
  | "ResolutionError"
  | "MultipleHeads"
  | "RangeNotAncestorError"
  | "CycleDetected"
  | "DependencyCycleDetected"
  | "LoopDetected"
  | "DependencyLoopDetected"
  | "CommandError"
  | "MissingRevision"
  | "UnreadLinks"
  | "AlembicFails";

export interface HistoryError {
  readonly kind: HistoryErrorKind;
  /** One sentence. */
  readonly message: string;
  /** The ids that it is about: what an ambiguous text could mean, the heads, the members of a cycle. */
  readonly revisions?: readonly string[];
}

export type Answer<T> = { readonly value: T } | { readonly error: HistoryError };

/** Thrown within this folder only; every exported question ends it with `answer`. */
class Refusal extends Error {
  readonly error: HistoryError;

  constructor(error: HistoryError) {
    super(error.message);
    this.error = error;
  }
}

export function refuse(kind: HistoryErrorKind, message: string, revisions?: readonly string[]): never {
  throw new Refusal({ kind, message, ...(revisions ? { revisions } : {}) });
}

export function answer<T>(make: () => T): Answer<T> {
  try {
    return { value: make() };
  } catch (error) {
    if (error instanceof Refusal) return { error: error.error };
    throw error;
  }
}

/** The value of an answer, within another. */
export function valueOf<T>(given: Answer<T>): T {
  if ("value" in given) return given.value;
  throw new Refusal(given.error);
}
