/** Another id for a revision: in its file, in those that name it, in what their docstrings repeat, and in the file's name. */
import { illegalCharacters, lengthOf, longestStoredId } from "../../history/identifier.ts";
import type { RevisionFile } from "../../model/revision.ts";
import { takenNames } from "../../project/ids.ts";
import { positionOf } from "../../project/manner.ts";
import { baseName, joinPath, parentOf } from "../../project/paths.ts";
import type { Project } from "../../project/snapshot.ts";
import { Refused } from "../../rewrite/refused.ts";
import type { TextEdit } from "../../text/edit.ts";
import type { Range } from "../../text/range.ts";
import { namesOf } from "./links.ts";
import { homesOf, namedAt, namesIn, type RevisionHome, type RevisionPlace } from "./named.ts";

export interface RevisionRename {
  readonly id: string;
  readonly to: string;
  readonly edit: readonly { readonly path: string; readonly edits: readonly TextEdit[] }[];
  /** Where the file is named after the id. */
  readonly move?: { readonly from: string; readonly to: string };
}

/** Whether databases elsewhere may stand at the revision of a file. */
export type IsPublished = (path: string) => boolean;

export interface Renamable {
  readonly home: RevisionHome;
  readonly range: Range;
}

/**
 * The id to be renamed at a place; undefined where there is none.
 * @throws Refused where it must stay as it is.
 */
export function renamableAt(place: RevisionPlace, isPublished: IsPublished): Renamable | undefined {
  const named = namedAt(place);
  const [home, ...others] = named ? homesOf(place.project, named.id) : [];
  if (!named || !home) return undefined;
  const { id } = home;
  if (id !== named.id) throw new Refused(`"${named.id}" is a branch label of revision "${id}", and no id.`);
  if (others.length > 0) throw new Refused(`Several files have the id "${id}", so it is not clear which is meant.`);
  if (isPublished(home.file.path))
    throw new Refused(`"${id}" is published: a database that stands at it would not find it under another id.`);
  for (const file of filesOf(place.project, home)) refuseUnsure(file, id);
  return { home, range: named.range };
}

/** @throws Refused where this cannot be its id. */
export function renameRevision(project: Project, { id, file }: RevisionHome, to: string): RevisionRename {
  refuseId(project, to);
  const own = namesIn(file).filter((one) => one.id === id && (one.as === "revision" || one.as === "Revision ID"));
  const edits = new Map<RevisionFile, TextEdit[]>();
  for (const place of [...own.map(({ range }) => ({ file, range })), ...namesOf(project, { id, file })]) {
    // A dependency by branch label stays.
    if (place.file.text.slice(place.range.start, place.range.end) !== id) continue;
    edits.set(place.file, [...(edits.get(place.file) ?? []), { range: place.range, newText: to }]);
  }
  const move = moveOf(project, file, id, to);
  return {
    id,
    to,
    edit: [...edits].map(([{ path }, all]) => ({ path, edits: all })),
    ...(move === undefined ? {} : { move }),
  };
}

const filesOf = (project: Project, home: RevisionHome): ReadonlySet<RevisionFile> =>
  new Set([home.file, ...namesOf(project, home).map(({ file }) => file)]);

/** @throws Refused where not every name of the id can be written anew. */
function refuseUnsure(file: RevisionFile, id: string): void {
  const name = baseName(file.path);
  if (file.stale || file.problems.some(({ code }) => code === "syntax"))
    throw new Refused(`A part of ${name} is not valid Python now.`);
  const written = namesIn(file).filter((one) => one.id === id);
  if (written.some(({ isLiteral, range }) => !isLiteral || file.text.slice(range.start, range.end) !== id))
    throw new Refused(`${name} does not write "${id}" as a plain string, so it cannot be replaced there.`);
}

function refuseId(project: Project, to: string): void {
  const illegal = illegalCharacters(to);
  if (to === "") throw new Refused("A revision needs an id.");
  if (illegal !== "") throw new Refused(`Alembic does not allow "${[...illegal].join('", "')}" in a revision id.`);
  if (!/^[\p{L}\p{N}_.]+$/u.test(to) || /^\.+$/.test(to))
    throw new Refused("An id is made of letters, digits, underscores and dots.");
  if (reserved.has(to)) throw new Refused(`"${to}" has a meaning of its own in Alembic.`);
  if (lengthOf(to) > longestStoredId)
    throw new Refused(
      `The id has ${lengthOf(to)} characters; ${project.config.versionTable}.version_num holds ${longestStoredId}.`,
    );
  if (takenNames(project.history).has(to)) throw new Refused(`"${to}" names another revision or branch already.`);
}

const reserved = new Set(["head", "heads", "base", "current", "None"]);

/** @throws Refused where another file has the name already. */
function moveOf(project: Project, { path }: RevisionFile, id: string, to: string): RevisionRename["move"] {
  const name = baseName(path).replace(/\.py$/, "");
  const at = positionOf(name, id);
  if (at === -1) return undefined;
  const renamed = `${name.slice(0, at)}${to}${name.slice(at + id.length)}.py`;
  const target = joinPath(parentOf(path), renamed);
  if (project.files.has(target)) throw new Refused(`There is a file ${renamed} already.`);
  return { from: path, to: target };
}
