import type { FileSource } from "./ports.ts";
import { baseName, isWithin, parentOf } from "./paths.ts";

type Entries = readonly { readonly name: string; readonly folder: boolean }[];

/** A file source that asks each question once, with the texts of open editors laid over it. */
export class CachedFiles implements FileSource {
  readonly #files: FileSource;
  readonly #open = new Map<string, string>();
  readonly #texts = new Map<string, Promise<string | undefined>>();
  readonly #lists = new Map<string, Promise<Entries | undefined>>();

  constructor(files: FileSource) {
    this.#files = files;
  }

  read(path: string): Promise<string | undefined> {
    const open = this.#open.get(path);
    return open === undefined ? remember(this.#texts, path, () => this.#files.read(path)) : Promise.resolve(open);
  }

  /** Reads without remembering: for looking through all Python files of a folder, most of which are none of ours. */
  glance(path: string): Promise<string | undefined> {
    const known = this.#texts.get(path);
    return known ?? (this.#open.has(path) ? this.read(path) : this.#files.read(path));
  }

  async list(path: string): Promise<Entries | undefined> {
    const listed = await remember(this.#lists, path, () => this.#files.list(path));
    const open = [...this.#open.keys()].filter((one) => parentOf(one) === path).map(baseName);
    const unsaved = open.filter((name) => listed?.some((entry) => entry.name === name) !== true);
    return unsaved.length === 0 ? listed : [...(listed ?? []), ...unsaved.map((name) => ({ name, folder: false }))];
  }

  /** Lays a text over a file, or takes it off and forgets what was known of the file. */
  async set(path: string, text: string | undefined): Promise<void> {
    const listed = await this.#lists.get(parentOf(path))?.catch(() => undefined);
    const isListed = listed?.some((entry) => entry.name === baseName(path)) ?? false;
    if (text === undefined) this.#open.delete(path);
    else this.#open.set(path, text);
    this.#texts.delete(path);
    // A text that only changes leaves the folders as they are.
    if (text !== undefined && isListed) return;
    forget(this.#texts, path);
    forget(this.#lists, path);
    for (let at = path; at !== parentOf(at); at = parentOf(at)) this.#lists.delete(parentOf(at));
  }

  /** Forgets all but the open texts. */
  clear(): void {
    this.#texts.clear();
    this.#lists.clear();
  }
}

/** A folder that is gone takes all below it along. */
function forget(known: Map<string, unknown>, path: string): void {
  known.delete(path);
  for (const key of known.keys()) if (isWithin(path, key)) known.delete(key);
}

/** A failure is remembered as well: a file without permission is not asked again before it changes. */
function remember<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const earlier = known.get(key);
  if (earlier !== undefined) return earlier;
  const asked = ask();
  asked.catch(() => undefined);
  known.set(key, asked);
  return asked;
}
