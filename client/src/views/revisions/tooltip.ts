/** What is said of a revision when somebody points at its row, as Markdown that has no link and no icon in it. */
import { t } from "../../l10n.ts";
import { asMarkdown } from "../../plain.ts";
import { findingsInWords, stateInWords, type RevisionRow } from "./model.ts";

export const renderTooltip = (row: RevisionRow): string => {
  const { revision } = row;
  const places = [
    ...(revision.isHead ? [t("head")] : []),
    ...(revision.isBranchPoint ? [t("branch point")] : []),
    ...(revision.isMerge ? [t("merge")] : []),
    stateInWords(row),
  ];
  const lines: readonly (readonly [string, string])[] = [
    [t("Revision"), revision.id],
    [revision.isMerge ? t("Merges") : t("Revises"), revision.parents.join(", ") || t("nothing: the first one")],
    [t("Depends on"), revision.dependsOn.join(", ")],
    [t("Branch"), revision.branchLabels.join(", ")],
    [t("Created"), revision.createDate ?? ""],
    [t("State"), places.join(", ")],
    [t("Findings"), findingsInWords(revision.findings)],
  ];
  return [
    `**${asMarkdown(revision.message || t("(no message)"))}**\n\n`,
    ...lines.flatMap(([name, value]) => (value === "" ? [] : [`${name}: ${asMarkdown(value)}  \n`])),
  ].join("");
};
