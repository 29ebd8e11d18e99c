/** Which revisions an upgrade, a downgrade or a range comes to, and in which order, heads first. */
import { refuse } from "./error.ts";
import { reach, toBefore, toChildren, toDependents, toParents, type Graph, type Links, type Node } from "./graph.ts";
import { splitBranch } from "./identifier.ts";
import { labelsOf } from "./labels.ts";
import { branchNamed, isRevision, revisionNamed, type Place } from "./lookup.ts";
import { orderFromHeads } from "./order.ts";
import { downgradeTarget, placesOf, textOf, upgradeTargets, type Names } from "./targets.ts";

export interface Collected {
  readonly ids: readonly string[];
  readonly warning?: string;
}

/** As `RevisionMap._collect_upgrade_revisions` for `alembic upgrade`: all that `target` needs and that has not run. */
export function collectUpgrade(graph: Graph, current: readonly string[], target: string): Collected {
  const targets = upgradeTargets(graph, current, target, false).map((place) => isRevision(place, target));
  const needed = reachApart(graph, targets, toBefore, textOf(target));
  const done = reachApart(graph, placesOf(graph, current), toBefore, textOf(current));
  return { ids: inOrder(graph, difference(needed, done), targets) };
}

/**
 * The same for `alembic history -r lower:upper`, the lower end included: of what the upper end needs only that which descends
 * from the lower end along parents.
 */
export function collectRange(graph: Graph, lower: Names, upper: Names): Collected {
  const found = upgradeTargets(graph, lower, upper, true).map((place) => isRevision(place, textOf(upper)));
  const targets = ofBranch(graph, found, lower);
  const needed = reachApart(graph, targets, toBefore, textOf(upper));
  const ends = lowerEnds(graph, lower, upper, needed);
  const wanted = difference(needed, reachApart(graph, ends, toBefore, textOf(lower)));
  for (const end of ends) wanted.add(isRevision(end, textOf(lower)));
  if (ends.length === 0) return { ids: inOrder(graph, wanted, targets) };
  const above = reachApart(graph, ends, toChildren, textOf(lower));
  return { ids: inOrder(graph, new Set([...wanted].filter((node) => above.has(node))), targets) };
}

/** A lower end `branch@…` leaves only targets of that branch. */
function ofBranch(graph: Graph, targets: readonly Node[], lower: Names): readonly Node[] {
  if (typeof lower !== "string" || !lower.includes("@")) return targets;
  const { branch = "" } = splitBranch(lower);
  const root = revisionNamed(graph, branch);
  const label = root?.id === branch ? onlyLabelOf(graph, root) : branch;
  return targets.filter((target) => labelsOf(graph, target).has(label));
}

function onlyLabelOf(graph: Graph, node: Node): string {
  const [label, ...others] = labelsOf(graph, node);
  if (label !== undefined && others.length === 0) return label;
  return refuse(
    "AlembicFails",
    `Revision "${node.id}" is used as a branch, but not exactly one branch label covers it.`,
  );
}

function lowerEnds(graph: Graph, lower: Names, upper: Names, needed: ReadonlySet<Node>): readonly Place[] {
  const places = placesOf(graph, lower);
  for (const place of places) {
    if (place !== undefined && (place === "base" || !needed.has(place))) refuseRange(lower, upper);
  }
  if (places.length === 0 || places[0] !== undefined) return places;
  // The lower end is a step down past the base from each head: Alembic tries again from the upper end.
  const { place } = downgradeTarget(graph, upper, lower, true);
  return place === "base" ? [] : [isRevision(place, textOf(lower))];
}

const refuseRange = (lower: Names, upper: Names): never =>
  refuse("RangeNotAncestorError", `"${textOf(lower)}" is not an ancestor of "${textOf(upper)}".`);

/** As `RevisionMap._collect_downgrade_revisions` for `alembic downgrade`: all that has run and needs what is to be dropped. */
export function collectDowngrade(graph: Graph, current: readonly string[], target: string): Collected {
  const { branch, place, warning } = downgradeTarget(graph, current, target, false);
  const to = place === "base" ? undefined : place;
  const roots = rootsOf(graph, to, branch);
  const text = textOf(current);
  const heads = placesOf(graph, current).map((head) => isRevision(head, text));
  const active = reach(graph, heads, toBefore);
  const dropped = new Set([...reach(graph, roots, toDependents)].filter((node) => active.has(node)));
  if (to !== undefined && dropped.size === 0 && !heads.includes(to)) {
    refuse("RangeNotAncestorError", `The database has not run "${target}", so there is nothing to go down from.`);
  }
  return { ids: inOrder(graph, dropped, heads), ...(warning === undefined ? {} : { warning }) };
}

/** The first revisions to be dropped: the bases, or the children of the target; of several those that lead to the branch. */
function rootsOf(graph: Graph, to: Node | undefined, branch: string | undefined): readonly Node[] {
  const all = to === undefined ? basesOf(graph) : [...to.children].flatMap((id) => graph.names.get(id) ?? []);
  if (branch === undefined || all.length < 2) return all;
  const line = reach(graph, [branchNamed(graph, branch)], toParents);
  const roots = all.filter((root) => line.has(root));
  if (roots.length > 0) return roots;
  return refuse("RevisionError", `Branch "${branch}" is not one that can be gone down to there.`);
}

const basesOf = (graph: Graph): readonly Node[] =>
  [...graph.names.values()].filter(({ parents }) => parents.length === 0);

const difference = (all: ReadonlySet<Node>, without: ReadonlySet<Node>): Set<Node> =>
  new Set([...all].filter((node) => !without.has(node)));

/** `reach`; refused where one of the starts lies on the way from another. */
function reachApart(graph: Graph, starts: readonly Place[], links: Links, text: string): Set<Node> {
  const apart = new Set(starts);
  const seen = new Set<Node>();
  for (const place of apart) {
    const start = isRevision(place, text);
    const todo = [start];
    for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
      if (node !== start && apart.has(node)) refuseOverlap(start.id, node.id);
      if (seen.has(node)) continue;
      seen.add(node);
      for (const id of links(node)) todo.push(isRevision(graph.names.get(id), id));
    }
  }
  return seen;
}

const refuseOverlap = (id: string, other: string): never =>
  refuse("RevisionError", `"${id}" and "${other}" lie on one line of the history; only one of them can be meant.`);

function inOrder(graph: Graph, wanted: ReadonlySet<Node>, heads: readonly Node[]): readonly string[] {
  const ids = new Set([...wanted].map(({ id }) => id));
  const place = (id: string): number => graph.names.get(id)?.position ?? 0;
  const starts = [...new Set(heads.map(({ id }) => id))]
    .filter((id) => ids.has(id))
    .sort((a, b) => place(a) - place(b));
  const order = orderFromHeads(ids, starts, (id) => graph.names.get(id)?.before ?? []);
  if (order.length === ids.size) return order;
  return refuse("AlembicFails", "Some of these revisions cannot be come to from the heads of the range.");
}
