/** The mark of a revision that has findings: a number and a colour at the right edge of its row. */
import * as vscode from "vscode";
import { findingsInWords, type RevisionRow } from "./model.ts";

/** Not the file's own address: its decorations (Git, problems) would colour the row by other rules than ours. */
const scheme = "retort-revision";

export const decorationUri = ({ key, revision }: RevisionRow): vscode.Uri => {
  const { error, warning, information } = revision.findings;
  return vscode.Uri.from({
    scheme,
    path: `/${encodeURIComponent(key)}`,
    query: new URLSearchParams({
      error: String(error),
      warning: String(warning),
      information: String(information),
    }).toString(),
  });
};

export const registerDecorations = (context: vscode.ExtensionContext): void => {
  context.subscriptions.push(vscode.window.registerFileDecorationProvider({ provideFileDecoration: decorate }));
};

const decorate = (uri: vscode.Uri): vscode.FileDecoration | undefined => {
  if (uri.scheme !== scheme) return undefined;
  const query = new URLSearchParams(uri.query);
  const count = (name: string): number => Number(query.get(name) ?? 0);
  const findings = { error: count("error"), warning: count("warning"), information: count("information") };
  const total = findings.error + findings.warning;
  if (total === 0) return undefined;
  return new vscode.FileDecoration(
    total > 99 ? "99" : String(total),
    findingsInWords(findings),
    new vscode.ThemeColor(findings.error > 0 ? "list.errorForeground" : "list.warningForeground"),
  );
};
