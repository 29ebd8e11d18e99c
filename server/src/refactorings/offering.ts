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

/** Files that are asked about at a time; plans hold what was read anew, and those of thousands of files would fill memory. */
const mostRemembered = 4;

/** Asked at every request for code actions; a file and a project are the same values until they change. */
export function remembered<T>(
  make: (project: Project, file: RevisionFile) => T,
): (project: Project, file: RevisionFile) => T {
  const memo: { readonly file: RevisionFile; readonly project: Project; readonly value: T }[] = [];
  return (project, file) => {
    const known = memo.find((one) => one.file === file && one.project === project);
    if (known) return known.value;
    const value = make(project, file);
    memo.unshift({ file, project, value });
    memo.length = Math.min(memo.length, mostRemembered);
    return value;
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
