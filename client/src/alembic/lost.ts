/** A database at a revision that no file has: where git knows it from, in words. */
import type { LostRevisionAnswer } from "../../../server/src/protocol/index.ts";
import { shortId } from "./wording.ts";

export type LostFile = Extract<LostRevisionAnswer, { ok: true }>["files"][number];

/** A hash is told by its beginning. */
const commitLength = 8;

/** `It is in "Add coupons" (4f2a91c0, 2026-11-02), a commit of feature/coupons.` */
export const describeLost = ({ subject, commit, date, branches }: LostFile): string => {
  const [branch, ...others] = branches;
  const more = others.length > 0 ? ` and ${String(others.length)} more` : "";
  const where = branch === undefined ? "a commit that is in no branch any more" : `a commit of ${branch}${more}`;
  return `It is in "${subject}" (${commit.slice(0, commitLength)}, ${date.slice(0, 10)}), ${where}.`;
};

/** What is offered: the file alone, or with the ancestors that are missing too. */
export const restoreTitle = (files: readonly LostFile[]): string =>
  files.length === 1
    ? `Restore the File of ${shortId(files[0]?.revision ?? "")}`
    : `Restore ${String(files.length)} Files: ${files.map(({ revision }) => shortId(revision)).join(", ")}`;
