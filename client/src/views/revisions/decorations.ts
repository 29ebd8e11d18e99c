/**
 * The mark of a revision that has findings: a number at the right edge of its row in the view, with a colour, and of its
 * file in the explorer, without one: there colours belong to Git and to Problems.
 */
import * as vscode from "vscode";
import type { Projects } from "../../projects.ts";
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

export const registerDecorations = (context: vscode.ExtensionContext, projects: Projects): void => {
  const changed = new vscode.EventEmitter<undefined>();
  let files = new Map<string, RevisionRow["revision"]["findings"]>();
  const read = (): void => {
    const before = JSON.stringify([...files]);
    files = new Map(
      projects
        .all()
        .flatMap(({ node }) => node.revisions)
        .map(({ uri, findings }) => [vscode.Uri.parse(uri).toString(), findings]),
    );
    if (JSON.stringify([...files]) !== before) changed.fire(undefined);
  };
  read();
  context.subscriptions.push(
    changed,
    projects.onDidChange(read),
    vscode.window.registerFileDecorationProvider({ provideFileDecoration: decorate }),
    vscode.window.registerFileDecorationProvider({
      onDidChangeFileDecorations: changed.event,
      provideFileDecoration: (uri) => {
        const findings = files.get(uri.toString());
        // Of a file whose findings are in Problems the explorer tells the number already.
        if (findings === undefined || vscode.languages.getDiagnostics(uri).length > 0) return undefined;
        const total = findings.error + findings.warning;
        return total === 0
          ? undefined
          : new vscode.FileDecoration(badgeOf(total), `Retort: ${findingsInWords(findings)}`);
      },
    }),
  );
};

const badgeOf = (total: number): string => (total > 99 ? "99" : String(total));

const decorate = (uri: vscode.Uri): vscode.FileDecoration | undefined => {
  if (uri.scheme !== scheme) return undefined;
  const query = new URLSearchParams(uri.query);
  const count = (name: string): number => Number(query.get(name) ?? 0);
  const findings = { error: count("error"), warning: count("warning"), information: count("information") };
  const total = findings.error + findings.warning;
  if (total === 0) return undefined;
  return new vscode.FileDecoration(
    badgeOf(total),
    findingsInWords(findings),
    new vscode.ThemeColor(findings.error > 0 ? "list.errorForeground" : "list.warningForeground"),
  );
};
