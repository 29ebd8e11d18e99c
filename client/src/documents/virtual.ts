/** Read-only documents that exist in the editor only: SQL of a revision, both sides of a preview. */
import * as vscode from "vscode";

export interface VirtualDocuments {
  /** The address of a document with this text. The name is what people see; the same key and name is the same document. */
  readonly put: (key: string, name: string, text: string) => vscode.Uri;
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
    put: (key, name, text) => {
      const uri = vscode.Uri.from({ scheme, path: `/${name}`, query: key });
      const address = uri.toString();
      const before = texts.get(address);
      texts.set(address, text);
      if (before !== undefined && before !== text) changed.fire(uri);
      return uri;
    },
  };
};
