/** Which revisions are old history: what the settings name, or what is on git's default branch already. */
import { gitRepository } from "../host/git.ts";
import { nodeFiles } from "../host/files.ts";
import type { History } from "../history/history.ts";
import { upTo } from "../history/past.ts";
import { RepositoryUnreadable, type Log } from "../project/ports.ts";
import { findPublished } from "../project/published.ts";
import type { Project } from "../project/snapshot.ts";
import type { Settings } from "../settings/settings.ts";

export interface PastWatch {
  /** Paths of the revisions on git's default branch; undefined where git was not asked or cannot tell. */
  published(project: Project): ReadonlySet<string> | undefined;
  has(project: Project, settings: Settings | undefined, path: string): boolean;
  /** Asks git anew. */
  look(projects: readonly Project[]): Promise<void>;
  /** It is some time since git was asked. */
  isStale(): boolean;
  expire(): void;
  /** Until then git is not run at all. */
  trust(): void;
  isTrusted(): boolean;
}

const freshMilliseconds = 15_000;

const nothing: ReadonlySet<string> = new Set();

/** Undefined where git cannot tell. */
async function askGit({ config, files }: Project): Promise<ReadonlySet<string> | undefined> {
  const branch = await gitRepository.defaultBranch(config.root);
  const commit = branch === undefined ? undefined : await gitRepository.commit(config.root, branch);
  if (commit === undefined) return undefined;
  const revisions = [...files.values()].flatMap(({ path, isRevision, identifiers: { revision } }) =>
    isRevision && revision?.value !== undefined ? [{ path, id: revision.value }] : [],
  );
  return findPublished(revisions, commit, gitRepository, (path) => nodeFiles.read(path).catch(() => undefined));
}

export function watchPast({ log, isTrusted }: { readonly log: Log; readonly isTrusted: boolean }): PastWatch {
  let trusted = isTrusted;
  let lastLook = -Infinity;
  /** By project folder. */
  let published = new Map<string, ReadonlySet<string>>();
  const named = new WeakMap<History, Map<string, ReadonlySet<string>>>();

  const upToNamed = (history: History, names: readonly string[]): ReadonlySet<string> => {
    const known = named.get(history) ?? new Map<string, ReadonlySet<string>>();
    named.set(history, known);
    const key = JSON.stringify(names);
    const found = known.get(key);
    if (found) return found;
    const answer = upTo(history, names);
    if ("error" in answer) log.warn(`retort.baseline: ${answer.error.message}`);
    const ids = "value" in answer ? answer.value : nothing;
    known.set(key, ids);
    return ids;
  };

  return {
    published: ({ config }) => published.get(config.root),
    has(project, settings, path) {
      const baseline = settings?.baseline ?? "published";
      if (baseline === "none") return false;
      if (baseline === "published") return published.get(project.config.root)?.has(path) === true;
      const id = project.files.get(path)?.identifiers.revision?.value;
      return id !== undefined && upToNamed(project.history, baseline).has(id);
    },
    async look(projects) {
      if (!trusted) return;
      lastLook = performance.now();
      const found = new Map<string, ReadonlySet<string>>();
      for (const project of projects) {
        try {
          const paths = await askGit(project);
          if (paths !== undefined) found.set(project.config.root, paths);
        } catch (error) {
          if (!(error instanceof RepositoryUnreadable)) throw error;
          log.info(`${project.config.root}: ${error.message}`);
        }
      }
      published = found;
    },
    isStale: () => trusted && performance.now() - lastLook > freshMilliseconds,
    expire() {
      lastLook = -Infinity;
    },
    trust() {
      trusted = true;
    },
    isTrusted: () => trusted,
  };
}
