import { reach, toChildren, type Graph, type Node } from "./graph.ts";

const known = new WeakMap<Graph, ReadonlyMap<Node, ReadonlySet<string>>>();

/** The branch labels that cover a revision, its own among them. */
export const labelsOf = (graph: Graph, node: Node): ReadonlySet<string> => coverage(graph).get(node) ?? none;

const none: ReadonlySet<string> = new Set();

/**
 * A label covers its own revision, what descends from it along parents and, where the line has neither branch point nor merge point from its
 * head down to the revision, also what lies below up to the next such point.
 */
function coverage(graph: Graph): ReadonlyMap<Node, ReadonlySet<string>> {
  const made = known.get(graph);
  if (made !== undefined) return made;
  const covered = new Map<Node, Set<string>>();
  for (const node of new Set(graph.names.values())) {
    if (node.branchLabels.length === 0) continue;
    for (const one of coveredBy(graph, node)) {
      const labels = covered.get(one);
      if (labels === undefined) covered.set(one, new Set(node.branchLabels));
      else for (const label of node.branchLabels) labels.add(label);
    }
  }
  known.set(graph, covered);
  return covered;
}

function coveredBy(graph: Graph, labelled: Node): ReadonlySet<Node> {
  const nodes = reach(graph, [labelled], toChildren);
  const isStraight = [...nodes].every(isPlain);
  for (
    let node = isStraight ? parentOf(graph, labelled) : undefined;
    node && isPlain(node);
    node = parentOf(graph, node)
  ) {
    nodes.add(node);
  }
  return nodes;
}

/** Neither a branch point, dependencies counted, nor a merge point. */
const isPlain = ({ dependents, parents }: Node): boolean => dependents.length < 2 && parents.length < 2;

const parentOf = (graph: Graph, { parents: [parent] }: Node): Node | undefined =>
  parent === undefined ? undefined : graph.names.get(parent);
