import path from "node:path";
import * as vscode from "vscode";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import { executeOrTell } from "../alembic/execute.ts";
import { showFailure, showResult, showToolsProblem } from "../dialogs.ts";
import type { CommandHandler } from "./handler.ts";
import { readText } from "./target.ts";
import { t } from "../l10n.ts";

const templates = [
  { label: "generic", description: t("one database") },
  { label: "async", description: t("one database, with an asynchronous engine") },
  { label: "multidb", description: t("several databases") },
  { label: "pyproject", description: t("one database, configured in pyproject.toml; Alembic 1.16 or later") },
  { label: "pyproject_async", description: t("the same with an asynchronous engine") },
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
    (
      await vscode.window.showQuickPick(templates, {
        title: t("Initialize Alembic"),
        placeHolder: t("Which template?"),
      })
    )?.label;
  if (template === undefined) return;
  const name = readText(argument, "directory") ?? (await askDirectory());
  if (name === undefined) return;
  const config = vscode.Uri.joinPath(folder.uri, "alembic.ini");
  if (!template.startsWith("pyproject") && (await exists(config)))
    return showFailure(t("There is an alembic.ini in this folder already. Nothing was made."), {}, log);
  const command = ["init", "-t", template, name];
  const title = t("Initializing Alembic in {0}…", folder.name);
  if (
    (await executeOrTell(services, { tools: found.tools, command, title }, t("Alembic was not initialized."))) ===
    undefined
  )
    return;
  await projects.reload();
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, name, "env.py"), { preview: false });
  showResult(
    t("Alembic is set up in {0}. Next: set sqlalchemy.url, and give env.py the metadata of your models.", name),
    log,
  );
};

const chooseFolder = async (): Promise<vscode.WorkspaceFolder | undefined> => {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length < 2
    ? folders[0]
    : vscode.window.showWorkspaceFolderPick({ placeHolder: t("Initialize Alembic in which folder?") });
};

const askDirectory = async (): Promise<string | undefined> =>
  vscode.window.showInputBox({
    title: t("Initialize Alembic"),
    prompt: t("The folder for env.py and the revisions."),
    value: "migrations",
    ignoreFocusOut: true,
    validateInput: (value) => {
      const away = value.trim() === "" || path.isAbsolute(value) || value.split(/[\\/]/).includes("..");
      return away || value.startsWith("-") ? t("Name a folder inside the workspace folder.") : undefined;
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
