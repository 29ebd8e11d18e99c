/** The other modules of a project: the texts of what its revisions import, read when a revision first asks for them. */
import type { Modules } from "../syntax/interpreter.ts";
import { newModules, type ModuleText } from "../syntax/modules.ts";
import { baseName, isAbsolute, joinPath, parentOf } from "./paths.ts";
import type { FileSource } from "./ports.ts";
import type { Readers } from "./readers.ts";

/** An application is not read whole because a revision imports a model. */
const maximalModules = 200;
const longestModule = 400_000;

/** Never the project's own, though a folder of it may be called so. */
const libraries = ["alembic", "sqlalchemy"];

export class ProjectModules {
  readonly modules: Modules;
  readonly #files: FileSource;
  /** Where Python looks for the project's own modules, in order, and folders of the project whose name is that of a package. */
  readonly folders: readonly string[];
  /** By name; null where the project has no such module. */
  readonly #known = new Map<string, ModuleText | null>();
  /** First parts of names, and the folders that have a module or a package called so. */
  readonly #packages = new Map<string, readonly string[]>(libraries.map((name) => [name, []]));
  readonly #wanted = new Set<string>();

  constructor(files: FileSource, folders: readonly string[]) {
    this.#files = files;
    this.folders = folders;
    this.modules = newModules((name) => this.#find(name));
  }

  #find(name: string): ModuleText | undefined {
    const known = this.#known.get(name);
    if (
      known === undefined &&
      (isAbsolute(name) || this.#packages.get(packageOf(name))?.length !== 0) &&
      this.#known.size < maximalModules * 10
    )
      this.#wanted.add(name);
    return known ?? undefined;
  }

  /** Whether the project has the module, as far as it was asked for. */
  has(name: string): boolean {
    return (this.#known.get(name) ?? null) !== null;
  }

  /** What was read last has asked for modules that are not known yet: `complete` must read it. */
  get isWanting(): boolean {
    return this.#wanted.size > 0;
  }

  /** Reads modules that were asked for elsewhere, so that it is known here whom a change of them concerns. */
  async learn(names: Iterable<string>): Promise<void> {
    for (const name of names) {
      this.#find(name);
      if (!this.#wanted.delete(name)) continue;
      this.#known.set(name, (await this.#read(name)) ?? null);
    }
  }

  /** Reads a file, again and again until all modules that it asks for are there. */
  async complete<T>(read: () => T, readers: Pick<Readers, "forgetReadersOf">): Promise<T> {
    let file = read();
    while (this.#wanted.size > 0) {
      const found = await this.#load();
      if (found.size === 0) break;
      readers.forgetReadersOf(found);
      file = read();
    }
    return file;
  }

  /** Reads what was asked for and is not known; answers the names of what there is. */
  async #load(): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const name of this.#wanted) {
      this.#wanted.delete(name);
      const module = await this.#read(name);
      this.#known.set(name, module ?? null);
      if (module) found.add(name);
    }
    this.modules.forget(found);
    return found;
  }

  /** Forgets the modules at the path, and those that could be there; answers their names. */
  forget(changed: string): ReadonlySet<string> {
    const names = new Set<string>();
    for (const [name, module] of this.#known) {
      const isThere = module
        ? module.path === changed
        : candidates(name, rootsOf(packageOf(name), this.folders)).includes(changed);
      if (isThere) names.add(name);
    }
    for (const name of names) {
      this.#known.delete(name);
      if (!libraries.includes(packageOf(name))) this.#packages.delete(packageOf(name));
    }
    if (names.size > 0) this.modules.forget(names);
    return names;
  }

  async #read(name: string): Promise<ModuleText | undefined> {
    const folders = await this.#foldersOf(packageOf(name));
    if ([...this.#known.values()].filter((module) => module !== null).length >= maximalModules) return undefined;
    for (const path of candidates(name, folders)) {
      const text = await this.#files.read(path).catch(() => undefined);
      if (text !== undefined) return text.length > longestModule ? undefined : { path, text };
    }
    return undefined;
  }

  async #foldersOf(name: string): Promise<readonly string[]> {
    const known = this.#packages.get(name);
    if (known !== undefined) return known;
    const found: string[] = [];
    for (const folder of isAbsolute(name) ? [] : rootsOf(name, this.folders)) {
      const entries = await this.#files.list(folder).catch(() => undefined);
      if (entries?.some((entry) => entry.name === (entry.folder ? name : `${name}.py`))) found.push(folder);
    }
    this.#packages.set(name, found);
    return found;
  }
}

/** Where the module may be, for each folder that its package may lie in. */
function candidates(name: string, folders: readonly string[]): readonly string[] {
  const bases = isAbsolute(name)
    ? [joinPath(parentOf(name), baseName(name).replaceAll(".", "/"))]
    : folders.map((folder) => joinPath(folder, name.replaceAll(".", "/")));
  return bases.flatMap((base) => [`${base}.py`, `${base}/__init__.py`]);
}

/** The first part of the name; of a relative one, which begins in a folder, there is none. */
const packageOf = (name: string): string => (isAbsolute(name) ? "/" : (name.split(".")[0] ?? name));

/** Where a package may lie: in one of the folders, or beside what is named for it above one of them. */
function rootsOf(name: string, folders: readonly string[]): readonly string[] {
  const above = folders.flatMap((folder) => {
    const parts = folder.split("/");
    return parts.flatMap((part, i) => (part === name && i > 0 ? [parts.slice(0, i).join("/") || "/"] : []));
  });
  return [...new Set([...folders, ...above.toReversed()])];
}
