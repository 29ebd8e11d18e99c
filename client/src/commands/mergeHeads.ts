import * as vscode from "vscode";
import { alone } from "../alembic/alone.ts";
import { findCreated } from "../alembic/created.ts";
import { executeOrTell } from "../alembic/execute.ts";
import { shortId } from "../alembic/wording.ts";
import { showResult, showToolsProblem } from "../dialogs.ts";
import type { CommandHandler } from "./handler.ts";
import { appliedIn, findProject, readText, toPickItem } from "./target.ts";
import { listed, t } from "../l10n.ts";

/** A revision that joins heads and does nothing else. */
export const mergeHeads: CommandHandler = async (services, argument) => {
  const { log, toolchain } = services;
  const project = await findProject(services, argument);
  if (project === undefined) return;
  const found = await toolchain.find(project);
  if (found.kind !== "tools") return showToolsProblem(found, log);
  if (project.heads.length < 2) return showResult(t("There is one head, so there is nothing to merge."), log);
  const heads = project.heads.length === 2 ? project.heads : await chooseHeads();
  if (heads === undefined) return;
  const suggestion = `merge ${heads.map(shortId).join(" and ")}`;
  const message = readText(argument, "message") ?? (await askMessage(suggestion));
  if (message === undefined) return;
  await alone(services, project, async () => {
    const command = ["merge", "-m", message, ...heads];
    const execution = { tools: found.tools, command, title: t("Merging {0}…", listed(heads.map(shortId))) };
    const stdout = await executeOrTell(services, execution, t("The heads were not merged."));
    if (stdout === undefined) return;
    const file = await findCreated(services, project, stdout);
    if (file !== undefined) await vscode.window.showTextDocument(file, { preview: false });
  });

  async function chooseHeads(): Promise<readonly string[] | undefined> {
    if (project === undefined) return undefined;
    const applied = appliedIn(services, project);
    const items = project.revisions
      .filter((one) => one.isHead)
      .map((revision) => ({ ...toPickItem(revision, applied), picked: true, id: revision.id }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: "Retort",
      placeHolder: t("Merge which heads? Two at least."),
      canPickMany: true,
    });
    return chosen === undefined || chosen.length < 2 ? undefined : chosen.map(({ id }) => id);
  }
};

const askMessage = async (suggestion: string): Promise<string | undefined> =>
  vscode.window.showInputBox({
    title: t("Merge Heads"),
    prompt: t("The message of the merge revision."),
    value: suggestion,
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === "" ? t("A revision needs a message.") : undefined),
  });
