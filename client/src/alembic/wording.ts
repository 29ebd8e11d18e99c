/** Revisions and positions in words, the same in every message and row. */
import type { ProjectNode, RevisionNode } from "../../../server/src/protocol/index.ts";
import { findApplied, type Applied } from "./plan.ts";
import { inDigits, t } from "../l10n.ts";

/** Alembic's own ids are 12 hexadecimal digits, of which 8 tell revisions apart; ids that people chose stay whole. */
export const shortId = (id: string): string => (/^[0-9a-f]{12,}$/.test(id) ? id.slice(0, 8) : id);

/** `3f2a9c1b Add users`. */
export const nameRevision = (revision: RevisionNode): string => `${shortId(revision.id)} ${revision.message}`.trim();

/** `at 3f2a9c1b, 2 pending`; `nothing applied, 12 pending`. */
export const describePosition = (node: ProjectNode, versions: readonly string[]): string => {
  const applied = findApplied(node.revisions, versions);
  const pending = countPending(node, applied);
  const at = describeVersions(applied);
  // What it has of the project's revisions nobody knows then.
  if (applied.unknown.length > 0) return t("{0}, an unknown revision", at);
  return pending === 0 ? t("{0}, up to date", at) : t("{0}, {1} pending", at, inDigits(pending));
};

export const countPending = (node: ProjectNode, applied: Applied): number =>
  node.revisions.filter((one) => !applied.ids.has(one.id)).length;

export const describeVersions = ({ current, unknown }: Applied): string =>
  current.size + unknown.length === 0
    ? t("nothing applied")
    : t("at {0}", [...current, ...unknown].map(shortId).join(", "));
