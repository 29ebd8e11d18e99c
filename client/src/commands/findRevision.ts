import * as vscode from "vscode";
import { describeLost, restoreTitle, type LostFile } from "../alembic/lost.ts";
import { showFailure, showResult, showToolsProblem } from "../dialogs.ts";
import type { Services } from "../services.ts";
import type { CommandHandler } from "./handler.ts";
import { appliedIn, findProject, readNamed } from "./target.ts";
import { t } from "../l10n.ts";
import { plain } from "../plain.ts";
import { isVirtual } from "../virtual.ts";

/** "Can't locate revision": looks in all branches and in the past, and offers to restore the file, or to stamp. */
export const findRevision: CommandHandler = async (services, argument) => {
  const { engine, log } = services;
  if (!vscode.workspace.isTrusted) return showToolsProblem({ kind: "restricted" }, log);
  const project = await findProject(services, argument);
  if (project === undefined) return;
  if (isVirtual(project)) return showToolsProblem({ kind: "virtual" }, log);
  const unknown = readNamed(argument).revisionId ?? appliedIn(services, project)?.unknown[0];
  if (unknown === undefined)
    return showResult(t("The database is at no revision that the project does not have, as far as is known."), log);
  const answer = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plain(t("Looking for {0} in all branches…", unknown)) },
    () => engine.lostRevision(project.id, unknown),
  );
  if (!answer.ok) return showFailure(t("{0} was not looked for. {1}", unknown, answer.reason), {}, log);
  await offer(services, { argument, unknown, files: answer.files });
};

interface Found {
  readonly argument: unknown;
  readonly unknown: string;
  readonly files: readonly LostFile[];
}

const offer = async (services: Services, { argument, unknown, files }: Found): Promise<void> => {
  const [first] = files;
  const restore = {
    label: plain(restoreTitle(files)),
    detail: t("So that the database's revision is known again."),
    action: () => restoreFiles(services, files),
  };
  const show = {
    label: t("Show It"),
    detail: t("Read-only, as it was in that commit."),
    action: () => showFile(services, files),
  };
  const stamp = {
    label: t("Stamp the Database…"),
    detail: t(
      "Write another revision into the version table. Nothing runs: what that revision did to the schema stays.",
    ),
    action: async () => void (await vscode.commands.executeCommand("retort.stamp", withoutRevision(argument))),
  };
  const choice = await vscode.window.showQuickPick(first === undefined ? [stamp] : [restore, show, stamp], {
    title: t("The database is at {0}, and no file has that revision", unknown),
    placeHolder:
      first === undefined
        ? t("git does not know it either: it may be in another clone, or not committed yet.")
        : services.log.mask(describeLost(first)),
  });
  await choice?.action();
};

/** Rows of the tree name their project and a revision; the stamp is about the project alone. */
const withoutRevision = (argument: unknown): unknown =>
  typeof argument === "object" && argument !== null && "projectId" in argument
    ? { projectId: argument.projectId }
    : undefined;

const showFile = async ({ documents }: Services, [file]: readonly LostFile[]): Promise<void> => {
  if (file === undefined) return;
  const name = vscode.Uri.parse(file.uri).path.split("/").at(-1) ?? file.revision;
  const document = await vscode.workspace.openTextDocument(documents.put(`lost/${file.commit}`, name, file.text));
  await vscode.window.showTextDocument(document, { preview: true });
};

/** One edit, which can be undone; a file that is there by now is left alone. */
const restoreFiles = async ({ log, projects }: Services, files: readonly LostFile[]): Promise<void> => {
  const edit = new vscode.WorkspaceEdit();
  for (const { uri, text } of files)
    edit.createFile(vscode.Uri.parse(uri), {
      overwrite: false,
      ignoreIfExists: false,
      contents: new TextEncoder().encode(text),
    });
  if (!(await vscode.workspace.applyEdit(edit)))
    return showFailure(t("Nothing was restored: the editor refused, perhaps since a file is there already."), {}, log);
  const [first] = files;
  if (first !== undefined) await vscode.window.showTextDocument(vscode.Uri.parse(first.uri));
  await projects.reload();
  showResult(
    files.length === 1
      ? t("The file is back. No database was touched.")
      : t("{0} files are back. No database was touched.", files.length),
    log,
  );
};
