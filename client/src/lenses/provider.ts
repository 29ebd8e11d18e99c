/** Lenses above the id and the functions of a revision. */
import * as vscode from "vscode";
import type { WireLocation, WireRange } from "../../../server/src/protocol/index.ts";
import type { Engine } from "../engine.ts";
import type { Projects } from "../projects.ts";
import { section } from "../settings.ts";
import { lensesOf, type Lens } from "./model.ts";

interface Sources {
  readonly engine: Engine;
  readonly projects: Projects;
}

export const registerLenses = (context: vscode.ExtensionContext, { engine, projects }: Sources): void => {
  const changed = new vscode.EventEmitter<void>();
  const refresh = (): void => {
    changed.fire();
  };
  context.subscriptions.push(
    changed,
    projects.onDidChange(refresh),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    // A save changes no text, and with it the lenses come back.
    vscode.workspace.onDidSaveTextDocument(refresh),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${section}.codeLens`)) refresh();
    }),
    vscode.languages.registerCodeLensProvider(
      { language: "python", scheme: "file" },
      {
        onDidChangeCodeLenses: changed.event,
        provideCodeLenses: async (document) => {
          if (!isShown(document)) return [];
          const places = await engine.lenses(document.uri);
          const project = places === null ? undefined : projects.find(places.projectId);
          if (places === null || project === undefined || document.isDirty) return [];
          return lensesOf(places, project).map((lens) => toCodeLens(lens, document.uri));
        },
      },
    ),
  );
};

/** What is typed is not what would run. */
const isShown = (document: vscode.TextDocument): boolean =>
  vscode.workspace.isTrusted &&
  document.uri.scheme === "file" &&
  !document.isDirty &&
  document.getText().trim() !== "" &&
  vscode.workspace.getConfiguration(section, document.uri).get<boolean>("codeLens") !== false;

const toRange = ({ start, end }: WireRange): vscode.Range =>
  new vscode.Range(start.line, start.character, end.line, end.character);

const toLocation = ({ uri, range }: WireLocation): vscode.Location =>
  new vscode.Location(vscode.Uri.parse(uri), toRange(range));

const toCodeLens = (lens: Lens, uri: vscode.Uri): vscode.CodeLens =>
  new vscode.CodeLens(toRange(lens.range), { title: lens.title, ...tooltipOf(lens), ...commandOf(lens, uri) });

const tooltipOf = ({ tooltip }: Lens): Pick<vscode.Command, "tooltip"> => (tooltip === undefined ? {} : { tooltip });

const commandOf = ({ action }: Lens, uri: vscode.Uri): Pick<vscode.Command, "command" | "arguments"> => {
  if (action === undefined) return { command: "" };
  if (action.kind === "command")
    return { command: action.command, ...(action.argument === undefined ? {} : { arguments: [action.argument] }) };
  const locations = action.locations.map(toLocation);
  return {
    command: "editor.action.peekLocations",
    arguments: [uri, toRange(action.at).start, locations, "peek"],
  };
};
