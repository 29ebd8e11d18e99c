import type { RevisionFile } from "../model/revision.ts";
import { buildHistory, messageOf } from "./build.ts";
import type { History, Revision } from "./history.ts";
import { lacksDownRevision, unreadLinks } from "./unread.ts";

/** `buildHistory(files)`, at little cost where the files differ from those of `earlier` only in what no link depends on. */
export function rebuildHistory(earlier: History, files: Iterable<RevisionFile>): History {
  const all = [...files].filter((file) => file.isRevision);
  const revisions = sameGraph(earlier, all);
  return revisions === undefined ? buildHistory(all) : { ...earlier, revisions };
}

/** The revisions with their new files; undefined where a link, an id or the place of a problem differs. */
function sameGraph(
  { revisions: known, problems }: History,
  files: readonly RevisionFile[],
): ReadonlyMap<string, Revision> | undefined {
  // Of two files with one id only one is in the list, and it stays the same when the other goes.
  if (problems.some(({ code }) => code === "duplicate-revision")) return undefined;
  if (known.size !== files.length) return undefined;
  const withProblems = new Set(problems.map(({ path }) => path));
  const revisions = new Map<string, Revision>();
  let i = 0;
  for (const [id, revision] of known) {
    const file = files[i++];
    if (file === undefined) return undefined;
    if (revision.file === file) revisions.set(id, revision);
    else if (revision.file.path === file.path && isAlike(revision.file, file, withProblems.has(file.path))) {
      revisions.set(id, { ...revision, file, message: messageOf(file) });
    } else return undefined;
  }
  return revisions;
}

/** Problems point at identifiers, so that those of a file with problems must not move either. */
const isAlike = (a: RevisionFile, b: RevisionFile, hasProblems: boolean): boolean =>
  haveSameLinks(a, b) && (!hasProblems || JSON.stringify(a.identifiers) === JSON.stringify(b.identifiers));

const haveSameLinks = (a: RevisionFile, b: RevisionFile): boolean => linksOf(a) === linksOf(b);

const linksOf = (file: RevisionFile): string => {
  const { revision, downRevision, dependsOn, branchLabels } = file.identifiers;
  const links = [revision, downRevision, dependsOn, branchLabels].map((identifier) => identifier?.value);
  return JSON.stringify([links, lacksDownRevision(file), unreadLinks(file)]);
};
