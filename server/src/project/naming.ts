/** Names for new revisions: files in the project's manner, ids that nobody has. Pure: no clock and no chance. */
import type { History } from "../history/history.ts";
import { baseName } from "./paths.ts";
import type { ProjectConfig } from "./snapshot.ts";

export interface NewRevision {
  readonly revision: string;
  readonly message: string;
  /** Milliseconds since the epoch; year to second are taken from it in UTC. */
  readonly createDate: number;
}

type Naming = Pick<ProjectConfig, "fileTemplate" | "fileTemplateIsDefault" | "truncateSlugLength">;

/**
 * The file name, with `.py`, that Alembic would give; where the project sets no `file_template`, the manner of most
 * of the sibling files. A template with "/" gives a path below the version location.
 */
export function fileName(config: Naming, siblings: readonly string[], revision: NewRevision): string {
  const slug = slugOf(revision.message, config.truncateSlugLength);
  const template = config.fileTemplateIsDefault ? (templateOf(siblings) ?? config.fileTemplate) : config.fileTemplate;
  return `${fillTemplate(template, revision, slug)}.py`;
}

/** Alembic's rule: words joined by "_", in lower case, cut at the last "_" that fits. */
export function slugOf(message: string, length: number): string {
  const slug = (message.match(/[\p{L}\p{N}\p{M}_]+/gu) ?? []).join("_").toLowerCase();
  if (slug.length <= length) return slug;
  const cut = slug.slice(0, length);
  const at = cut.lastIndexOf("_");
  return `${at === -1 ? cut : cut.slice(0, at)}_`;
}

/**
 * A message for one part of a split whose last word is the part's name also in the slug: the front is shortened to
 * whole words where both do not fit.
 */
export function partSlug(message: string, suffix: string, length: number): string {
  const tail = slugOf(suffix, Number.MAX_SAFE_INTEGER);
  const words = slugOf(message, Number.MAX_SAFE_INTEGER)
    .split("_")
    .filter((word) => word !== "");
  while (words.length > 0 && [...words, tail].join("_").length > length) words.pop();
  return [...words, tail].join("_");
}

function fillTemplate(template: string, { revision, createDate }: NewRevision, slug: string): string {
  const date = new Date(createDate);
  const values: Readonly<Record<string, string | number>> = {
    rev: revision,
    slug,
    epoch: Math.floor(createDate / 1000),
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
  return template.replaceAll(
    /%(?:%|\((\w+)\)([-0 +#]*)(\d*)(?:\.(\d+))?[sdiu])/g,
    (all, key: string | undefined, flags: string, width: string, precision: string | undefined) => {
      if (key === undefined) return "%";
      const value = Object.hasOwn(values, key) ? values[key] : undefined;
      return value === undefined ? all : pad(value, flags, Number(width), Number(precision ?? 0));
    },
  );
}

function pad(value: string | number, flags: string, width: number, precision: number): string {
  const text = typeof value === "number" ? String(value).padStart(precision, "0") : value;
  if (flags.includes("-")) return text.padEnd(width);
  return text.padStart(width, flags.includes("0") && typeof value === "number" ? "0" : " ");
}

/** What file names are made of, likeliest reading first. */
const manners: readonly { readonly pattern: RegExp; readonly template: string }[] = [
  {
    pattern: /^\d{4}_\d{2}_\d{2}_\d{4}-[0-9a-z]+_\w*$/i,
    template: "%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s_%(slug)s",
  },
  {
    pattern: /^\d{4}-\d{2}-\d{2}_\d{2}-\d{2}_[0-9a-f]{8,}_\w*$/,
    template: "%(year)d-%(month).2d-%(day).2d_%(hour).2d-%(minute).2d_%(rev)s_%(slug)s",
  },
  { pattern: /^\d{4}-\d{2}-\d{2}_[0-9a-f]{8,}_\w*$/, template: "%(year)d-%(month).2d-%(day).2d_%(rev)s_%(slug)s" },
  { pattern: /^\d{4}_\d{2}_\d{2}_[0-9a-f]{8,}_\w*$/, template: "%(year)d_%(month).2d_%(day).2d_%(rev)s_%(slug)s" },
  { pattern: /^20\d{6}_[0-9a-f]{8,}_\w*$/, template: "%(year)d%(month).2d%(day).2d_%(rev)s_%(slug)s" },
  {
    pattern: /^20\d{12}_[0-9a-f]{8,}_\w*$/,
    template: "%(year)d%(month).2d%(day).2d%(hour).2d%(minute).2d%(second).2d_%(rev)s_%(slug)s",
  },
  { pattern: /^\d{4}-\d{2}-\d{2}-[0-9a-f]{8,}$/, template: "%(year)d-%(month).2d-%(day).2d-%(rev)s" },
  { pattern: /^[0-9a-f]{8,}_\w*$/, template: "%(rev)s_%(slug)s" },
  { pattern: /^[0-9a-f]{8,}-\w*$/, template: "%(rev)s-%(slug)s" },
  { pattern: /^[0-9a-f]{8,}$/, template: "%(rev)s" },
];

/** The template of the manner in which more than half of the siblings are named; undefined where there is none. */
function templateOf(siblings: readonly string[]): string | undefined {
  const names = siblings.map((path) => baseName(path).replace(/\.py$/, ""));
  const counts = manners.map(() => 0);
  for (const name of names) {
    const index = manners.findIndex(({ pattern }) => pattern.test(name));
    if (index !== -1) counts[index] = (counts[index] ?? 0) + 1;
  }
  const most = Math.max(0, ...counts);
  return most * 2 > names.length ? manners[counts.indexOf(most)]?.template : undefined;
}

/**
 * The n-th (from 0) new revision id that follows from the seed: the next free number where the project counts its
 * revisions, else twelve hexadecimal digits as Alembic makes them. Never one that the history has.
 */
export function newRevisionId(history: History, seed: string, n: number): string {
  return newRevisionIds(history, seed, n + 1)[n] ?? "";
}

/** The first `count` of them. */
export function newRevisionIds(history: History, seed: string, count: number): readonly string[] {
  const taken = takenNames(history);
  const next = nextNumber(history);
  const ids: string[] = [];
  for (let i = 0; ids.length < count; i++) {
    const id = next === undefined ? hash48(`${seed}\n${i}`) : next(i);
    if (!taken.has(id)) ids.push(id);
  }
  return ids;
}

/** Also ids that are only spoken of, and branch labels: they share one space of names. */
function takenNames(history: History): ReadonlySet<string> {
  return new Set(
    [...history.revisions.values()].flatMap((r) => [r.id, ...r.parents, ...r.dependsOn, ...r.branchLabels]),
  );
}

const mostNumbered = 0.8;

/** Where nearly all ids are numbers, and the newest one is: what comes after the highest, in the same width. */
function nextNumber(history: History): ((i: number) => string) | undefined {
  const ids = [...history.revisions.keys()];
  const numbers = ids.filter((id) => /^\d{1,9}$/.test(id));
  if (numbers.length === 0 || numbers.length < ids.length * mostNumbered) return undefined;
  const highest = numbers.reduce((a, b) => (Number(b) > Number(a) ? b : a));
  const width = highest.startsWith("0") || numbers.some((id) => id.startsWith("0")) ? highest.length : 0;
  return (i) => String(Number(highest) + 1 + i).padStart(width, "0");
}

/** Twelve hexadecimal digits from two 32-bit FNV-1a sums with different starts, mixed so that near seeds lie far apart. */
function hash48(text: string): string {
  const high = mix(fnv1a(text, 0x811c9dc5));
  const low = mix(fnv1a(text, 0x9747b28c));
  return high.toString(16).padStart(8, "0").slice(0, 6) + low.toString(16).padStart(8, "0").slice(0, 6);
}

function fnv1a(text: string, start: number): number {
  let sum = start;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}

function mix(sum: number): number {
  let x = sum;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
