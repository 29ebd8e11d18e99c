/** The revisions linked as Alembic links them: what every question about ids, ranges and plans is asked of. */

/** Built anew whenever a link changes, and shared by snapshots until then. */
export interface Node {
  readonly id: string;
  /** Where it stands among the revisions, in the order in which they were read. */
  readonly position: number;
  /** `down_revision`. */
  readonly parents: readonly string[];
  /** The labels that its own file gives. */
  readonly branchLabels: readonly string[];
  /** The ids that `depends_on` comes to. */
  readonly dependencies: readonly string[];
  /** Ids that run before: the parents, and of the dependencies those that no ancestor along parents has already. */
  readonly before: readonly string[];
  /** Ids that have it as parent. */
  readonly children: readonly string[];
  /** Ids that have it as parent or dependency. */
  readonly dependents: readonly string[];
}

export interface Graph {
  /** By id, in the order in which they were read; then by branch label. */
  readonly names: ReadonlyMap<string, Node>;
  /** Ids that are nobody's parent. A file whose id a later file takes over counts as one more, as in Alembic. */
  readonly heads: readonly string[];
  /** Ids that are nobody's parent or dependency: what `alembic_version` holds when everything has run. */
  readonly effectiveHeads: readonly string[];
  readonly bases: readonly string[];
}

export type Links = (node: Node) => Iterable<string>;

export const toParents: Links = (node) => node.parents;
export const toBefore: Links = (node) => node.before;
export const toChildren: Links = (node) => node.children;
export const toDependents: Links = (node) => node.dependents;

/** All that `links` lead to, `starts` included. Ids that name nothing are passed over: a linked graph has none. */
export function reach(graph: Pick<Graph, "names">, starts: Iterable<Node>, links: Links): Set<Node> {
  const seen = new Set<Node>();
  const todo = [...starts];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const id of links(node)) {
      const next = graph.names.get(id);
      if (next !== undefined && !seen.has(next)) todo.push(next);
    }
  }
  return seen;
}
