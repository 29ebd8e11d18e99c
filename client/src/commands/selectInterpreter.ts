import * as vscode from "vscode";
import { verifyFirst } from "../alembic/interpreter.ts";
import { showToolsProblem } from "../dialogs.ts";
import { section } from "../settings.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject } from "./target.ts";
import { t } from "../l10n.ts";
import { isVirtual } from "../virtual.ts";

/** Writes the setting `retort.python`, once the chosen program has shown that it has Alembic. */
export const selectInterpreter: CommandHandler = async (services, argument) => {
  const { log, projects, sources, toolchain } = services;
  if (!vscode.workspace.isTrusted) return showToolsProblem({ kind: "restricted" }, log);
  const project = await findProject(services, argument);
  if (project === undefined) return;
  if (isVirtual(project)) return showToolsProblem({ kind: "virtual" }, log);
  const folder = vscode.Uri.parse(project.folderUri);
  const chosen = await vscode.window.showOpenDialog({
    title: t("Python with Alembic for {0}", project.name),
    openLabel: t("Use"),
    defaultUri: folder,
  });
  const [file] = chosen ?? [];
  if (file === undefined) return;
  const candidate = { command: file.fsPath, args: [], from: t("your choice") };
  const { found, tried } = await verifyFirst([candidate], folder.fsPath, await sources.environmentOf(project));
  if (found === undefined) return showToolsProblem({ kind: "noInterpreter", tried }, log);
  const inFolder =
    vscode.workspace.getWorkspaceFolder(folder) !== undefined && (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  await vscode.workspace
    .getConfiguration(section, folder)
    .update(
      "python",
      file.fsPath,
      inFolder ? vscode.ConfigurationTarget.WorkspaceFolder : vscode.ConfigurationTarget.Workspace,
    );
  toolchain.forget();
  await projects.readStandings([project.id]);
};
