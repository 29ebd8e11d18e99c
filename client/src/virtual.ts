/** Workspaces that lie on no disk: the server reads them through the editor, and nothing can run in them. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import {
  methods,
  type FileAnswer,
  type FileRequest,
  type FolderAnswer,
  type FolderRequest,
  type ProjectNode,
} from "../../server/src/protocol/index.ts";
import { t } from "./l10n.ts";
import { wordsOf } from "./log.ts";

export const isVirtual = ({ folderUri }: Pick<ProjectNode, "folderUri">): boolean => !folderUri.startsWith("file:");

/** All folders of the window: then nothing at all can run in it. */
export const isVirtualWindow = (): boolean => {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 0 && folders.every(({ uri }) => uri.scheme !== "file");
};

export const answerFiles = (client: LanguageClient): readonly vscode.Disposable[] => [
  client.onRequest(methods.readFile, (request: FileRequest) => readFile(request)),
  client.onRequest(methods.listFolder, (request: FolderRequest) => listFolder(request)),
];

/** Only what lies in the workspace: the server has no business elsewhere. */
const inWorkspace = (uri: string): vscode.Uri | undefined => {
  const parsed = vscode.Uri.parse(uri, true);
  return vscode.workspace.getWorkspaceFolder(parsed) === undefined ? undefined : parsed;
};

const readFile = async ({ uri, maximumBytes }: FileRequest): Promise<FileAnswer> => {
  const file = inWorkspace(uri);
  if (file === undefined) return { isMissing: true };
  try {
    const { size, type } = await vscode.workspace.fs.stat(file);
    if ((type & vscode.FileType.Directory) !== 0) return { isMissing: true };
    if (size > maximumBytes) return { reason: t("it is larger than {0} MB.", maximumBytes / 1024 / 1024) };
    return { base64: Buffer.from(await vscode.workspace.fs.readFile(file)).toString("base64") };
  } catch (error) {
    return isMissing(error) ? { isMissing: true } : { reason: wordsOf(error) };
  }
};

const listFolder = async ({ uri }: FolderRequest): Promise<FolderAnswer> => {
  const folder = inWorkspace(uri);
  if (folder === undefined) return { isMissing: true };
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    return { entries: entries.map(([name, type]) => ({ name, folder: (type & vscode.FileType.Directory) !== 0 })) };
  } catch {
    return { isMissing: true };
  }
};

const isMissing = (error: unknown): boolean =>
  error instanceof vscode.FileSystemError && (error.code === "FileNotFound" || error.code === "FileNotADirectory");
