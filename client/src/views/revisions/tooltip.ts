import * as vscode from "vscode";
import { findingsInWords, stateInWords, type RevisionRow } from "./model.ts";

export const renderTooltip = (row: RevisionRow): vscode.MarkdownString => {
  const { revision } = row;
  const text = new vscode.MarkdownString(undefined, true);
  text
    .appendMarkdown("**")
    .appendText(revision.message || "(no message)")
    .appendMarkdown("**\n\n");
  const line = (name: string, value: string): void => {
    if (value !== "") text.appendMarkdown(`${name}: `).appendText(value).appendMarkdown("  \n");
  };
  line("Revision", revision.id);
  line(revision.isMerge ? "Merges" : "Revises", revision.parents.join(", ") || "nothing: the first one");
  line("Depends on", revision.dependsOn.join(", "));
  line("Branch", revision.branchLabels.join(", "));
  line("Created", revision.createDate ?? "");
  const places = [
    ...(revision.isHead ? ["head"] : []),
    ...(revision.isBranchPoint ? ["branch point"] : []),
    ...(revision.isMerge ? ["merge"] : []),
    stateInWords(row),
  ];
  line("State", places.join(", "));
  line("Findings", findingsInWords(revision.findings));
  return text;
};
