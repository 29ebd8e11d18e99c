/** Files that a project gets once: tests of its migrations, and a job for its continuous integration. */
import path from "node:path";
import * as vscode from "vscode";
import { blockBelow, type CiService } from "../alembic/ciExample.ts";
import { canTest, renderTestFile } from "../alembic/testFile.ts";
import { askInBackground, showFailure, showResult } from "../dialogs.ts";
import type { Services } from "../services.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject, readText } from "./target.ts";
import { t } from "../l10n.ts";

/** Up, down and up over all, and each revision alone, with pytest. */
export const addMigrationTests: CommandHandler = async (services, argument) => {
  const { log, resources } = services;
  const project = await findProject(services, argument);
  if (project === undefined) return;
  const { configUri } = project;
  const config = configUri === undefined ? undefined : vscode.Uri.parse(configUri).fsPath;
  if (config === undefined || !canTest(config))
    return showFailure(t("The tests are for projects with an alembic.ini, and this one has none."), {}, log);
  const folder = vscode.Uri.joinPath(vscode.Uri.parse(project.folderUri), "tests");
  const text = renderTestFile(await resources.read("media/templates/test_migrations.py"), {
    folder: folder.fsPath,
    config,
    section: project.section,
    versionTable: project.versionTable,
  });
  const file = vscode.Uri.joinPath(folder, "test_migrations.py");
  if (!(await create(services, file, text))) return;
  showResult(t("Run it by pytest with TEST_DATABASE_URL set to a database that the tests may empty."), log);
};

const services: readonly (vscode.QuickPickItem & { readonly label: CiService; readonly file: string })[] = [
  { label: "GitHub Actions", file: ".github/workflows/migrations.yml" },
  { label: "GitLab", file: ".gitlab-ci.migrations.yml", detail: t("to be included from .gitlab-ci.yml") },
];

/** The examples of the guide, which a test runs. */
export const addCiWorkflow: CommandHandler = async (all, argument) => {
  const { log, resources } = all;
  const project = await findProject(all, argument);
  if (project === undefined) return;
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(project.folderUri));
  if (folder === undefined) return showFailure(t("The project lies in no folder of the workspace."), {}, log);
  const named = readText(argument, "service");
  const given = services.find(({ label }) => label === named);
  const choice =
    given ??
    (await vscode.window.showQuickPick(services, {
      title: t("Add CI Workflow"),
      placeHolder: t("For which service?"),
    }));
  if (choice === undefined) return;
  const guide = await resources.read("docs/ci.md");
  const text = blockBelow(guide, choice.label);
  if (text === undefined) return showFailure(t("The guide has no example for this service."), {}, log);
  if (!(await create(all, vscode.Uri.joinPath(folder.uri, choice.file), text))) return;
  const open = async (): Promise<void> => {
    const uri = all.documents.put("guide/ci", `${t("Continuous integration")}.md`, guide);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  };
  askInBackground(
    t("The job installs retort from ci/retort-0.1.0.tgz: the guide says how it gets there."),
    { [t("Open Guide")]: open },
    log,
  );
};

/** Shown once it is there; a file that exists is opened and left alone. */
const create = async ({ log }: Pick<Services, "log">, file: vscode.Uri, text: string): Promise<boolean> => {
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(file, { overwrite: false, ignoreIfExists: false, contents: new TextEncoder().encode(text) });
  const isNew = await vscode.workspace.applyEdit(edit);
  try {
    await vscode.window.showTextDocument(file, { preview: false });
  } catch {
    showFailure(t("{0} could not be written.", path.basename(file.fsPath)), {}, log);
    return false;
  }
  if (!isNew) showResult(t("{0} exists already, and was left as it is.", path.basename(file.fsPath)), log);
  return isNew;
};
