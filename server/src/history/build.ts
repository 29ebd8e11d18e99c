import type { RevisionFile } from "../model/revision.ts";
import { withoutCycles } from "./cycles.ts";
import { answer } from "./error.ts";
import type { History, Revision } from "./history.ts";
import { linkRevisions } from "./link.ts";
import { orderFromHeads } from "./order.ts";
import { findProblems } from "./problems.ts";
import { refuseUnread } from "./unread.ts";

/** The graph of the revisions in `files`; files that are no revisions are left out. Never throws: what Alembic would refuse is in `problems`. */
export function buildHistory(files: Iterable<RevisionFile>): History {
  const all = [...files].flatMap(toRevision);
  const revisions = new Map(all.map((revision) => [revision.id, revision]));
  const labels = labelsOf(all);
  const before = new Map([...revisions.values()].map((one) => [one.id, predecessorsOf(one, revisions, labels)]));
  const children = childrenOf(revisions);
  const ids = [...revisions.keys()];
  const free = withoutCycles(ids, before);
  const stuck = free.size === ids.length ? [] : ids.filter((id) => !free.has(id));
  const graph = answer(() => {
    refuseUnread(all);
    return linkRevisions(all, stuck);
  });
  const linked = "value" in graph ? graph.value.names : undefined;
  const order = orderFromHeads(free, headsOf(free, before), (id) => linked?.get(id)?.before ?? before.get(id) ?? []);
  return {
    revisions,
    heads: ids.filter((id) => children.get(id)?.length === 0),
    bases: ids.filter((id) => revisions.get(id)?.parents.length === 0),
    children,
    before,
    order: [...[...order].reverse(), ...stuck],
    graph,
    problems: findProblems({ all, revisions, labels, before, stuck }),
  };
}

function toRevision(file: RevisionFile): Revision[] {
  const { revision, downRevision, branchLabels, dependsOn } = file.identifiers;
  if (!file.isRevision || revision === undefined) return [];
  return [
    {
      id: revision.value,
      file,
      parents: downRevision?.value ?? [],
      dependsOn: dependsOn?.value ?? [],
      branchLabels: branchLabels?.value ?? [],
      message: messageOf(file),
    },
  ];
}

export const messageOf = (file: RevisionFile): string => file.header?.message.value ?? "";

/** Of a label used twice the first revision counts. */
function labelsOf(all: readonly Revision[]): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const revision of all) {
    for (const label of revision.branchLabels) if (!labels.has(label)) labels.set(label, revision.id);
  }
  return labels;
}

/** `depends_on` may name a branch label; `down_revision` may not. */
function predecessorsOf(
  { parents, dependsOn }: Revision,
  revisions: ReadonlyMap<string, Revision>,
  labels: ReadonlyMap<string, string>,
): readonly string[] {
  const [parent] = parents;
  if (parents.length === 1 && parent !== undefined && dependsOn.length === 0)
    return revisions.has(parent) ? parents : [];
  const existing = parents.filter((one) => revisions.has(one));
  const dependencies = dependsOn.flatMap((name) => (revisions.has(name) ? name : (labels.get(name) ?? [])));
  return [...new Set([...existing, ...dependencies])];
}

function childrenOf(revisions: ReadonlyMap<string, Revision>): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>([...revisions.keys()].map((id) => [id, []]));
  for (const revision of revisions.values()) {
    for (const parent of unique(revision.parents)) children.get(parent)?.push(revision.id);
  }
  return children;
}

const unique = (ids: readonly string[]): Iterable<string> => (ids.length < 2 ? ids : new Set(ids));

/** Ids that nothing comes after, in the order in which they were read. */
function headsOf(ids: ReadonlySet<string>, before: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const heads = new Set(ids);
  for (const id of ids) for (const previous of before.get(id) ?? []) heads.delete(previous);
  return [...heads];
}
