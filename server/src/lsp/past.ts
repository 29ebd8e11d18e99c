/** Which revisions are old history: what the settings name, or what is on git's default branch already. */
import { gitRepository, presentRevisions } from "../host/git.ts";
import { nodeFiles } from "../host/files.ts";
import type { History } from "../history/history.ts";
import { upTo } from "../history/past.ts";
import { RepositoryUnreadable, type Log } from "../project/ports.ts";
import { findPublished, findRevised } from "../project/published.ts";
import type { Project, Published } from "../project/snapshot.ts";
import type { Settings } from "../settings/settings.ts";

export interface PastWatch {
  /** Paths of the revisions on git's default branch; undefined where git was not asked or cannot tell. */
  published(project: Project): ReadonlySet<string> | undefined;
  has(project: Project, settings: Settings | undefined, path: string): boolean;
  /** What published revisions are like there, by project folder, as git last said. */
  revised(): ReadonlyMap<string, Published>;
  /** Asks git anew. `open`: paths of what is being edited, or may be. */
  look(projects: readonly Project[], open: ReadonlySet<string>): Promise<void>;
  /** It is some time since git was asked. */
  isStale(): boolean;
  expire(): void;
  /** Until then git is not run at all. */
  trust(): void;
  isTrusted(): boolean;
}

const freshMilliseconds = 15_000;

const nothing: ReadonlySet<string> = new Set();

interface Told {
  /** Undefined where git cannot tell. */
  readonly paths: ReadonlySet<string> | undefined;
  readonly revised: Published | undefined;
}

async function askGit(project: Project, open: ReadonlySet<string>): Promise<Told> {
  const { root } = project.config;
  const revisions = presentRevisions(project.files.values());
  const branch = await gitRepository.defaultBranch(root);
  const commit = branch === undefined ? undefined : await gitRepository.commit(root, branch);
  if (commit === undefined) return { paths: undefined, revised: undefined };
  const onDisk = (path: string): Promise<string | undefined> => nodeFiles.read(path).catch(() => undefined);
  const held = (path: string): Promise<string | undefined> => Promise.resolve(project.files.get(path)?.text);
  return {
    paths: await findPublished(revisions, commit, gitRepository, onDisk),
    revised: await findRevised(root, revisions, gitRepository, held, open),
  };
}

export function watchPast({ log, isTrusted }: { readonly log: Log; readonly isTrusted: boolean }): PastWatch {
  let trusted = isTrusted;
  let lastLook = -Infinity;
  /** By project folder. */
  let published = new Map<string, ReadonlySet<string>>();
  let revised = new Map<string, Published>();
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
    revised: () => revised,
    has(project, settings, path) {
      const baseline = settings?.baseline ?? "published";
      if (baseline === "none") return false;
      if (baseline === "published") return published.get(project.config.root)?.has(path) === true;
      const id = project.files.get(path)?.identifiers.revision?.value;
      return id !== undefined && upToNamed(project.history, baseline).has(id);
    },
    async look(projects, open) {
      if (!trusted) return;
      lastLook = performance.now();
      const found = new Map<string, ReadonlySet<string>>();
      const other = new Map<string, Published>();
      for (const project of projects) {
        try {
          const told = await askGit(project, open);
          if (told.paths !== undefined) found.set(project.config.root, told.paths);
          if (told.revised !== undefined) other.set(project.config.root, told.revised);
        } catch (error) {
          if (!(error instanceof RepositoryUnreadable)) throw error;
          log.info(`${project.config.root}: ${error.message}`);
        }
      }
      published = found;
      revised = other;
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
