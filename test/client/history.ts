/** Small histories for tests of the client. */
import type { ProjectNode, RevisionNode } from "../../server/src/protocol/index.ts";

/** Heads first, as the server sends them: `{ c: ["b"], b: ["a"], a: [] }`. */
export const projectOf = (
  parents: Readonly<Record<string, readonly string[]>>,
  over: Partial<ProjectNode> = {},
): ProjectNode => {
  const ids = Object.keys(parents);
  const known = new Map<string, string[]>();
  for (const id of ids) for (const parent of parents[id] ?? []) known.set(parent, [...(known.get(parent) ?? []), id]);
  const children = (id: string): readonly string[] => known.get(id) ?? [];
  return {
    id: "project",
    name: "shop",
    folderUri: "file:///shop",
    configUri: "file:///shop/alembic.ini",
    section: "alembic",
    dialect: "postgresql",
    versionTable: "alembic_version",
    transactionPerMigration: false,
    revisions: ids.map((id) => revisionOf(id, parents[id] ?? [], children(id))),
    heads: ids.filter((id) => children(id).length === 0),
    problems: [],
    ...over,
  };
};

export const revisionOf = (id: string, parents: readonly string[], children: readonly string[] = []): RevisionNode => ({
  id,
  parents,
  dependsOn: [],
  branchLabels: [],
  message: `message of ${id}`,
  uri: `file:///shop/versions/${id}.py`,
  isHead: children.length === 0,
  isMerge: parents.length > 1,
  isBranchPoint: children.length > 1,
  lane: 0,
  findings: { error: 0, warning: 0, information: 0 },
});

/** A branch point, two branches, a merge and one more. */
export const diamond = projectOf({ e: ["d"], d: ["b", "c"], c: ["a"], b: ["a"], a: [] });
