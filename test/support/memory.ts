/** The ports of the pure layers, in memory. */
import {
  FileUnreadable,
  type Clock,
  type FileSource,
  type Log,
  type Repository,
} from "../../server/src/project/ports.ts";

export interface MemoryFiles extends FileSource {
  readonly texts: Map<string, string>;
  /** From now on reading this path fails as a file without permission does. */
  lock(path: string): void;
}

/** Files by absolute path with "/"; folders are there because files are. */
export function memoryFiles(texts: Readonly<Record<string, string>> | ReadonlyMap<string, string>): MemoryFiles {
  const files = new Map(texts instanceof Map ? texts : Object.entries(texts as Readonly<Record<string, string>>));
  const locked = new Set<string>();
  return {
    texts: files,
    lock: (path) => void locked.add(path),
    async read(path) {
      if (locked.has(path)) throw new FileUnreadable(`${path}: permission denied`);
      return Promise.resolve(files.get(path));
    },
    async list(path) {
      const prefix = path.endsWith("/") ? path : `${path}/`;
      const entries = new Map<string, boolean>();
      for (const file of files.keys()) {
        if (!file.startsWith(prefix)) continue;
        const [name = "", ...rest] = file.slice(prefix.length).split("/");
        entries.set(name, rest.length > 0);
      }
      return Promise.resolve(entries.size === 0 ? undefined : [...entries].map(([name, folder]) => ({ name, folder })));
    },
  };
}

export interface MemoryLog extends Log {
  readonly lines: string[];
}

export function memoryLog(): MemoryLog {
  const lines: string[] = [];
  return {
    lines,
    info: (message) => void lines.push(`info ${message}`),
    warn: (message) => void lines.push(`warn ${message}`),
    error: (message) => void lines.push(`error ${message}`),
  };
}

/** A clock that stands still until it is told otherwise. */
export function memoryClock(now = Date.UTC(2026, 0, 2, 3, 4, 5)): Clock & { set(now: number): void } {
  let current = now;
  return {
    now: () => current,
    set: (value) => {
      current = value;
    },
  };
}

/** A repository, in `/repo` where nothing is said, whose commits are given by name; a file's content is its own object. */
export function memoryRepository(
  commits: Readonly<Record<string, ReadonlyMap<string, string>>>,
  branch: string | undefined = Object.keys(commits)[0],
  top = "/repo",
): Repository {
  return {
    top: () => Promise.resolve(top),
    commit: (_, name) => Promise.resolve(name in commits || name === "HEAD" ? name : undefined),
    defaultBranch: () => Promise.resolve(branch),
    // The working tree has everything that is committed.
    mergeBase: (_, one) => Promise.resolve(one),
    list: (folder, commit) =>
      Promise.resolve(
        [...(commits[commit] ?? [])].flatMap(([path, object]) =>
          `${top}/${path}`.startsWith(`${folder}/`)
            ? [{ path: `${top}/${path}`.slice(folder.length + 1), object }]
            : [],
        ),
      ),
    read: (_, objects) => Promise.resolve(new Map(objects.map((object) => [object, object]))),
  };
}
