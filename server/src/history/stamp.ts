/** What `alembic stamp` makes of the rows of `alembic_version`, as `ScriptDirectory._stamp_revs` plans it. */
import { answer, refuse, valueOf, type Answer } from "./error.ts";
import { reach, toBefore, toDependents, type Graph, type Node } from "./graph.ts";
import type { History } from "./history.ts";
import { inLineage, isRevision, type Place } from "./lookup.ts";
import { allNamed } from "./resolve.ts";
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
    const heads = allNamed(graph, current).map((place) => isRevision(place, current.join(", ")));
    const named = targets.length > 0 ? targets : ["base"];
    const touched = new Set(named.flatMap((text) => (text === "" ? [] : heads.filter(inLineage(graph, text, true)))));
    const places = allNamed(graph, named);
    for (const place of places.length > 0 ? places : [undefined]) stampOne(graph, place, touched, rows);
    return [...rows.rows()].sort();
  });

function stampOne(graph: Graph, place: Place, touched: ReadonlySet<Node>, rows: VersionRows): void {
  if (place === undefined) {
    for (const { id } of touched) rows.remove(id);
    return;
  }
  const node = isRevision(place, "base");
  if (touched.has(node)) return;
  const isTouched = (one: Node): boolean => touched.has(one);
  const isBelow = [...reach(graph, [node], toDependents)].some(isTouched);
  const isAbove = [...reach(graph, [node], toBefore)].some(isTouched);
  if (isBelow && isAbove) refuse("AlembicFails", `Rows of alembic_version lie both above and below "${node.id}".`);
  if (!isBelow && !isAbove) rows.insert(node.id);
  else replace(rows, [...touched], node, isAbove);
}

function replace(rows: VersionRows, from: readonly Node[], to: Node, isUpgrade: boolean): void {
  // An earlier target of the same stamp may have taken a row away: then Alembic adds one instead.
  const isGone = from.some(({ id }) => !rows.has(id));
  if (isUpgrade && isGone && !rows.has(to.id)) {
    rows.insert(to.id);
    return;
  }
  if (rows.has(to.id)) refuse("AlembicFails", `"${to.id}" is a row of alembic_version already.`);
  for (const { id } of from) rows.remove(id);
  rows.insert(to.id);
}
