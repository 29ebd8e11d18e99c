/** Which revisions a command would run, from the history that the server gave and the versions that the database holds. */
import type { ProjectNode, RevisionNode } from "../../../server/src/protocol/index.ts";

export interface Applied {
  /** Versions of the database and all that they stand on. */
  readonly ids: ReadonlySet<string>;
  readonly current: ReadonlySet<string>;
  /** Versions that the project has no revision for. */
  readonly unknown: readonly string[];
}

type Revisions = readonly RevisionNode[];

/** A dependency may be an id, the start of an id, or a branch label. */
const resolve = (revisions: Revisions, name: string): RevisionNode | undefined => {
  const exact = revisions.find((one) => one.id === name) ?? revisions.find((one) => one.branchLabels.includes(name));
  if (exact !== undefined || name === "") return exact;
  const starting = revisions.filter((one) => one.id.startsWith(name));
  return starting.length === 1 ? starting[0] : undefined;
};

const needsOf = (revision: RevisionNode): readonly string[] => [...revision.parents, ...revision.dependsOn];

export const findApplied = (revisions: Revisions, versions: readonly string[]): Applied => {
  const byId = new Map(revisions.map((one) => [one.id, one]));
  const ids = new Set<string>();
  const unknown: string[] = [];
  const queue: RevisionNode[] = [];
  for (const version of versions) {
    const revision = byId.get(version);
    if (revision === undefined) unknown.push(version);
    else queue.push(revision);
  }
  for (let revision = queue.pop(); revision !== undefined; revision = queue.pop()) {
    if (ids.has(revision.id)) continue;
    ids.add(revision.id);
    for (const name of needsOf(revision)) {
      const needed = byId.get(name) ?? resolve(revisions, name);
      if (needed !== undefined) queue.push(needed);
    }
  }
  // `alembic current` also lists versions that another one implies.
  const implied = new Set<string>();
  for (const version of versions) for (const id of strictAncestors(revisions, byId, version)) implied.add(id);
  return { ids, current: new Set(versions.filter((one) => byId.has(one) && !implied.has(one))), unknown };
};

const strictAncestors = (revisions: Revisions, byId: ReadonlyMap<string, RevisionNode>, id: string): Set<string> => {
  const seen = new Set<string>();
  const queue = [...(byId.get(id)?.parents ?? []), ...(byId.get(id)?.dependsOn ?? [])];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const revision = byId.get(name) ?? resolve(revisions, name);
    if (revision === undefined || seen.has(revision.id)) continue;
    seen.add(revision.id);
    queue.push(...needsOf(revision));
  }
  return seen;
};

/** What an upgrade to these revisions would run, parents first. */
export const planUpgrade = (revisions: Revisions, applied: Applied, targets: readonly string[]): RevisionNode[] => {
  const needed = findApplied(revisions, targets).ids;
  return [...revisions].reverse().filter((one) => needed.has(one.id) && !applied.ids.has(one.id));
};

/** What a downgrade to this revision would undo, children first; `undefined` as target: everything. */
export const planDowngrade = (revisions: Revisions, applied: Applied, target: string | undefined): RevisionNode[] => {
  const byId = new Map(revisions.map((one) => [one.id, one]));
  return revisions.filter(
    (one) => applied.ids.has(one.id) && (target === undefined || strictAncestors(revisions, byId, one.id).has(target)),
  );
};

/** Pending revisions all of whose parents are applied: one step up leads to one of them. */
export const nextUp = (revisions: Revisions, applied: Applied): RevisionNode[] =>
  revisions.filter(
    (one) =>
      !applied.ids.has(one.id) && needsOf(one).every((name) => applied.ids.has(resolve(revisions, name)?.id ?? name)),
  );

/** What goes with a revision when it is undone: itself, and all that stands on it; children first. */
export const planUndo = (revisions: Revisions, applied: Applied, id: string): RevisionNode[] => {
  const byId = new Map(revisions.map((one) => [one.id, one]));
  return revisions.filter(
    (one) => applied.ids.has(one.id) && (one.id === id || strictAncestors(revisions, byId, one.id).has(id)),
  );
};

/**
 * The argument that makes Alembic undo a revision and what stands on it, and no other. `downgrade parent` undoes every child of
 * the parent, so a branch needs `revision@parent`; relative steps are refused at merges ("Ambiguous walk").
 */
export const undoTarget = (project: ProjectNode, applied: Applied, revision: RevisionNode): string => {
  const [parent] = revision.parents;
  const plain = parent ?? "base";
  const undone = planUndo(project.revisions, applied, revision.id).length;
  const alone = planDowngrade(project.revisions, applied, parent).length === undone;
  return alone ? plain : `${revision.id}@${plain}`;
};
