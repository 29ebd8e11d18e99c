/** Which revisions a commit has already. */
import { readRevision } from "../model/read.ts";
import type { Dialect } from "../sql/action.ts";
import { isWithin } from "./paths.ts";
import type { CommittedFile, Repository } from "./ports.ts";
import type { Published } from "./snapshot.ts";

/** A revision as it is in the working tree. */
export interface PresentRevision {
  readonly path: string;
  readonly id: string;
  /** Names its text as a repository would: what bears the same name there is the same. */
  readonly object?: string;
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
  const knownIdOf = (text: string): string | undefined => {
    if (!ids.has(text)) ids.set(text, idOf(text));
    return ids.get(text);
  };
  for (const { path, id } of rest) {
    const now = (await read(path)) ?? "";
    if (texts.some((text) => sameText(text, now) || (text.includes(id) && knownIdOf(text) === id))) moved.push(path);
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

/**
 * What the default branch has of these revisions, where the working tree has not parted from it. Undefined where that cannot be
 * told: there is no repository, no such branch, or a clone that is too shallow.
 * @param watched paths whose text there is wanted even where it is the same
 */
export async function findRevised(
  root: string,
  files: readonly PresentRevision[],
  repository: Repository,
  read: ReadPresent,
  watched: ReadonlySet<string> = new Set(),
): Promise<Published | undefined> {
  const branch = await repository.defaultBranch(root);
  const commit = branch === undefined ? undefined : await findBase(root, branch, repository);
  if (branch === undefined || commit === undefined) return undefined;
  const texts = new Map<string, string>();
  const paths = new Map(files.map(({ path, id }) => [id, path]));
  const objects = new Map(files.map(({ path, object }) => [path, watched.has(path) ? undefined : object]));
  for (const folder of foldersOf(files)) {
    const committed = await listIn(folder, commit, repository);
    const others = committed.filter(({ path, object }) => object !== objects.get(path));
    const contents = await repository.read(folder, [...new Set(others.map(({ object }) => object))]);
    for (const { path, object } of others) {
      const before = contents.get(object);
      if (before === undefined) continue;
      const now = objects.has(path) && !watched.has(path) ? await read(path) : undefined;
      if (now !== undefined && sameText(before, now)) continue;
      // It has moved; or it is of this path still, under whatever id.
      const present = paths.get(idOf(before) ?? "") ?? (objects.has(path) ? path : undefined);
      if (present !== undefined && !texts.has(present)) texts.set(present, before);
    }
  }
  return { branch, texts };
}

const idOf = (text: string): string | undefined => readRevision("", text, { dialect }).identifiers.revision?.value;

/** The newest commit that the working tree has in common with the branch. */
async function findBase(root: string, branch: string, repository: Repository): Promise<string | undefined> {
  const [commit, head] = [await repository.commit(root, branch), await repository.commit(root, "HEAD")];
  return commit === undefined || head === undefined ? undefined : repository.mergeBase(root, commit, head);
}
