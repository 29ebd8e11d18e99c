import * as vscode from "vscode";
import { failureOf } from "../alembic/current.ts";
import { parseDifferences, type Difference } from "../alembic/differences.ts";
import { execute } from "../alembic/execute.ts";
import { prepare } from "../alembic/prepare.ts";
import { askInBackground, showFailure, showResult } from "../dialogs.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject } from "./target.ts";
import { t } from "../l10n.ts";
import { plain } from "../plain.ts";

/** Do the models say what the database is? Each difference leads to the models. */
export const check: CommandHandler = async (services, argument) => {
  const { log } = services;
  const project = await findProject(services, argument);
  if (project === undefined) return;
  const prepared = await prepare(services, project, { otherwise: t("Nothing was compared.") });
  if (prepared === undefined) return;
  const { tools, node } = prepared;
  const title = t("Comparing the models of {0} with the database…", node.name);
  const { finished, cancelled } = await execute(services, { tools, command: ["check"], title });
  if (cancelled) return;
  if (finished.exitCode === 0) return showResult(t("The models and the database do not differ."), log);
  const differences = parseDifferences(`${finished.stdout}\n${finished.stderr}`);
  if (differences === undefined) {
    const failure = failureOf(finished, tools.folder);
    return showFailure(t("The models and the database were not compared. {0}", failure.reason), failure, log);
  }
  for (const { words, detail } of differences) log.info(`Difference: ${words} (${detail})`);
  askInBackground(
    differences.length === 1
      ? t("The models and the database differ: one difference.")
      : t("The models and the database differ: {0} differences.", differences.length),
    { [t("Show")]: () => pickDifference(differences, argument) },
    log,
  );
};

const pickDifference = async (differences: readonly Difference[], argument: unknown): Promise<void> => {
  const generate = { label: t("New Revision from These Differences…"), iconPath: new vscode.ThemeIcon("new-file") };
  const items = differences.map(({ words, detail, table }) => ({ label: plain(words), detail: plain(detail), table }));
  const choice = await vscode.window.showQuickPick<vscode.QuickPickItem & { readonly table?: string | undefined }>(
    [generate, { label: "", kind: vscode.QuickPickItemKind.Separator }, ...items],
    { title: t("Models and Database"), placeHolder: t("Choose a difference to look for its table in the models") },
  );
  if (choice === undefined) return;
  if (choice.label === generate.label) {
    await vscode.commands.executeCommand("retort.autogenerate", argument);
    return;
  }
  await vscode.commands.executeCommand("workbench.action.findInFiles", {
    query: choice.table ?? choice.label,
    filesToInclude: "*.py",
    triggerSearch: true,
    matchWholeWord: true,
  });
};
