/** Where a new revision file goes and what it is called. */
import type { RevisionFile } from "../model/revision.ts";
import { fileName, partSlug } from "../project/naming.ts";
import type { Project } from "../project/snapshot.ts";

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** The wall-clock time of `Create Date`, taken as UTC: file templates print it as it is written. */
export function parseCreateDate(value: string | undefined): number | undefined {
  const parts = value === undefined ? null : /(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?/.exec(value);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0));
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0);
}

/** The date in the file's header, else the newest of its siblings': a pure function has no clock. */
function dateFor(file: RevisionFile, siblings: readonly RevisionFile[]): number {
  const own = parseCreateDate(file.header?.createDate?.value);
  if (own !== undefined) return own;
  return Math.max(Date.UTC(2000, 0, 1), ...siblings.flatMap((one) => parseCreateDate(one.header?.createDate?.value) ?? []));
}

export interface NewPart {
  readonly revision: string;
  readonly message: string;
  /** The part's name, kept at the end of the slug. */
  readonly name: string;
}

/** Paths beside the original, none of which exists. */
export function newPaths(project: Project, original: RevisionFile, parts: readonly NewPart[]): readonly string[] {
  const folder = folderOf(original.path);
  const siblings = [...project.files.values()].filter((file) => file.isRevision && folderOf(file.path) === folder);
  const names = siblings.map((file) => file.path);
  const createDate = dateFor(original, siblings);
  const taken = new Set(project.files.keys());
  return parts.map(({ revision, message, name }) => {
    const slug = partSlug(message, name, project.config.truncateSlugLength);
    const wanted = fileName(project.config, names, { revision, message: slug, createDate });
    const base = wanted.includes("/") ? locationOf(project, original.path) : folder;
    let path = base + wanted;
    for (let i = 2; taken.has(path); i++) path = `${base}${wanted.replace(/\.py$/, "")}_${i}.py`;
    taken.add(path);
    return path;
  });
}

/** A template with "/" counts from the version location. */
function locationOf(project: Project, path: string): string {
  const inside = project.config.versionLocations.map((one) => (one.endsWith("/") ? one : `${one}/`)).filter((one) => path.startsWith(one));
  return inside.sort((a, b) => b.length - a.length)[0] ?? folderOf(path);
}
