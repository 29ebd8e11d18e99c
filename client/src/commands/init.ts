import path from "node:path";
import * as vscode from "vscode";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import { executeOrTell } from "../alembic/execute.ts";
import { showFailure, showResult, showToolsProblem } from "../dialogs.ts";
import type { CommandHandler } from "./handler.ts";
import { readText } from "./target.ts";

const templates = [
  { label: "generic", description: "one database" },
  { label: "async", description: "one database, with an asynchronous engine" },
  { label: "multidb", description: "several databases" },
  { label: "pyproject", description: "one database, configured in pyproject.toml; Alembic 1.16 or later" },
  { label: "pyproject_async", description: "the same with an asynchronous engine" },
] as const;

/** `alembic init`: config, env.py and a folder for revisions. */
export const init: CommandHandler = async (services, argument) => {
  const { log, projects, toolchain } = services;
  const folder = await chooseFolder();
  if (folder === undefined) return;
  const place = asProject(folder.uri);
  const found = await toolchain.find(place);
  if (found.kind !== "tools") return showToolsProblem(found, log);
  const template =
    readText(argument, "template") ??
    (await vscode.window.showQuickPick(templates, { title: "Initialize Alembic", placeHolder: "Which template?" }))
      ?.label;
  if (template === undefined) return;
  const name = readText(argument, "directory") ?? (await askDirectory());
  if (name === undefined) return;
  const config = vscode.Uri.joinPath(folder.uri, "alembic.ini");
  if (!template.startsWith("pyproject") && (await exists(config)))
    return showFailure("There is an alembic.ini in this folder already. Nothing was made.", {}, log);
  const command = ["init", "-t", template, name];
  const title = `Initializing Alembic in ${folder.name}…`;
  if (
    (await executeOrTell(services, { tools: found.tools, command, title }, "Alembic was not initialized.")) ===
    undefined
  )
    return;
  await projects.reload();
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, name, "env.py"), { preview: false });
  showResult(
    `Alembic is set up in ${name}. Next: set sqlalchemy.url, and give env.py the metadata of your models.`,
    log,
  );
};

const chooseFolder = async (): Promise<vscode.WorkspaceFolder | undefined> => {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length < 2
    ? folders[0]
    : vscode.window.showWorkspaceFolderPick({ placeHolder: "Initialize Alembic in which folder?" });
};

const askDirectory = async (): Promise<string | undefined> =>
  vscode.window.showInputBox({
    title: "Initialize Alembic",
    prompt: "The folder for env.py and the revisions.",
    value: "migrations",
    ignoreFocusOut: true,
    validateInput: (value) => {
      const away = value.trim() === "" || path.isAbsolute(value) || value.split(/[\\/]/).includes("..");
      return away || value.startsWith("-") ? "Name a folder inside the workspace folder." : undefined;
    },
  });

const exists = async (uri: vscode.Uri): Promise<boolean> => {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
};

/** A folder that is no project yet, for the look-up of its interpreter. */
const asProject = (folder: vscode.Uri): ProjectNode => ({
  id: folder.toString(),
  name: path.basename(folder.fsPath),
  folderUri: folder.toString(),
  configUri: vscode.Uri.joinPath(folder, "alembic.ini").toString(),
  section: "alembic",
  dialect: "postgresql",
  versionTable: "alembic_version",
  transactionPerMigration: false,
  revisions: [],
  heads: [],
  problems: [],
});
