/** Where new revision files go and what they are called. */
import type { RevisionFile } from "../model/revision.ts";
import { momentAt, parseMoment, type Moment } from "../project/moment.ts";
import { newFilePath } from "../project/naming.ts";
import type { Project } from "../project/snapshot.ts";
import { headerOf } from "./header.ts";

/** A pure function has no clock: the newest that any revision was made at. */
export function newestMoment(project: Project): Moment {
  const all = [...project.files.values()].flatMap((one) => parseMoment(headerOf(one)?.createDate?.value ?? "") ?? []);
  return all.reduce((a, b) => (b.epoch > a.epoch ? b : a), momentAt(Date.UTC(2000, 0, 1), project.config.timezone));
}

/**
 * The moment in the file's header, else the newest of the project. It is the time on the wall as Alembic wrote it, in the
 * time zone that the project had then.
 */
const momentFor = (project: Project, file: RevisionFile): Moment =>
  parseMoment(headerOf(file)?.createDate?.value ?? "") ?? newestMoment(project);

export interface NewPart {
  readonly revision: string;
  readonly message: string;
  /** The part's name, kept at the end of the slug. */
  readonly suffix: string;
}

/** Paths beside the original, none of which exists or is given twice. */
export function newPaths(project: Project, original: RevisionFile, parts: readonly NewPart[]): readonly string[] {
  const createDate = momentFor(project, original);
  const taken = new Set(project.files.keys());
  return parts.map((part, n) => {
    const wanted = newFilePath(project, original, { ...part, createDate, n });
    let path = wanted;
    for (let i = 2; taken.has(path); i++) path = wanted.replace(/\.py$/, `_${i}.py`);
    taken.add(path);
    return path;
  });
}
