/** What lies before a point of the history. */
import { answer, valueOf, type Answer } from "./error.ts";
import type { History } from "./history.ts";
import { ancestors } from "./path.ts";
import { resolveRevisions } from "./resolve.ts";

/** The ids of the revisions that are named, as Alembic finds them, and of all that must have run before them. */
export const upTo = (history: History, names: readonly string[]): Answer<ReadonlySet<string>> =>
  answer(() => {
    const ids = names.flatMap((name) => valueOf(resolveRevisions(history, name)));
    return new Set(ids.flatMap((id) => [id, ...ancestors(history, id)]));
  });
