/** Read-only documents that exist in the editor only: SQL of a revision, both sides of a preview. */
import * as vscode from "vscode";

export interface VirtualDocuments {
  /** The address of a document with this text; its name is what the tab shows. The same folder and name is the same document. */
  readonly put: (folder: string, name: string, text: string) => vscode.Uri;
}

const scheme = "retort";

export const createVirtualDocuments = (context: vscode.ExtensionContext): VirtualDocuments => {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  context.subscriptions.push(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? "",
    }),
    vscode.workspace.onDidCloseTextDocument((document) => texts.delete(document.uri.toString())),
  );
  return {
    put: (folder, name, text) => {
      const uri = vscode.Uri.from({ scheme, path: `/${folder}/${name}` });
      const key = uri.toString();
      const before = texts.get(key);
      texts.set(key, text);
      if (before !== undefined && before !== text) changed.fire(uri);
      return uri;
    },
  };
};
