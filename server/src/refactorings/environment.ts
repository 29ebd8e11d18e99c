/** What refactorings have in common that edit env.py: one offer for the project, wherever it is asked for. */
import { environmentFileOf } from "../project/environment-file.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import type { TextEdit } from "../text/edit.ts";
import type { Offer, Refactoring } from "./define.ts";
import { editedFile } from "./edited.ts";
import { orUnavailable, rememberedOfProject } from "./offering.ts";

type OfEnvironment = Pick<Refactoring<readonly TextEdit[]>, "plan" | "apply">;

/** `offer` may refuse. */
export function editEnvironment(
  offer: (project: Project, env: RevisionFile) => Offer<readonly TextEdit[]>,
): OfEnvironment {
  const offerFor = rememberedOfProject((project): Offer<readonly TextEdit[]> => {
    const env = environmentFileOf(project);
    return env && orUnavailable(() => offer(project, env));
  });
  return {
    plan: ({ project }) => offerFor(project),
    apply: ({ project, file }, edits) => editedFile(environmentFileOf(project) ?? file, edits),
  };
}
