import {
  CodeActionKind,
  TextDocumentSyncKind,
  type ClientCapabilities,
  type ServerCapabilities,
} from "vscode-languageserver/node";
import { triggerCharacters } from "./completion.ts";

/** What the editor at the other end can do, as far as the server behaves differently for it. */
/** What an editor asks for when a file is saved, or on *Fix all*. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.retort`;

export interface Client {
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly refreshesInlayHints: boolean;
  readonly relatedInformation: boolean;
  readonly createsFiles: boolean;
  readonly renamesFiles: boolean;
  /** Is told beside the place of a definition what belongs to it. */
  readonly linksDefinitions: boolean;
  readonly resolvesEdits: boolean;
  readonly showsDisabledActions: boolean;
  readonly registersWatchers: boolean;
  readonly configuration: boolean;
  readonly workspaceFolders: boolean;
  /** Carries out `retort.previewRefactoring`; only our own extension says so. */
  readonly previews: boolean;
  /** Programs may be run for the workspace: its owner trusts it. May come later, see `methods.trusted`. */
  readonly trusted: boolean;
  /** Where the page of a rule is, with `{id}` in place of its id; absent where the editor has no pages. */
  readonly rulePages: string | undefined;
  /** The same where it stands beside a finding, which is no place for commands: VS Code opens documents from there. */
  readonly pageAddresses: string | undefined;
}

export function readClient(capabilities: ClientCapabilities, options: unknown): Client {
  const { workspace, textDocument } = capabilities;
  const edits = workspace?.workspaceEdit;
  const pages = option(options, "rulePages");
  const addresses = option(options, "pageAddresses");
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshesInlayHints: workspace?.inlayHint?.refreshSupport === true,
    relatedInformation:
      (textDocument?.diagnostic?.relatedInformation ?? textDocument?.publishDiagnostics?.relatedInformation) === true,
    createsFiles: edits?.documentChanges === true && edits.resourceOperations?.includes("create") === true,
    renamesFiles: edits?.documentChanges === true && edits.resourceOperations?.includes("rename") === true,
    linksDefinitions: textDocument?.definition?.linkSupport === true,
    resolvesEdits:
      textDocument?.codeAction?.dataSupport === true &&
      textDocument.codeAction.resolveSupport?.properties.includes("edit") === true,
    showsDisabledActions: textDocument?.codeAction?.disabledSupport === true,
    registersWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    configuration: workspace?.configuration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    previews: option(options, "previews") === true,
    trusted: option(options, "trusted") === true,
    rulePages: typeof pages === "string" ? pageLink(pages) : undefined,
    pageAddresses: typeof addresses === "string" ? addresses : typeof pages === "string" ? pageLink(pages) : undefined,
  };
}

/** A client may also name the folder that the pages lie in. */
const pageLink = (pages: string): string => (pages.includes("{id}") ? pages : `${pages.replace(/\/$/, "")}/{id}.md`);

const option = (options: unknown, name: string): unknown =>
  typeof options === "object" && options !== null ? (options as Readonly<Record<string, unknown>>)[name] : undefined;

export const serverCapabilities = (client: Client): ServerCapabilities => ({
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: { label: "Retort" },
  workspaceSymbolProvider: true,
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  documentLinkProvider: { resolveProvider: false },
  typeHierarchyProvider: true,
  inlayHintProvider: true,
  completionProvider: { triggerCharacters, resolveProvider: true },
  codeActionProvider: {
    codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, fixAllKind],
    resolveProvider: client.resolvesEdits,
  },
  ...(client.pullsDiagnostics
    ? { diagnosticProvider: { identifier: "retort", interFileDependencies: true, workspaceDiagnostics: true } }
    : {}),
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
});
