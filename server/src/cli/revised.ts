/** What git's default branch has of the revisions that are checked. */
import { objectOf, presentRevisions } from "../host/git.ts";
import { RepositoryUnreadable } from "../project/ports.ts";
import { findRevised, type PresentRevision } from "../project/published.ts";
import type { Published } from "../project/snapshot.ts";
import { enabledRules } from "../rules/check.ts";
import { publishedRevisionChanged } from "../rules/published-revision-changed.ts";
import { variantsOf } from "../settings/paths.ts";
import type { Io } from "./io.ts";
import type { Lineage } from "./report.ts";
import type { Opened, Target } from "./targets.ts";

/** Undefined where git cannot tell, or has nothing else than what is there. */
async function ask(root: string, revisions: readonly PresentRevision[], io: Io): Promise<Published | undefined> {
  if (io.repository === undefined) return undefined;
  try {
    const read = (path: string): Promise<string | undefined> => io.files.read(path).catch(() => undefined);
    const published = await findRevised(root, revisions, io.repository, read);
    return published?.texts.size === 0 ? undefined : published;
  } catch (error) {
    if (error instanceof RepositoryUnreadable) return undefined;
    throw error;
  }
}

const isAsked = ({ project, settings }: Target): boolean =>
  variantsOf(settings).some((one) => enabledRules(project, one, [publishedRevisionChanged]).length > 0);

const told = (published: Published | undefined): string =>
  published === undefined
    ? ""
    : JSON.stringify([published.branch, [...published.texts].map(([path, text]) => [path, objectOf({ text })]).sort()]);

/** The projects, with what git says of them. */
export async function withPublished(opened: Opened, io: Io): Promise<Opened> {
  const targets = await Promise.all(
    opened.targets.map(async (target): Promise<Target> => {
      if (!isAsked(target)) return target;
      const { project } = target;
      const published = await ask(project.config.root, presentRevisions(project.files.values()), io);
      return published === undefined ? target : { ...target, project: { ...project, published } };
    }),
  );
  return { ...opened, targets };
}

/** For `stillTold`; absent where git was not asked. */
export const revisedOf = (target: Target): Pick<Lineage, "revised"> =>
  isAsked(target) ? { revised: told(target.project.published) } : {};

/** Whether git says what it said when the lineages were made. */
export async function stillTold(lineages: readonly Lineage[], io: Io): Promise<boolean> {
  for (const { root, all, revised } of lineages)
    if (revised !== undefined && told(await ask(root, all, io)) !== revised) return false;
  return true;
}
