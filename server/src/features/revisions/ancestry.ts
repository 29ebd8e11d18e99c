/** What a revision follows and what follows it, as a hierarchy that is opened step by step. */
import type { Project } from "../../project/snapshot.ts";
import { homesOf, namedAt, type RevisionHome, type RevisionPlace } from "./named.ts";

/** The revision that a place names; in the file of a revision elsewhere that one itself. */
export function revisionsAt(place: RevisionPlace): readonly RevisionHome[] {
  const named = namedAt(place);
  const id = place.file.identifiers.revision?.value;
  if (!named || named.id === id) return id === undefined || !place.file.isRevision ? [] : [{ id, file: place.file }];
  return homesOf(place.project, named.id);
}

/** Parents, then dependencies. */
export const predecessorsOf = (project: Project, { file: { identifiers } }: RevisionHome): readonly RevisionHome[] =>
  unique([...(identifiers.downRevision?.value ?? []), ...(identifiers.dependsOn?.value ?? [])]).flatMap((name) =>
    homesOf(project, name),
  );

/** Children, then those that depend on it. */
export function successorsOf(project: Project, { id, file }: RevisionHome): readonly RevisionHome[] {
  const names = new Set([id, ...(file.identifiers.branchLabels?.value ?? [])]);
  const children: RevisionHome[] = [];
  const dependants: RevisionHome[] = [];
  for (const one of project.files.values()) {
    const { revision, downRevision, dependsOn } = one.identifiers;
    if (!one.isRevision || revision === undefined) continue;
    if (downRevision?.value.includes(id)) children.push({ id: revision.value, file: one });
    else if (dependsOn?.value.some((name) => names.has(name))) dependants.push({ id: revision.value, file: one });
  }
  return [...children, ...dependants];
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];
