import * as vscode from "vscode";
import { parseArguments } from "../alembic/arguments.ts";
import { showToolsProblem } from "../dialogs.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject, readText } from "./target.ts";

/** What env.py gets by `-x`, remembered by the editor for this project. */
export const setArguments: CommandHandler = async (services, argument) => {
  const { log, memory, projects } = services;
  if (!vscode.workspace.isTrusted) return showToolsProblem({ kind: "restricted" }, log);
  const project = await findProject(services, argument);
  if (project === undefined) return;
  const text =
    readText(argument, "arguments") ??
    (await vscode.window.showInputBox({
      title: `Arguments of ${project.name}`,
      prompt: "What env.py reads with context.get_x_argument(), by name=value. Leave it empty to give none.",
      placeHolder: "tenant=one data=true",
      value: memory.recall(project, "arguments").join(" "),
      ignoreFocusOut: true,
      validateInput: (value) =>
        parseArguments(value).every((one) => /^[^=]+=/.test(one)) ? undefined : "Write each as name=value.",
    }));
  if (text === undefined) return;
  await memory.keep(project, "arguments", parseArguments(text));
  await projects.readStandings([project.id]);
};
