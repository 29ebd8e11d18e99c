/** From the text that names revisions to the revisions, as `RevisionMap.get_revisions` and its kin find them. */
import { answer, valueOf, type Answer } from "./error.ts";
import type { Graph } from "./graph.ts";
import type { History } from "./history.ts";
import { parseStepsDown } from "./identifier.ts";
import { labelsOf } from "./labels.ts";
import { idsNamed, isRevision, revisionNamed, revisionOf, type Place } from "./lookup.ts";
import { walk } from "./walk.ts";

/**
 * The ids of the revisions that a person names, as `alembic show` finds them: an id or its first letters (of names of four letters
 * and more), a branch label, `head`, `heads`, `base` (none), `branch@name`, `-2` (from every head down), `current`.
 * @param current the rows of `alembic_version`
 */
export const resolveRevisions = (
  history: History,
  text: string,
  current: readonly string[] = [],
): Answer<readonly string[]> =>
  answer(() => {
    const graph = valueOf(history.graph);
    const places = text === "current" ? allNamed(graph, current) : revisionsNamed(graph, text);
    return places.map((place) => isRevision(place, text).id);
  });

/** The id of the one revision that a person names; undefined for the base. */
export const resolveRevision = (history: History, text: string): Answer<string | undefined> =>
  answer(() => revisionNamed(valueOf(history.graph), text)?.id);

/** The branch labels that cover a revision; none where Alembic refuses the history. */
export function branchLabelsOf(history: History, id: string): readonly string[] {
  const node = "value" in history.graph ? history.graph.value.names.get(id) : undefined;
  return node === undefined || !("value" in history.graph) ? [] : [...labelsOf(history.graph.value, node)];
}

export function revisionsNamed(graph: Graph, text: string | undefined): readonly Place[] {
  const { ids, branch } = idsNamed(graph, text);
  const [only] = ids;
  const steps = only !== undefined && ids.length === 1 ? parseStepsDown(only) : undefined;
  if (steps === undefined) return ids.map((id) => revisionOf(graph, id, branch));
  return revisionsNamed(graph, "heads")
    .filter((head) => branch === undefined || labelsOf(graph, isRevision(head, "heads")).has(branch))
    .map((head) => walk(graph, head, { steps, stopsAtEnd: false }));
}

export const allNamed = (graph: Graph, texts: Iterable<string>): readonly Place[] =>
  [...texts].flatMap((text) => revisionsNamed(graph, text));
