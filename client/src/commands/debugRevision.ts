import * as vscode from "vscode";
import { debugConfiguration } from "../alembic/debug.ts";
import { mayRun } from "../alembic/judge.ts";
import { planUpgrade } from "../alembic/plan.ts";
import { prepare } from "../alembic/prepare.ts";
import { nameRevision } from "../alembic/wording.ts";
import { askInBackground, showFailure, showResult } from "../dialogs.ts";
import type { CommandHandler } from "./handler.ts";
import { findTarget } from "./target.ts";
import { t } from "../l10n.ts";

const debuggers = ["ms-python.debugpy", "ms-python.python"];

/** Upgrades to a revision under debugpy: breakpoints in the revision, in env.py and in Alembic itself are met. */
export const debugRevision: CommandHandler = async (services, argument) => {
  const { log } = services;
  const target = await findTarget(services, argument, t("Debug which revision?"));
  if (target === undefined) return;
  if (!debuggers.some((id) => vscode.extensions.getExtension(id) !== undefined)) {
    const find = {
      [t("Find It")]: async () =>
        void (await vscode.commands.executeCommand("workbench.extensions.search", "ms-python.debugpy")),
    };
    return askInBackground(t("Debugging needs the extension Python Debugger (ms-python.debugpy)."), find, log);
  }
  const { project, revision } = target;
  const prepared = await prepare(services, project);
  if (prepared === undefined) return;
  const { node, applied, tools } = prepared;
  if (applied.ids.has(revision.id))
    return showResult(t("{0} is applied already. Downgrade before it, then debug it.", nameRevision(revision)), log);
  const configuration = debugConfiguration(tools, revision);
  if (typeof configuration === "string") return showFailure(configuration, {}, log);
  const revisions = planUpgrade(node.revisions, applied, [revision.id]);
  const question = { kind: "upgrade", target: nameRevision(revision), revisions, always: false } as const;
  if (!(await mayRun(services, prepared, question))) return;
  await vscode.window.showTextDocument(vscode.Uri.parse(revision.uri));
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(node.folderUri));
  if (!(await vscode.debug.startDebugging(folder, configuration)))
    return showFailure(t("The debugger did not start."), {}, log);
  const ended = vscode.debug.onDidTerminateDebugSession(({ configuration: { name } }) => {
    if (name !== configuration.name) return;
    ended.dispose();
    services.projects.readStandings([node.id]).catch((error: unknown) => {
      log.error(String(error));
    });
  });
};
