/** What the plans of refactorings have in common: a refusal is an answer, and the same question is answered once. */
import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { Refused } from "../rewrite/refused.ts";
import type { Offer } from "./define.ts";

/** An offer, or why there can be none. */
export function orUnavailable<Plan>(make: () => Offer<Plan>): Offer<Plan> {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refused) return { unavailable: error.message };
    throw error;
  }
}

/** Asked at every request for code actions; a file and a project are the same values until they change. */
export function remembered<T>(
  make: (project: Project, file: RevisionFile) => T,
): (project: Project, file: RevisionFile) => T {
  const memo = new WeakMap<RevisionFile, WeakMap<Project, { readonly value: T }>>();
  return (project, file) => {
    const known = memo.get(file) ?? new WeakMap<Project, { readonly value: T }>();
    memo.set(file, known);
    const found = known.get(project) ?? { value: make(project, file) };
    known.set(project, found);
    return found.value;
  };
}

/** The same for all files of a project, and for all its snapshots that have the same config. */
export function rememberedOfProject<T>(make: (project: Project) => T): (project: Project) => T {
  const memo = new WeakMap<Project["config"], { readonly value: T }>();
  return (project) => {
    const found = memo.get(project.config) ?? { value: make(project) };
    memo.set(project.config, found);
    return found.value;
  };
}
