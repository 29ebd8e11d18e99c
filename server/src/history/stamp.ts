/** What `alembic stamp` makes of the rows of `alembic_version`, as `ScriptDirectory._stamp_revs` plans it. */
import { answer, refuse, valueOf, type Answer } from "./error.ts";
import { reach, toBefore, toDependents, type Graph, type Node } from "./graph.ts";
import type { History } from "./history.ts";
import { inLineage, isRevision, type Place } from "./lookup.ts";
import { allNamed } from "./resolve.ts";
import { textOf } from "./targets.ts";
import { VersionRows } from "./rows.ts";

/**
 * The rows after `alembic stamp targets…`, sorted.
 * @param current the rows before; give none for `--purge`
 */
export const planStamp = (
  history: History,
  current: readonly string[],
  targets: readonly string[],
): Answer<readonly string[]> =>
  answer(() => {
    const graph = valueOf(history.graph);
    const rows = new VersionRows(graph, current);
    const text = textOf(current);
    const heads = allNamed(graph, current).map((place) => isRevision(place, text));
    const named = targets.length > 0 ? targets : ["base"];
    const touched = new Set(named.flatMap((text) => (text === "" ? [] : heads.filter(inLineage(graph, text, true)))));
    const places = allNamed(graph, named);
    for (const place of places.length > 0 ? places : [undefined]) stampOne(graph, place, touched, rows);
    return [...rows.rows()].sort();
  });

function stampOne(graph: Graph, place: Place, touched: ReadonlySet<Node>, rows: VersionRows): void {
  if (place === undefined) {
    rows.change({ removed: [...touched].map(({ id }) => id), added: [] });
    return;
  }
  const node = isRevision(place, "base");
  if (touched.has(node)) return;
  const isTouched = (one: Node): boolean => touched.has(one);
  const isBelow = [...reach(graph, [node], toDependents)].some(isTouched);
  const isAbove = [...reach(graph, [node], toBefore)].some(isTouched);
  if (isBelow && isAbove) refuse("AlembicFails", `Rows of alembic_version lie both above and below "${node.id}".`);
  const from = !isBelow && !isAbove ? [] : [...touched].map(({ id }) => id);
  // An earlier target of the same stamp may have taken a row away: then Alembic adds one instead.
  const isGone = isAbove && !rows.has(node.id) && !from.every((id) => rows.has(id));
  rows.change({ removed: isGone ? [] : from, added: [node.id] });
}
