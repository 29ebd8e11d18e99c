/** Files that come with the extension, by their path in it. */
import * as vscode from "vscode";

export interface Resources {
  readonly read: (path: string) => Promise<string>;
}

export const createResources = ({ extensionUri }: vscode.ExtensionContext): Resources => ({
  read: async (path) =>
    new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, path))),
});
