import * as vscode from "vscode";
import { findingsInWords, stateInWords, type RevisionRow } from "./model.ts";
import { t } from "../../l10n.ts";

export const renderTooltip = (row: RevisionRow): vscode.MarkdownString => {
  const { revision } = row;
  const text = new vscode.MarkdownString(undefined, true);
  text
    .appendMarkdown("**")
    .appendText(revision.message || t("(no message)"))
    .appendMarkdown("**\n\n");
  const line = (name: string, value: string): void => {
    if (value !== "") text.appendMarkdown(`${name}: `).appendText(value).appendMarkdown("  \n");
  };
  line(t("Revision"), revision.id);
  line(revision.isMerge ? t("Merges") : t("Revises"), revision.parents.join(", ") || t("nothing: the first one"));
  line(t("Depends on"), revision.dependsOn.join(", "));
  line(t("Branch"), revision.branchLabels.join(", "));
  line(t("Created"), revision.createDate ?? "");
  const places = [
    ...(revision.isHead ? [t("head")] : []),
    ...(revision.isBranchPoint ? [t("branch point")] : []),
    ...(revision.isMerge ? [t("merge")] : []),
    stateInWords(row),
  ];
  line(t("State"), places.join(", "));
  line(t("Findings"), findingsInWords(revision.findings));
  return text;
};
