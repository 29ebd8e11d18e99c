/** In which manner the files of a project are named, told from their names, ids and nothing else. */
import type { RevisionFile } from "../model/revision.ts";
import { baseName } from "./paths.ts";

export interface Manner {
  /** As `file_template`; `%(number)s` stands for a counter that Alembic does not know. */
  readonly template: string;
  /** The highest number so far, where the files are counted. */
  readonly counter?: { readonly highest: number; readonly width: number };
}

/** The manner of more than half of the files; undefined where there is none. */
export function mannerOf(siblings: Iterable<RevisionFile>): Manner | undefined {
  const counts = new Map<string, number>();
  const numbers: string[] = [];
  let total = 0;
  for (const file of siblings) {
    if (!file.isRevision) continue;
    const { template, number } = readName(baseName(file.path).replace(/\.py$/, ""), file.identifiers.revision?.value);
    counts.set(template, (counts.get(template) ?? 0) + 1);
    if (number !== undefined) numbers.push(number);
    total += 1;
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  if (most === undefined || most[1] * 2 <= total) return undefined;
  const [template] = most;
  return template.includes("%(number)s") ? { template, counter: highest(numbers) } : { template };
}

const highest = (numbers: readonly string[]): { highest: number; width: number } => {
  const last = numbers.reduce((a, b) => (Number(b) > Number(a) ? b : a), "0");
  return { highest: Number(last), width: numbers.some((one) => one.startsWith("0")) ? last.length : 0 };
};

interface Reading {
  readonly template: string;
  readonly number?: string;
}

function readName(name: string, id: string | undefined): Reading {
  const at = id === undefined || id === "" ? -1 : positionOf(name, id);
  // Ids that are whole names were thought up by a person: what a new one is called, they do not tell.
  if (id !== undefined && at === 0 && id === name && !/^[0-9a-f]+$/.test(id)) return { template: "%(rev)s_%(slug)s" };
  if (id === undefined || at === -1) return readFront(name, "%(slug)s");
  const after = name.slice(at + id.length);
  return readFront(name.slice(0, at), `%(rev)s${/^[_-]./.test(after) ? `${after.charAt(0)}%(slug)s` : ""}`);
}

/** Where the id stands as a word of its own; the last place, since a date may look like it. */
export function positionOf(name: string, id: string): number {
  for (let at = name.lastIndexOf(id); at !== -1; at = at === 0 ? -1 : name.lastIndexOf(id, at - 1)) {
    const edges = name.charAt(at - 1) + name.charAt(at + id.length);
    if (!/[A-Za-z0-9]/.test(edges)) return at;
  }
  return -1;
}

const year = "(?:19|20)\\d{2}";
const month = "(?:0[1-9]|1[0-2])";
const day = "(?:0[1-9]|[12]\\d|3[01])";
const two = "[0-5]\\d";
const stamp = new RegExp(
  `^(?:${year})([-_.]?)${month}\\1${day}(?:([-_T]?)${two}([-_:]?)${two}(?:\\3(${two}))?)?(?=[-_.]|$)`,
);

/** The part before the id or the slug: a date and time, a counter, or words that are the same in every file. */
function readFront(front: string, tail: string): Reading {
  const isAll = tail === "%(slug)s";
  const date = stamp.exec(front);
  if (date !== null) {
    const rest = front.slice(date[0].length);
    const separator = isAll ? (/^[-_]+/.exec(rest)?.[0] ?? "") : rest;
    return { template: stampTemplate(date) + escapePercent(separator) + (isAll && rest === "" ? "" : tail) };
  }
  const counted = /^(\d{1,6})([-_.]+)/.exec(front);
  if (counted !== null) {
    const rest = isAll ? "" : front.slice(counted[0].length);
    return { template: `%(number)s${counted[2] ?? ""}${escapePercent(rest)}${tail}`, number: counted[1] ?? "" };
  }
  return { template: isAll ? tail : escapePercent(front) + tail };
}

function stampTemplate([all, dateSeparator = "", between, timeSeparator = "", second]: RegExpExecArray): string {
  const date = ["%(year)d", "%(month).2d", "%(day).2d"].join(dateSeparator);
  const dateLength = 8 + 2 * dateSeparator.length;
  if (all.length === dateLength) return date;
  const time = ["%(hour).2d", "%(minute).2d", ...(second === undefined ? [] : ["%(second).2d"])].join(timeSeparator);
  return date + (between ?? "") + time;
}

const escapePercent = (text: string): string => text.replaceAll("%", "%%");
