import type { RevisionFile } from "../model/revision.ts";
import type { Dialect } from "../sql/action.ts";
import { CachedFiles } from "./cache.ts";
import { isRevisionName } from "./continuation.ts";
import { discover, type Discovered, type DiscoverOptions } from "./discover.ts";
import { loadProject } from "./load.ts";
import { baseName, isWithin, parentOf } from "./paths.ts";
import type { FileSource, Log } from "./ports.ts";
import { looksLikeRevision } from "./python-text.ts";
import { readRevision } from "../model/read.ts";
import { looseSite, type Site } from "./site.ts";
import type { Project, Workspace } from "./snapshot.ts";

export interface StoreOptions extends DiscoverOptions {
  /** The person's choice, which goes before all that the project says; given per project, it is asked with the project's folder. */
  readonly dialect?: Dialect | ((root: string) => Dialect | undefined | Promise<Dialect | undefined>);
}

interface Loaded {
  readonly site: Site;
  readonly project: Project;
}

interface Change {
  readonly path: string;
  readonly text: string | undefined;
}

/**
 * The projects of a workspace, kept up to date. Changes are worked off one after the other; `snapshot` is what they
 * have come to so far. A file that cannot be read becomes a problem of its project: nothing here throws.
 */
export class ProjectStore {
  readonly #files: CachedFiles;
  readonly #log: Log;
  readonly #revisions = new Map<string, { readonly dialect: Dialect; readonly file: RevisionFile }>();
  #roots: readonly string[] = [];
  #options: StoreOptions = {};
  #problems: Workspace["problems"] = [];
  #loaded: readonly Loaded[] = [];
  /** Folders of revision files that came to light through an open editor. */
  #opened: readonly Site[] = [];
  #snapshot: Workspace = { projects: [], problems: [] };
  #queue: Promise<void> = Promise.resolve();
  #changes: Change[] = [];
  #taking: Promise<void> | undefined;

  constructor(files: FileSource, log: Log) {
    this.#files = new CachedFiles(files);
    this.#log = log;
  }

  /** Finds and reads the projects of these roots (folders or files, absolute with "/"), afresh from the disk. */
  open(roots: readonly string[], options: StoreOptions = {}): Promise<void> {
    return this.#enqueue(async () => {
      this.#roots = roots;
      this.#options = options;
      this.#files.clear();
      await this.#discover();
    });
  }

  /**
   * Takes in a change: `text` is what an open editor holds, unsaved or not; undefined says that the file (or folder)
   * counts as it is on the disk again, be it closed, changed, created or deleted there. Changes that come while others
   * are worked off are taken together.
   */
  update(path: string, text: string | undefined): Promise<void> {
    this.#changes.push({ path, text });
    this.#taking ??= this.#enqueue(async () => {
      const changes = this.#changes;
      this.#changes = [];
      this.#taking = undefined;
      await this.#take(changes);
    });
    return this.#taking;
  }

  snapshot(): Workspace {
    return this.#snapshot;
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work).catch((error: unknown) => {
      this.#log.error(
        `projects could not be read: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    });
    this.#queue = done;
    return done;
  }

  async #take(changes: readonly Change[]): Promise<void> {
    let findAgain = false;
    const touched = new Set<Loaded>();
    for (const { path, text } of changes) {
      const wasAbsent = await this.#isAbsent(parentOf(path));
      await this.#files.set(path, text);
      const own = this.#loaded.filter(({ site }) => belongs(site, path));
      for (const loaded of own) touched.add(loaded);
      // A folder that comes into being, or goes, changes what there is to find; so may a file in a folder of old revisions.
      const isFolderChange = wasAbsent !== (await this.#isAbsent(parentOf(path)));
      const isAside = own.length === 0 && this.#loaded.some(({ site }) => isAround(site, path));
      findAgain ||= isConfig(path) || isFolderChange || isAside;
    }
    if (findAgain) await this.#discover();
    else await this.#reload(touched);
    for (const { path, text } of changes) {
      if (text !== undefined && isRevisionName(baseName(path)) && looksLikeRevision(text)) await this.#adopt(path);
    }
  }

  async #isAbsent(folder: string): Promise<boolean> {
    return (await this.#files.list(folder).catch(() => undefined)) === undefined;
  }

  async #discover(): Promise<void> {
    const found: Discovered = await discover(this.#files, this.#roots, this.#options);
    this.#problems = found.problems;
    const claimed = new Set(found.sites.flatMap((site) => site.versionLocations));
    this.#opened = this.#opened.filter(({ versionLocations: own }) => !own.some((location) => claimed.has(location)));
    const sites = [...found.sites, ...this.#opened];
    const known = new Map(this.#loaded.map((loaded) => [loaded.site.id, loaded]));
    const loaded = await Promise.all(sites.map((site) => this.#load(site, known.get(site.id))));
    this.#loaded = loaded.filter(({ site, project }) => !this.#opened.includes(site) || project.files.size > 0);
    this.#publish();
  }

  async #reload(touched: ReadonlySet<Loaded>): Promise<void> {
    if (touched.size === 0) return;
    this.#loaded = await Promise.all(
      this.#loaded.map(async (loaded) => (touched.has(loaded) ? this.#load(loaded.site, loaded) : loaded)),
    );
    this.#publish();
  }

  /** A revision that an editor shows belongs somewhere: else to a project of its own folder. */
  async #adopt(path: string): Promise<void> {
    if (this.#loaded.some(({ project }) => project.files.has(path))) return;
    const site = looseSite([parentOf(path)]);
    this.#opened = [...this.#opened, site];
    this.#loaded = [...this.#loaded, await this.#load(site, undefined)];
    this.#publish();
  }

  async #load(site: Site, earlier: Loaded | undefined): Promise<Loaded> {
    const { dialect } = this.#options;
    const chosen = typeof dialect === "function" ? await dialect(site.root) : dialect;
    const project = await loadProject(this.#files, site, chosen, this.#read, earlier?.project);
    return { site, project: earlier !== undefined && isSame(earlier.project, project) ? earlier.project : project };
  }

  readonly #read = (path: string, text: string, dialect: Dialect): RevisionFile => {
    const known = this.#revisions.get(path);
    if (known?.dialect === dialect && known.file.text === text) return known.file;
    const file = readRevision(path, text, { dialect });
    this.#revisions.set(path, { dialect, file });
    return file;
  };

  #publish(): void {
    this.#snapshot = { projects: this.#loaded.map(({ project }) => project), problems: this.#problems };
    const paths = new Set(this.#loaded.flatMap(({ project }) => [...project.files.keys()]));
    for (const path of this.#revisions.keys()) if (!paths.has(path)) this.#revisions.delete(path);
  }
}

const isConfig = (path: string): boolean =>
  path.endsWith(".ini") || ["pyproject.toml", "env.py"].includes(baseName(path));

const belongs = (site: Site, path: string): boolean =>
  path.endsWith(".py") &&
  site.versionLocations.some((location) => (site.recursive ? isWithin(location, path) : parentOf(path) === location));

/** Below a version location, or a folder above one. */
const isAround = (site: Site, path: string): boolean =>
  site.versionLocations.some(
    (location) => isWithin(path, location) || (path.endsWith(".py") && isWithin(location, path)),
  );

/** Nothing that a rule or a person could see has changed. */
const isSame = (a: Project, b: Project): boolean =>
  a.files.size === b.files.size &&
  [...a.files].every(([path, file]) => b.files.get(path) === file) &&
  JSON.stringify([a.config, a.problems]) === JSON.stringify([b.config, b.problems]);
