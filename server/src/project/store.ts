import { range } from "../text/range.ts";
import { CachedFiles } from "./cache.ts";
import { isRevisionName } from "./continuation.ts";
import { isIni } from "./config-files.ts";
import { discover, type Discovered, type DiscoverOptions } from "./discover.ts";
import { loadProject, type Chosen, type Loaded } from "./load.ts";
import { baseName, isWithin, parentOf } from "./paths.ts";
import type { FileSource, Log } from "./ports.ts";
import { looksLikeRevision } from "./python-text.ts";
import { createReaders, type Readers, type ReadMany } from "./readers.ts";
import { looseSite, type Site } from "./site.ts";
import type { Published, Workspace } from "./snapshot.ts";

export interface StoreOptions extends DiscoverOptions {
  /** The person's choice, which goes before all that the project says; given per project, it is asked with the project's folder. */
  readonly chosen?: Chosen | ((root: string) => Chosen | Promise<Chosen>);
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
  readonly #readers: Readers;
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

  constructor(files: FileSource, log: Log, readMany?: ReadMany) {
    this.#files = new CachedFiles(files);
    this.#log = log;
    this.#readers = createReaders(readMany);
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

  /** What a repository has to say of published revisions, by project folder; nothing where it says what it said before. */
  learn(published: ReadonlyMap<string, Published>): Promise<void> {
    return this.#enqueue(() => {
      const learned = this.#loaded.map((loaded) => withPublished(loaded, published.get(loaded.project.config.root)));
      if (learned.some((one, i) => one !== this.#loaded[i])) {
        this.#loaded = learned;
        this.#publish();
      }
      return Promise.resolve();
    });
  }

  /** Whether the file is, or would be, the statistics file of a project. */
  isStatistics(path: string): boolean {
    return this.#loaded.some(({ statisticsFile }) => statisticsFile.path === path);
  }

  snapshot(): Workspace {
    return this.#snapshot;
  }

  /** A failure is a defect: it is logged and stands among the problems, and what was known before still stands. */
  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work).catch((error: unknown) => {
      this.#log.error(
        `projects could not be read: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      const why = error instanceof Error ? error.message : String(error);
      const file = this.#roots[0] ?? "/";
      const message = `Projects could not be read, because of a defect of Retort: ${why}.`;
      this.#problems = [{ code: "defect", message, file, range: range(0, 0) }];
      this.#publish();
    });
    this.#queue = done;
    return done;
  }

  async #take(changes: readonly Change[]): Promise<void> {
    let findAgain = false;
    const touched = new Map<Loaded, Set<string>>();
    /** Where other files may read differently too: those that import what has changed. */
    const whole = new Set<Loaded>();
    for (const { path, text } of changes) {
      const wasAbsent = await this.#isAbsent(parentOf(path));
      await this.#files.set(path, text);
      this.#readers.typed(path, text !== undefined);
      const own = this.#loaded.filter(({ site }) => belongs(site, path));
      for (const loaded of this.#loaded) {
        const names = loaded.modules.forget(path);
        this.#readers.forgetReadersOf(names);
        if (names.size > 0) whole.add(loaded);
        // What is not one of its revisions makes it be read whole.
        if (loaded.script.concerns(path) || loaded.statisticsFile.path === path)
          touched.set(loaded, (touched.get(loaded) ?? new Set()).add(path));
      }
      for (const loaded of own) touched.set(loaded, (touched.get(loaded) ?? new Set()).add(path));
      // A folder that comes into being, or goes, changes what there is to find; so may a file in a folder of old revisions.
      const isFolderChange = wasAbsent !== (await this.#isAbsent(parentOf(path)));
      const isAside = own.length === 0 && this.#loaded.some(({ site }) => isAround(site, path));
      findAgain ||= isConfig(path) || isFolderChange || isAside;
    }
    if (findAgain) await this.#discover();
    else await this.#reload(touched, whole);
    for (const { path, text } of changes) if (text !== undefined) await this.#adopt(path, text);
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
    this.#forgetOthers();
    this.#publish();
  }

  async #reload(touched: ReadonlyMap<Loaded, ReadonlySet<string>>, whole: ReadonlySet<Loaded>): Promise<void> {
    if (touched.size + whole.size === 0) return;
    this.#loaded = await Promise.all(
      this.#loaded.map(async (loaded) => {
        if (whole.has(loaded)) return this.#load(loaded.site, loaded);
        const changed = touched.get(loaded);
        return changed ? this.#load(loaded.site, loaded, changed) : loaded;
      }),
    );
    this.#publish();
  }

  /** A revision that an editor shows belongs somewhere: else to a project of its own folder. */
  async #adopt(path: string, text: string): Promise<void> {
    if (this.#loaded.some(({ project }) => project.files.has(path))) return;
    if (!isRevisionName(baseName(path)) || !looksLikeRevision(text)) return;
    const site = looseSite([parentOf(path)]);
    this.#opened = [...this.#opened, site];
    this.#loaded = [...this.#loaded, await this.#load(site)];
    this.#publish();
  }

  async #load(site: Site, earlier?: Loaded, changed?: ReadonlySet<string>): Promise<Loaded> {
    const { chosen = {} } = this.#options;
    const own = typeof chosen === "function" ? await chosen(site.root) : chosen;
    return loadProject(this.#files, site, own, this.#readers, earlier, changed);
  }

  #publish(): void {
    this.#snapshot = { projects: this.#loaded.map(({ project }) => project), problems: this.#problems };
  }

  #forgetOthers(): void {
    const paths = this.#loaded.flatMap(({ project, scriptReading: { env } }) => [
      ...project.files.keys(),
      ...(env ? [env.path] : []),
    ]);
    this.#readers.keep(new Set(paths));
  }
}

function withPublished(loaded: Loaded, published: Published | undefined): Loaded {
  if (isSamePublished(loaded.project.published, published)) return loaded;
  const { published: _, ...project } = loaded.project;
  return { ...loaded, project: published === undefined ? project : { ...project, published } };
}

function isSamePublished(a: Published | undefined, b: Published | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.branch === b.branch &&
    a.texts.size === b.texts.size &&
    [...a.texts].every(([path, text]) => b.texts.get(path) === text)
  );
}

const isConfig = (path: string): boolean => isIni(path) || ["pyproject.toml", "env.py"].includes(baseName(path));

const belongs = (site: Site, path: string): boolean =>
  path.endsWith(".py") &&
  site.versionLocations.some((location) => (site.recursive ? isWithin(location, path) : parentOf(path) === location));

/** Below a version location, or a folder above one. */
const isAround = (site: Site, path: string): boolean =>
  site.versionLocations.some(
    (location) => isWithin(path, location) || (path.endsWith(".py") && isWithin(location, path)),
  );
