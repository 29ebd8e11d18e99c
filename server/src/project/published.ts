/** Which revisions a commit has already. */
import { readRevision } from "../model/read.ts";
import type { Dialect } from "../sql/action.ts";
import { isWithin } from "./paths.ts";
import type { CommittedFile, Repository } from "./ports.ts";

/** A revision as it is in the working tree. */
export interface PresentRevision {
  readonly path: string;
  readonly id: string;
}

/** The text of a file of the working tree; undefined where it is not there. */
export type ReadPresent = (path: string) => Promise<string | undefined>;

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The folders that the files lie in, without those that lie in another of them. */
function foldersOf(files: readonly PresentRevision[]): readonly string[] {
  const folders = [...new Set(files.map(({ path }) => folderOf(path)))];
  return folders.filter((folder) => !folders.some((other) => other !== folder && isWithin(other, folder)));
}

async function listIn(folder: string, commit: string, repository: Repository): Promise<readonly CommittedFile[]> {
  const files = await repository.list(folder, commit);
  return files.filter(({ path }) => path.endsWith(".py")).map((file) => ({ ...file, path: `${folder}/${file.path}` }));
}

const sameText = (a: string, b: string): boolean => a.replaceAll("\r\n", "\n") === b.replaceAll("\r\n", "\n");

/**
 * Paths of the revisions that the commit has: at the same path, or moved from another that is gone. What has been
 * changed since is among them: it is the same revision.
 */
export async function findPublished(
  files: readonly PresentRevision[],
  commit: string,
  repository: Repository,
  read: ReadPresent,
): Promise<ReadonlySet<string>> {
  const published = new Set<string>();
  for (const folder of foldersOf(files)) {
    const own = files.filter(({ path }) => isWithin(folder, path));
    const present = new Set(own.map(({ path }) => path));
    const committed = await listIn(folder, commit, repository);
    const at = new Set(committed.map(({ path }) => path));
    for (const { path } of own) if (at.has(path)) published.add(path);
    const rest = own.filter(({ path }) => !at.has(path));
    if (rest.length === 0) continue;
    const gone = [
      ...committed.filter(({ path }) => !present.has(path)),
      ...(await movedFrom(folder, rest, commit, repository, read)),
    ];
    for (const path of await findMoved(folder, rest, gone, repository, read)) published.add(path);
  }
  return published;
}

/** Files of the commit in other folders that have the name of one of these, and are not there any more. */
async function movedFrom(
  folder: string,
  rest: readonly PresentRevision[],
  commit: string,
  repository: Repository,
  read: ReadPresent,
): Promise<readonly CommittedFile[]> {
  const top = await repository.top(folder);
  if (top === undefined || top === folder) return [];
  const names = new Set(rest.map(({ path }) => nameOf(path)));
  const found: CommittedFile[] = [];
  for (const file of await listIn(top, commit, repository))
    if (names.has(nameOf(file.path)) && !isWithin(folder, file.path) && (await read(file.path)) === undefined)
      found.push(file);
  return found;
}

/** Reading Python takes long: texts are compared first, and only those that hold an id that is looked for are read. */
async function findMoved(
  folder: string,
  rest: readonly PresentRevision[],
  gone: readonly CommittedFile[],
  repository: Repository,
  read: ReadPresent,
): Promise<readonly string[]> {
  if (gone.length === 0) return [];
  const texts = [...(await repository.read(folder, [...new Set(gone.map(({ object }) => object))])).values()];
  const moved: string[] = [];
  const ids = new Map<string, string | undefined>();
  const idOf = (text: string): string | undefined => {
    if (!ids.has(text)) ids.set(text, readRevision("", text, { dialect }).identifiers.revision?.value);
    return ids.get(text);
  };
  for (const { path, id } of rest) {
    const now = (await read(path)) ?? "";
    if (texts.some((text) => sameText(text, now) || (text.includes(id) && idOf(text) === id))) moved.push(path);
  }
  return moved;
}

/** Any will do: the identifiers are read alike for all. */
const dialect: Dialect = "postgresql";

/** Paths of the files that the commit does not have, or has with another text. */
export async function findChanged(
  files: readonly PresentRevision[],
  commit: string,
  repository: Repository,
  read: ReadPresent,
): Promise<ReadonlySet<string>> {
  const changed = new Set<string>();
  for (const folder of foldersOf(files)) {
    const committed = new Map((await listIn(folder, commit, repository)).map(({ path, object }) => [path, object]));
    const own = files.filter(({ path }) => isWithin(folder, path));
    const objects = own.flatMap(({ path }) => committed.get(path) ?? []);
    const texts = await repository.read(folder, [...new Set(objects)]);
    for (const { path } of own) {
      const before = texts.get(committed.get(path) ?? "");
      const now = await read(path);
      if (before === undefined || now === undefined || !sameText(before, now)) changed.add(path);
    }
  }
  return changed;
}
