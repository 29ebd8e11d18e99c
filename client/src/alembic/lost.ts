/** A database at a revision that no file has: where git knows it from, in words. */
import type { LostRevisionAnswer } from "../../../server/src/protocol/index.ts";
import { shortId } from "./wording.ts";
import { t } from "../l10n.ts";

export type LostFile = Extract<LostRevisionAnswer, { ok: true }>["files"][number];

/** A hash is told by its beginning. */
const commitLength = 8;

/** `It is in "Add coupons" (4f2a91c0, 2026-11-02), a commit of feature/coupons.` */
export const describeLost = ({ subject, commit, date, branches }: LostFile): string => {
  const [branch, ...others] = branches;
  const at = [subject, commit.slice(0, commitLength), date.slice(0, 10)] as const;
  if (branch === undefined) return t("It is in “{0}” ({1}, {2}), a commit that is in no branch any more.", ...at);
  return others.length === 0
    ? t("It is in “{0}” ({1}, {2}), a commit of {3}.", ...at, branch)
    : t("It is in “{0}” ({1}, {2}), a commit of {3} and {4} more.", ...at, branch, others.length);
};

/** What is offered: the file alone, or with the ancestors that are missing too. */
export const restoreTitle = (files: readonly LostFile[]): string =>
  files.length === 1
    ? t("Restore the File of {0}", shortId(files[0]?.revision ?? ""))
    : t("Restore {0} Files: {1}", files.length, files.map(({ revision }) => shortId(revision)).join(", "));
