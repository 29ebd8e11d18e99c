/** Which revisions a test run is about, and how long lists of them are cut into groups. */
import type { ProjectNode, RevisionNode } from "../../../server/src/protocol/index.ts";
import { t } from "../l10n.ts";

/** More rows than this under one are slow to draw and to read. */
export const groupSize = 100;

export interface Group {
  readonly id: string;
  readonly label: string;
  readonly revisions: readonly RevisionNode[];
}

/** In the order in which they run, parents first; each id once. */
export const inOrder = ({ revisions }: ProjectNode): readonly RevisionNode[] => {
  const seen = new Set<string>();
  return [...revisions].reverse().filter(({ id }) => seen.size < seen.add(id).size);
};

/** Empty where one list is short enough. */
export const groupsOf = (project: ProjectNode): readonly Group[] => {
  const revisions = inOrder(project);
  if (revisions.length <= 2 * groupSize) return [];
  const count = Math.ceil(revisions.length / groupSize);
  return Array.from({ length: count }, (_, index) => {
    const part = revisions.slice(index * groupSize, (index + 1) * groupSize);
    const from = index * groupSize + 1;
    return {
      id: groupId(project.id, index),
      label: t("{0} to {1}", from, from + part.length - 1),
      revisions: part,
    };
  });
};

/** VS Code keeps the character 0 for itself. */
const separator = "\u001f";
const groupId = (project: string, index: number): string => [project, "group", String(index)].join(separator);
export const revisionId = (project: string, revision: string): string =>
  [project, "revision", revision].join(separator);

/** What the id of an item stands for. */
export type Chosen =
  | { readonly kind: "project"; readonly project: string }
  | { readonly kind: "group"; readonly project: string; readonly index: number }
  | { readonly kind: "revision"; readonly project: string; readonly revision: string };

export const readId = (id: string): Chosen => {
  const [project = "", kind, rest = ""] = id.split(separator);
  if (kind === "group") return { kind, project, index: Number(rest) };
  return kind === "revision" ? { kind, project, revision: rest } : { kind: "project", project };
};

/** The revisions of one project that a request names, those left out that it excludes, in the order in which they run. */
export const chooseRevisions = (
  project: ProjectNode,
  include: readonly string[],
  exclude: readonly string[],
): readonly RevisionNode[] => {
  const groups = groupsOf(project);
  const holds = (id: string, revision: RevisionNode): boolean => {
    const chosen = readId(id);
    if (chosen.project !== project.id) return false;
    if (chosen.kind === "revision") return chosen.revision === revision.id;
    return chosen.kind === "project" || (groups[chosen.index]?.revisions.includes(revision) ?? false);
  };
  return inOrder(project).filter(
    (one) => include.some((id) => holds(id, one)) && !exclude.some((id) => holds(id, one)),
  );
};
