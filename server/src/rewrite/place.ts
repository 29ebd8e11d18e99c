/** Where new revision files go and what they are called. */
import type { RevisionFile } from "../model/revision.ts";
import { newFilePath } from "../project/naming.ts";
import type { Project } from "../project/snapshot.ts";
import { headerOf } from "./header.ts";

/** The wall-clock time of `Create Date`, taken as UTC: file templates print it as it is written. */
export function parseCreateDate(value: string | undefined): number | undefined {
  const parts = value === undefined ? null : /(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?/.exec(value);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part: string | undefined) => Number(part ?? 0));
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0);
}

/** The date in the file's header, else the newest of the project: a pure function has no clock. */
function dateFor(project: Project, file: RevisionFile): number {
  const own = parseCreateDate(headerOf(file)?.createDate?.value);
  if (own !== undefined) return own;
  const dates = [...project.files.values()].flatMap((one) => parseCreateDate(headerOf(one)?.createDate?.value) ?? []);
  return dates.reduce((a, b) => Math.max(a, b), Date.UTC(2000, 0, 1));
}

export interface NewPart {
  readonly revision: string;
  readonly message: string;
  /** The part's name, kept at the end of the slug. */
  readonly suffix: string;
}

/** Paths beside the original, none of which exists or is given twice. */
export function newPaths(project: Project, original: RevisionFile, parts: readonly NewPart[]): readonly string[] {
  const createDate = dateFor(project, original);
  const taken = new Set(project.files.keys());
  return parts.map((part, n) => {
    const wanted = newFilePath(project, original, { ...part, createDate, n });
    let path = wanted;
    for (let i = 2; taken.has(path); i++) path = wanted.replace(/\.py$/, `_${i}.py`);
    taken.add(path);
    return path;
  });
}
