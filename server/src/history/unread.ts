/** Links that a file has but that could not be read from it: computed, or taken from elsewhere. Not to be taken for none. */
import type { RevisionFile } from "../model/revision.ts";
import { refuse } from "./error.ts";

const bindsName = ({ module }: RevisionFile, name: string): boolean => module.some(({ binds }) => binds.includes(name));

/** Alembic requires the variable, if only with None in it. */
export const lacksDownRevision = (file: RevisionFile): boolean =>
  file.identifiers.downRevision === undefined && !bindsName(file, "down_revision");

/** The variables that are bound to what could not be read. */
export function unreadLinks(file: RevisionFile): readonly string[] {
  const { downRevision, dependsOn, branchLabels } = file.identifiers;
  const unread = [
    ...(downRevision ? [] : ["down_revision"]),
    ...(dependsOn ? [] : ["depends_on"]),
    ...(branchLabels ? [] : ["branch_labels"]),
  ];
  return unread.filter((name) => bindsName(file, name));
}

/** From links that are not known nothing can be answered. */
export function refuseUnread(revisions: Iterable<{ readonly id: string; readonly file: RevisionFile }>): void {
  for (const { id, file } of revisions) {
    if (lacksDownRevision(file)) refuse("AlembicFails", `Revision "${id}" has no "down_revision".`);
    const [unread] = unreadLinks(file);
    if (unread !== undefined)
      refuse("UnreadLinks", `What "${unread}" of revision "${id}" is cannot be read from its file.`);
  }
}
