import type { RevisionFile } from "../model/revision.ts";
import { buildHistory } from "./build.ts";
import type { History, Revision } from "./history.ts";

/** `buildHistory(files)`, at little cost where the files differ from those of `earlier` only in what revisions do. */
export function rebuildHistory(earlier: History, files: Iterable<RevisionFile>): History {
  const all = [...files].filter((file) => file.isRevision);
  const revisions = sameGraph([...earlier.revisions.values()], all);
  return revisions === undefined ? buildHistory(all) : { ...earlier, revisions };
}

/** The revisions with their new files; undefined where an identifier, a message or a place of them differs. */
function sameGraph(
  earlier: readonly Revision[],
  files: readonly RevisionFile[],
): ReadonlyMap<string, Revision> | undefined {
  if (earlier.length !== files.length) return undefined;
  const revisions = new Map<string, Revision>();
  for (const [i, revision] of earlier.entries()) {
    const file = files[i];
    if (file === undefined || !isAlike(revision.file, file)) return undefined;
    revisions.set(revision.id, revision.file === file ? revision : { ...revision, file });
  }
  return revisions;
}

const isAlike = (a: RevisionFile, b: RevisionFile): boolean =>
  a === b || (a.path === b.path && graphOf(a) === graphOf(b));

const graphOf = (file: RevisionFile): string =>
  JSON.stringify([
    file.identifiers,
    file.header?.message.value,
    file.module.some((item) => item.binds.includes("down_revision")),
  ]);
