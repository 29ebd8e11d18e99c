/** Links revisions as `RevisionMap._revision_map` does, and refuses what it refuses, in the same order. */
import { withoutCycles } from "./cycles.ts";
import { refuse } from "./error.ts";
import { reach, type Graph, type Node } from "./graph.ts";
import { illegalCharacters } from "./identifier.ts";

/** What a file says of its place in the history. */
export interface Written {
  readonly id: string;
  readonly parents: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
}

interface Draft extends Node {
  position: number;
  dependencies: readonly string[];
  before: readonly string[];
  readonly children: string[];
  readonly dependents: string[];
}

type Names = ReadonlyMap<string, Draft>;

/**
 * Of two files with one id the later counts, as in Alembic, which only warns of it.
 * @param stuck ids in a cycle or after one
 */
export function linkRevisions(all: readonly Written[], stuck: readonly string[]): Graph {
  for (const one of all) refuseAlone(one);
  const drafts = all.map(toDraft);
  const ids = new Map<string, Draft>();
  for (const draft of drafts) {
    // The later file has the place of the earlier.
    draft.position = ids.get(draft.id)?.position ?? ids.size;
    ids.set(draft.id, draft);
  }
  const names = withLabels(ids, drafts);
  all.forEach(({ dependsOn }, i) => resolve(drafts[i], dependsOn, names));
  const heads = linkBackwards(drafts, ids, names);
  reduceDependencies(drafts, ids);
  const bases = drafts.filter(({ parents }) => parents.length === 0);
  if (
    stuck.length > 0 ||
    drafts.length > ids.size ||
    drafts.some(({ parents }) => !parents.every((one) => ids.has(one)))
  ) {
    refuseAsAlembic(ids, bases, heads);
  }
  if (stuck.length > 0) refuseHiddenCycle(stuck, ids);
  return {
    names,
    heads: heads.heads.map(({ id }) => id),
    effectiveHeads: heads.effective.map(({ id }) => id),
    bases: bases.map(({ id }) => id),
  };
}

function refuseAlone({ id, parents, dependsOn }: Written): void {
  const itself = `Revision "${id}" names itself`;
  if (parents.includes(id)) refuse("LoopDetected", `${itself} as its parent.`);
  if (dependsOn.includes(id)) refuse("DependencyLoopDetected", `${itself} in "depends_on".`);
  const illegal = illegalCharacters(id);
  if (illegal !== "") refuse("RevisionError", `Alembic does not allow "${illegal}" in a revision id: "${id}".`);
}

const toDraft = ({ id, parents, branchLabels }: Written): Draft => ({
  id,
  position: 0,
  parents,
  branchLabels,
  dependencies: [],
  before: parents,
  children: [],
  dependents: [],
});

function withLabels(ids: Names, drafts: readonly Draft[]): Names {
  if (drafts.every(({ branchLabels }) => branchLabels.length === 0)) return ids;
  const names = new Map(ids);
  for (const draft of drafts) {
    for (const label of draft.branchLabels) {
      const other = names.get(label);
      if (other !== undefined) refuseLabel(label, draft.id, other.id);
      names.set(label, draft);
    }
  }
  return names;
}

const refuseLabel = (label: string, id: string, other: string): never =>
  refuse("RevisionError", `The branch label "${label}" of revision "${id}" is a name of revision "${other}" already.`);

function resolve(draft: Draft | undefined, dependsOn: readonly string[], names: Names): void {
  if (draft === undefined || dependsOn.length === 0) return;
  draft.dependencies = dependsOn.map((name) => named(name, draft, names).id);
}

const named = (name: string, draft: Draft, names: Names): Draft =>
  names.get(name) ??
  refuse("MissingRevision", `Revision "${draft.id}" names "${name}", which does not exist in this project.`);

interface Heads {
  readonly heads: readonly Draft[];
  readonly effective: readonly Draft[];
}

/**
 * Enters each revision with those that it names. A file whose id a later file took over is never taken from the heads:
 * what others name is the later one.
 */
function linkBackwards(drafts: readonly Draft[], ids: Names, names: Names): Heads {
  const heads = new Set(drafts);
  const effective = new Set(drafts);
  const link = (draft: Draft, isTwin: boolean): void => {
    for (const name of allBefore(draft)) {
      const previous = named(name, draft, names);
      const isEntered = (list: readonly string[]) => (isTwin ? list.includes(draft.id) : list.at(-1) === draft.id);
      if (!isEntered(previous.dependents)) previous.dependents.push(draft.id);
      if (draft.parents.includes(previous.id) && !isEntered(previous.children)) previous.children.push(draft.id);
      if (draft.parents.includes(name)) heads.delete(previous);
      effective.delete(previous);
    }
  };
  for (const draft of ids.values()) link(draft, false);
  // Of a file whose id was taken over the branch label still names it.
  for (const draft of drafts) if (draft.branchLabels.length > 0 && ids.get(draft.id) !== draft) link(draft, true);
  return { heads: [...heads], effective: [...effective] };
}

const allBefore = ({ parents, dependencies }: Draft): readonly string[] =>
  dependencies.length === 0 ? parents : [...new Set([...parents, ...dependencies])];

/** A dependency that an ancestor along parents has as well is met already. */
function reduceDependencies(drafts: readonly Draft[], ids: Names): void {
  const counts = new Map<string, number>();
  for (const { dependencies } of drafts) for (const id of dependencies) counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const draft of drafts) {
    if (draft.parents.length === 0 && draft.dependencies.length === 0) continue;
    const shared = draft.dependencies.filter((id) => (counts.get(id) ?? 0) > 1);
    const inherited = shared.length === 0 ? undefined : inheritedBy(draft, new Set(shared), ids);
    const own = draft.dependencies.filter((id) => !inherited?.has(id));
    draft.before =
      own.length === 0 && draft.parents.length < 2 ? draft.parents : [...new Set([...draft.parents, ...own])];
  }
}

/** Those of `wanted` that an ancestor of `draft` along parents depends on. */
function inheritedBy(draft: Draft, wanted: ReadonlySet<string>, ids: Names): ReadonlySet<string> {
  const found = new Set<string>();
  const ofAncestor = (node: Node): Iterable<string> => {
    if (node !== draft) for (const id of node.dependencies) if (wanted.has(id)) found.add(id);
    return found.size === wanted.size ? [] : node.parents;
  };
  reach({ names: ids }, [draft], ofAncestor);
  return found;
}

function refuseAsAlembic(ids: Names, bases: readonly Draft[], { heads, effective }: Heads): void {
  const down: DraftLinks = (draft) => draft.parents;
  refuseCycles(ids, { kind: "CycleDetected", heads, bases, down, up: (draft) => draft.children });
  refuseCycles(ids, {
    kind: "DependencyCycleDetected",
    heads: effective,
    bases: bases.filter(({ dependencies }) => dependencies.length === 0),
    down: allBefore,
    up: (draft) => draft.dependents,
  });
}

/**
 * Alembic only looks whether every revision lies between a head and a base, and so it does not see a cycle that does.
 * Then it runs a revision before what must run before it, or never comes to an end. That is no history to answer from.
 */
function refuseHiddenCycle(stuck: readonly string[], ids: Names): never {
  const among = new Set(stuck);
  const parents = new Map(stuck.map((id) => [id, (ids.get(id)?.parents ?? []).filter((one) => among.has(one))]));
  const isAlongParents = withoutCycles(stuck, parents).size < stuck.length;
  return refuseCycle(isAlongParents ? "CycleDetected" : "DependencyCycleDetected", [...stuck].sort());
}

function refuseCycle(kind: Space["kind"], stuck: readonly string[]): never {
  const links = kind === "CycleDetected" ? "parents" : "parents and dependencies";
  return refuse(kind, `The ${links} of ${quoted(stuck)} lead round in a cycle.`, stuck);
}

type DraftLinks = (draft: Draft) => Iterable<string>;

interface Space {
  readonly kind: "CycleDetected" | "DependencyCycleDetected";
  readonly heads: readonly Draft[];
  readonly bases: readonly Draft[];
  readonly down: DraftLinks;
  readonly up: DraftLinks;
}

/** Without a cycle every revision lies between a head and a base. */
function refuseCycles(ids: Names, { kind, heads, bases, down, up }: Space): void {
  const isClosed = heads.length === 0 || bases.length === 0;
  const below = isClosed ? new Set() : idsFrom(heads, down, ids);
  const above = isClosed ? new Set() : idsFrom(bases, up, ids);
  const stuck = [...ids.keys()].filter((id) => !below.has(id) || !above.has(id)).sort();
  if (stuck.length > 0) refuseCycle(kind, stuck);
}

function idsFrom(starts: readonly Draft[], links: DraftLinks, ids: Names): ReadonlySet<string> {
  const seen = new Set<Draft>();
  const todo = [...starts];
  for (let draft = todo.pop(); draft !== undefined; draft = todo.pop()) {
    if (seen.has(draft)) continue;
    seen.add(draft);
    for (const id of links(draft)) todo.push(named(id, draft, ids));
  }
  return new Set([...seen].map(({ id }) => id));
}

const mostNamed = 5;

const quoted = (ids: readonly string[]): string =>
  ids.length > mostNamed
    ? `${quoted(ids.slice(0, mostNamed))} and ${ids.length - mostNamed} more revisions`
    : ids.map((id) => `"${id}"`).join(", ");
