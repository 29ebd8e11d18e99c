import type { FileSource } from "./ports.ts";
import { joinPath } from "./paths.ts";

export interface Folder {
  readonly path: string;
  /** Names of its files, sorted. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Folders that hold other people's code, or no code; looked into only where they are asked for by name. */
const skipped = new Set(["node_modules", "venv", "site-packages", "__pycache__"]);
const isSkipped = (name: string): boolean => name.startsWith(".") || skipped.has(name);

/** Far beyond any real project, and an end to links that lead in circles. */
const maximumDepth = 14;
const maximumFolders = 50_000;

/** The folder and all below it, outer before inner. A folder that cannot be listed counts as empty. */
export async function walk(
  files: FileSource,
  root: string,
  isLeftOut: (name: string) => boolean = isSkipped,
): Promise<readonly Folder[]> {
  const found: Folder[] = [];
  let level = [root];
  for (let i = 0; i <= maximumDepth && level.length > 0 && found.length < maximumFolders; i++) {
    const folders = (await Promise.all(level.map((path) => listFolder(files, path)))).filter(
      (one) => one !== undefined,
    );
    found.push(...folders);
    level = folders.flatMap(({ path, folders: names }) =>
      names.filter((name) => !isLeftOut(name)).map((name) => joinPath(path, name)),
    );
  }
  return found;
}

/**
 * The folders of a version location in the order in which Alembic reads them: each with all below it, by name. Alembic
 * leaves out only the caches of Python.
 */
export async function walkRevisions(
  files: FileSource,
  location: string,
  recursive: boolean,
): Promise<readonly Folder[]> {
  if (!recursive) return [await listFolder(files, location)].filter((one) => one !== undefined);
  const folders = await walk(files, location, (name) => name.endsWith("__pycache__"));
  const names = ({ path }: Folder): readonly string[] => path.split("/");
  return folders.toSorted((a, b) => compareNames(names(a), names(b)));
}

function compareNames(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((name, i) => name !== b[i]);
  const [left, right] = [a[at], b[at]];
  if (at === -1 || right === undefined) return a.length - b.length;
  return (left ?? "") < right ? -1 : 1;
}

/** Undefined where there is no such folder or it may not be listed. */
export async function listFolder(files: FileSource, path: string): Promise<Folder | undefined> {
  const entries = await files.list(path).catch(() => undefined);
  if (entries === undefined) return undefined;
  const names = (folder: boolean): string[] =>
    entries
      .filter((entry) => entry.folder === folder)
      .map((entry) => entry.name)
      .sort();
  return { path, files: names(false), folders: names(true) };
}
