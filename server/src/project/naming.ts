/** Names for new revision files: by `file_template`, else in the manner of the files that are there. */
import type { RevisionFile } from "../model/revision.ts";
import { defaultOptions } from "./config.ts";
import { fillTemplate } from "./file-template.ts";
import { mannerOf, type Manner } from "./manner.ts";
import type { Moment } from "./moment.ts";
import { baseName, isWithin, joinPath, parentOf, resolvePath } from "./paths.ts";
import type { Project, ProjectConfig } from "./snapshot.ts";

export { newRevisionId, newRevisionIds } from "./ids.ts";

export interface NewRevision {
  readonly revision: string;
  readonly message: string;
  /** A word that the slug must end with, however long the message is: the name of a split's part. */
  readonly suffix?: string;
  readonly createDate: Moment;
  /** How many other new files go before it, for projects that count their files. */
  readonly n?: number;
}

type Naming = Pick<ProjectConfig, "fileTemplate" | "fileTemplateIsDefault" | "truncateSlugLength">;

/**
 * The file name, with `.py`, that Alembic would give; where the project sets no `file_template`, the manner of most
 * of the sibling files. A template with "/" gives a path below the version location.
 */
export function fileName(config: Naming, siblings: Iterable<RevisionFile>, revision: NewRevision): string {
  const manner = config.fileTemplateIsDefault ? mannerOf(siblings) : undefined;
  return `${fill(manner ?? { template: config.fileTemplate }, revision, slug(config, revision))}.py`;
}

/** Path for a new file that belongs beside `origin`; never one that the project has. */
export function newFilePath(project: Project, origin: Pick<RevisionFile, "path">, revision: NewRevision): string {
  const folder = parentOf(origin.path);
  const siblings = [...project.files.values()].filter((file) => parentOf(file.path) === folder);
  const named = fileName(project.config, siblings, revision);
  const location = project.config.versionLocations.find((one) => isWithin(one, origin.path)) ?? folder;
  // In a folder below, Alembic would not find the file unless it reads folders in depth; outside it never would.
  const isDeep = named.includes("/") && project.config.recursive && isWithin(location, resolvePath(location, named));
  const wanted = isDeep ? resolvePath(location, named) : joinPath(folder, baseName(named));
  for (let i = 1; ; i++) {
    const path = i === 1 ? wanted : wanted.replace(/\.py$/, `_${i}.py`);
    if (!project.files.has(path)) return path;
  }
}

const slug = ({ truncateSlugLength: length }: Naming, { message, suffix }: NewRevision): string =>
  suffix === undefined ? slugOf(message, length) : partSlug(message, suffix, length);

/** Alembic's rule: words joined by "_", in lower case, cut at the last "_" that fits. Length in characters. */
export function slugOf(message: string, length: number): string {
  const whole = (message.match(/[\p{L}\p{N}_]+/gu) ?? []).join("_").toLowerCase();
  const characters = [...whole];
  if (characters.length <= length) return whole;
  const cut = characters.slice(0, length).join("");
  const at = cut.lastIndexOf("_");
  return `${at === -1 ? cut : cut.slice(0, at)}_`;
}

/** The slug of a message and a last word that must stay: whole words of the message give way where both do not fit. */
export function partSlug(message: string, suffix: string, length: number): string {
  const tail = slugOf(suffix, Infinity);
  const words = slugOf(message, Infinity)
    .split("_")
    .filter((word) => word !== "");
  while (words.length > 0 && [...[...words, tail].join("_")].length > length) words.pop();
  return [...words, tail].join("_");
}

/** By Alembic's own template where the project's stops Alembic. */
function fill({ template, counter }: Manner, { revision, createDate, n = 0 }: NewRevision, slugText: string): string {
  const tokens = {
    rev: revision,
    slug: slugText,
    moment: createDate,
    ...(counter ? { number: String(counter.highest + 1 + n).padStart(counter.width, "0") } : {}),
  };
  const filled = fillTemplate(template, tokens);
  if ("value" in filled) return filled.value;
  const usual = fillTemplate(defaultOptions.fileTemplate, tokens);
  return "value" in usual ? usual.value : revision;
}
