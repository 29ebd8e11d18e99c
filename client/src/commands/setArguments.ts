import * as vscode from "vscode";
import { parseArguments, renderArguments } from "../alembic/arguments.ts";
import { showToolsProblem } from "../dialogs.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject, readText } from "./target.ts";
import { t } from "../l10n.ts";
import { isVirtual } from "../virtual.ts";

/** What env.py gets by `-x`, remembered by the editor for this project. */
export const setArguments: CommandHandler = async (services, argument) => {
  const { log, memory, projects } = services;
  if (!vscode.workspace.isTrusted) return showToolsProblem({ kind: "restricted" }, log);
  const project = await findProject(services, argument);
  if (project === undefined) return;
  if (isVirtual(project)) return showToolsProblem({ kind: "virtual" }, log);
  const known = await memory.recallArguments(project);
  const text =
    readText(argument, "arguments") ??
    (await vscode.window.showInputBox({
      title: t("Arguments of {0}", project.name),
      prompt: t("What env.py reads with context.get_x_argument(), by name=value. Leave it empty to give none."),
      placeHolder: "tenant=one data=true",
      value: renderArguments(known),
      ignoreFocusOut: true,
      validateInput: (value) =>
        parseArguments(value).every((one) => /^[^=]+=/.test(one)) ? undefined : t("Write each as name=value."),
    }));
  if (text === undefined) return;
  await memory.keepArguments(project, parseArguments(text));
  await projects.readStandings([project.id]);
};
