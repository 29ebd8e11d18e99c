/**
 * Which folders of revisions belong together although no config says so: programs that set `version_locations` in code
 * keep revisions in folders by release. Folders are one history where a revision of one names a revision of another.
 */
import { joinPath } from "./paths.ts";
import type { FileSource } from "./ports.ts";
import { looksLikeRevision, revisionLinks } from "./python-text.ts";
import { walk, type Folder } from "./walk.ts";

/** The files that Alembic loads from a version location. */
export const isRevisionName = (name: string): boolean =>
  name.endsWith(".py") && !name.startsWith(".#") && !name.startsWith("__init__");

export interface Shelf {
  readonly path: string;
  readonly ids: ReadonlySet<string>;
  /** Ids that its revisions name but it does not hold. */
  readonly wanted: ReadonlySet<string>;
}

/** Undefined where no file of the folder is a revision. */
export async function readShelf(files: Pick<FileSource, "read">, folder: Folder): Promise<Shelf | undefined> {
  const ids = new Set<string>();
  const named = new Set<string>();
  for (const name of folder.files.filter(isRevisionName)) {
    const text = await files.read(joinPath(folder.path, name)).catch(() => undefined);
    if (text === undefined || !looksLikeRevision(text)) continue;
    const links = revisionLinks(text);
    if (links.id !== undefined) ids.add(links.id);
    for (const id of links.names) named.add(id);
  }
  return ids.size === 0
    ? undefined
    : { path: folder.path, ids, wanted: new Set([...named].filter((id) => !ids.has(id))) };
}

/**
 * The version location with those folders below it that its history goes on in. Where it holds no revision itself, all
 * folders below: as several histories where they share ids, since then each is for another server.
 */
export async function historiesBelow(
  files: FileSource,
  location: string,
): Promise<readonly (readonly [string, ...string[]])[]> {
  const [own, ...below] = await walk(files, location);
  if (own === undefined || below.length === 0) return [[location]];
  const shelves = (await Promise.all(below.map((folder) => readShelf(files, folder)))).filter(
    (one) => one !== undefined,
  );
  if (shelves.length === 0) return [[location]];
  const start = await readShelf(files, own);
  const [first, ...others] =
    start === undefined ? joinDisjoint(groupShelves(shelves)) : groupShelves([start, ...shelves]);
  if (start !== undefined || others.length === 0) {
    return [[location, ...(first ?? []).map(({ path }) => path).filter((path) => path !== location)]];
  }
  return [...(first ? [first] : []), ...others].map(([one, ...more]) => [one.path, ...more.map(({ path }) => path)]);
}

type Group = readonly [Shelf, ...Shelf[]];

/** Histories without an id in common are branches of one: nothing says that they are for different servers. */
function joinDisjoint(groups: readonly Group[]): readonly Group[] {
  const joined: [Shelf, ...Shelf[]][] = [];
  for (const group of groups) {
    const host = joined.find((other) => !other.some((a) => group.some((b) => overlaps(a.ids, b.ids))));
    if (host === undefined) joined.push([...group]);
    else host.push(...group);
  }
  return joined;
}

/** In the order of their first members. Folders that hold the same id are never one history. */
export function groupShelves(shelves: readonly Shelf[]): readonly Group[] {
  const groups: [Shelf, ...Shelf[]][] = [];
  for (const shelf of shelves) {
    const joined = groups.filter((group) => group.some((other) => isLinked(shelf, other)));
    const [first, ...others] = joined;
    if (first === undefined || joined.flat().some((other) => overlaps(shelf.ids, other.ids))) {
      groups.push([shelf]);
      continue;
    }
    first.push(...others.flat(), shelf);
    for (const other of others) groups.splice(groups.indexOf(other), 1);
  }
  return groups;
}

const isLinked = (a: Shelf, b: Shelf): boolean => overlaps(a.wanted, b.ids) || overlaps(b.wanted, a.ids);

function overlaps(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const one of a) if (b.has(one)) return true;
  return false;
}
