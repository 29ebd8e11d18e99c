/** A run that failed, at the line that it failed at: in Problems, until the file is edited or the project runs again. */
import * as vscode from "vscode";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import type { Failure } from "./output.ts";
import { t } from "../l10n.ts";

export interface RunProblems {
  /** @param position where the database stands now, in words */
  readonly show: (project: ProjectNode, failure: Failure, position: string) => Promise<void>;
  readonly clear: (project: ProjectNode) => void;
}

export const createRunProblems = (context: vscode.ExtensionContext, mask: (text: string) => string): RunProblems => {
  const collection = vscode.languages.createDiagnosticCollection("retort-run");
  const byProject = new Map<string, vscode.Uri>();
  context.subscriptions.push(
    collection,
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      // What was typed may be the repair, and lines have moved.
      if (contentChanges.length > 0) collection.delete(document.uri);
    }),
  );
  const clear = (project: ProjectNode): void => {
    const uri = byProject.get(project.id);
    if (uri !== undefined) collection.delete(uri);
    byProject.delete(project.id);
  };
  return {
    clear,
    show: async (project, failure, position) => {
      clear(project);
      const revisions = new Set(project.revisions.map(({ uri }) => vscode.Uri.parse(uri).fsPath));
      const places = failure.places ?? [];
      const place = places.find(({ file }) => revisions.has(file)) ?? places[0];
      if (place === undefined) return;
      const uri = vscode.Uri.file(place.file);
      const range = await rangeIn(uri, place);
      const diagnostic = new vscode.Diagnostic(
        range,
        mask(renderProblem(failure, position)),
        vscode.DiagnosticSeverity.Error,
      );
      diagnostic.source = "alembic";
      // Where the error arose, if a helper of the project was called from that line.
      diagnostic.relatedInformation = places
        .slice(0, places.indexOf(place))
        .map(
          (one) =>
            new vscode.DiagnosticRelatedInformation(
              new vscode.Location(vscode.Uri.file(one.file), lineOf(one)),
              t("It arose in what this calls"),
            ),
        );
      collection.set(uri, [diagnostic]);
      byProject.set(project.id, uri);
    },
  };
};

/** From the first character of the line that is no space. */
const rangeIn = async (uri: vscode.Uri, place: { readonly line: number }): Promise<vscode.Range> => {
  const whole = lineOf(place);
  try {
    const lines = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)).split("\n");
    return whole.with(whole.start.translate(0, Math.max(0, (lines[whole.start.line] ?? "").search(/\S/))));
  } catch {
    return whole;
  }
};

const lineOf = ({ line }: { readonly line: number }): vscode.Range => {
  const index = Math.max(0, line - 1);
  return new vscode.Range(index, 0, index, Number.MAX_SAFE_INTEGER);
};

const renderProblem = ({ reason, hints = [], sql }: Failure, position: string): string =>
  [reason, ...hints, ...(sql === undefined ? [] : [`SQL: ${sql}`]), position].join("\n");
