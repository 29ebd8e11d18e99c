/** Single names to revisions, as `RevisionMap.get_revision` finds them: ids, their beginnings, branch labels, `head`, `heads`, `base`. */
import { answer, refuse, valueOf } from "./error.ts";
import { reach, toBefore, toChildren, toDependents, toParents, type Graph, type Node } from "./graph.ts";
import { lengthOf, splitBranch } from "./identifier.ts";

/** Where a name leads: a revision, the base below all (a walk down came to it), or nowhere, which Alembic also takes for the base. */
export type Place = Node | "base" | undefined;

/** What a text stands for before it is looked up: an id for each revision. */
interface Ids {
  readonly ids: readonly string[];
  readonly branch: string | undefined;
}

export function idsNamed(graph: Graph, text: string | undefined): Ids {
  const { branch, name } = text === undefined ? { branch: undefined, name: "base" } : splitBranch(text);
  if (name === "heads") {
    const ids = branch ? graph.heads.filter(inLineage(graph, branch)) : graph.effectiveHeads;
    return { ids, branch };
  }
  if (name === "head") {
    const head = currentHead(graph, branch);
    return { ids: head === undefined ? [] : [head], branch };
  }
  return { ids: name === "base" ? [] : [name], branch };
}

function currentHead(graph: Graph, branch: string | undefined): string | undefined {
  const heads = branch ? graph.heads.filter(inLineage(graph, branch)) : graph.heads;
  if (heads.length < 2) return heads[0];
  return refuseMany(heads, branch ? `${branch}@head` : "head");
}

const refuseMany = (heads: readonly string[], text: string): never =>
  refuse("MultipleHeads", `"${text}" is not one revision but ${heads.length}: ${heads.join(", ")}.`, heads);

export function revisionNamed(graph: Graph, text: string | undefined): Node | undefined {
  const { ids, branch } = idsNamed(graph, text);
  return ids.length > 1 ? refuseMany(ids, text ?? "base") : revisionOf(graph, ids[0], branch);
}

/** Where a walk or a target must have led to a revision. Alembic has an assertion here. */
export function isRevision(place: Place, text: string): Node {
  if (place !== undefined && place !== "base") return place;
  return refuse("AlembicFails", `"${text}" leads past the end of the history.`);
}

/** By id, branch label or the first letters of one of them, checked to be of the branch. */
export function revisionOf(graph: Graph, id: string | undefined, branch: string | undefined): Node | undefined {
  const root = branch ? branchNamed(graph, branch) : undefined;
  if (id === undefined) return undefined;
  const node = graph.names.get(id) ?? startingWith(graph, id, branch);
  if (root !== undefined && !isRelated(graph, sameNamed(graph, node), sameNamed(graph, root))) {
    refuse("ResolutionError", `Revision "${node.id}" is not part of branch "${branch ?? ""}".`);
  }
  return node;
}

/** The revision that its id names, which is another where a later file took the id. */
const sameNamed = (graph: Graph, { id }: Node): Node => revisionOf(graph, id, undefined) ?? refuseEmpty();

export function branchNamed(graph: Graph, branch: string): Node {
  const node = answer(() => graph.names.get(branch) ?? startingWith(graph, branch, undefined));
  if ("value" in node) return node.value;
  return node.error.kind === "ResolutionError"
    ? refuse("ResolutionError", `There is no branch "${branch}".`)
    : valueOf(node);
}

const shortestPart = 4;

function startingWith(graph: Graph, start: string, branch: string | undefined): Node {
  if (start === "") return refuseEmpty();
  const all = [...graph.names.keys()].filter((name) => name.startsWith(start) && lengthOf(name) >= shortestPart);
  const names = branch ? all.filter(inLineage(graph, branch)) : all;
  const [only] = names;
  if (only === undefined) {
    const hint = lengthOf(start) < shortestPart ? `; the start of an id needs ${shortestPart} characters or more` : "";
    return refuse("ResolutionError", `There is no revision or branch "${start}"${hint}.`);
  }
  if (names.length > 1) {
    const some = names.slice(0, 3).join(", ");
    return refuse(
      "ResolutionError",
      `"${start}" is the start of ${names.length} revisions: ${some}${names.length > 3 ? ", …" : ""}.`,
      names,
    );
  }
  return revisionOf(graph, only, undefined) ?? refuseEmpty();
}

const refuseEmpty = (): never => refuse("AlembicFails", "An empty text names no revision.");

type OfLineage = (target: Node | string) => boolean;

/**
 * Whether a revision descends from what `against` names, or that from it; everything does where `against` names the base.
 * @param withDependencies whether `depends_on` counts as descent
 */
export function inLineage(graph: Graph, against: string, withDependencies = false): OfLineage {
  const { ids, branch } = idsNamed(graph, against);
  const tests = branch ? [branch, ...ids] : ids;
  if (tests.length === 0) return () => true;
  return (target) => {
    const node = typeof target === "string" ? revisionOf(graph, target, undefined) : target;
    const roots = tests.map((test) => revisionOf(graph, test, undefined));
    return (
      node !== undefined && roots.some((root) => root !== undefined && isRelated(graph, node, root, withDependencies))
    );
  };
}

interface Relatives {
  readonly root: Node;
  readonly withDependencies: boolean;
  readonly nodes: ReadonlySet<Node>;
}

/** A question asks again and again about one branch. */
const latest = new WeakMap<Graph, Relatives>();

function isRelated(graph: Graph, node: Node, root: Node, withDependencies = false): boolean {
  const made = latest.get(graph);
  if (made?.root === root && made.withDependencies === withDependencies) return made.nodes.has(node);
  const [up, down] = withDependencies ? [toDependents, toBefore] : [toChildren, toParents];
  const nodes = new Set([...reach(graph, [root], up), ...reach(graph, [root], down)]);
  latest.set(graph, { root, withDependencies, nodes });
  return nodes.has(node);
}
