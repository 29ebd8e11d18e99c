import * as vscode from "vscode";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import { alone } from "../alembic/alone.ts";
import { findCreated } from "../alembic/created.ts";
import { executeOrTell } from "../alembic/execute.ts";
import { nameRevision } from "../alembic/wording.ts";
import { showResult, showToolsProblem } from "../dialogs.ts";
import type { Services } from "../services.ts";
import type { CommandHandler } from "./handler.ts";
import { appliedIn, findProject, readText, toPickItem } from "./target.ts";
import { t } from "../l10n.ts";
import { plain } from "../plain.ts";

/** An empty revision on top of the head, or of the head that is chosen where there are several. */
export const newRevision: CommandHandler = async (services, argument) => {
  const project = await findProject(services, argument);
  if (project === undefined) return;
  const { log, toolchain } = services;
  const found = await toolchain.find(project);
  if (found.kind !== "tools") return showToolsProblem(found, log);
  const asked = await askNewRevision(services, project, argument);
  if (asked === undefined) return;
  await alone(services, project, async () => {
    const execution = {
      tools: found.tools,
      command: asked.command,
      title: t("Making a revision of {0}…", project.name),
    };
    const stdout = await executeOrTell(services, execution, t("The revision was not made."));
    if (stdout === undefined) return;
    const file = await findCreated(services, project, stdout);
    if (file === undefined) return showResult(t("Alembic made the revision; its file was not found."), log);
    await vscode.window.showTextDocument(file, { preview: false });
  });
};

export interface AskedRevision {
  readonly command: readonly string[];
}

/** Asks what a revision needs; undefined where the person left a question unanswered. */
export const askNewRevision = async (
  services: Services,
  project: ProjectNode,
  argument: unknown,
): Promise<AskedRevision | undefined> => {
  const head = await chooseHead(services, project);
  if (head === undefined) return undefined;
  const message = readText(argument, "message") ?? (await askMessage(project));
  if (message === undefined) return undefined;
  return { command: ["revision", "-m", message, ...(head === "" ? [] : ["--head", head])] };
};

const askMessage = async (project: ProjectNode): Promise<string | undefined> => {
  const text = await vscode.window.showInputBox({
    title: t("New Revision of {0}", project.name),
    prompt: t("What does it do? The message is the first line of the file and part of its name."),
    placeHolder: t("add email to users"),
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === "" ? t("A revision needs a message.") : undefined),
  });
  return text?.trim();
};

/** "" where Alembic finds it alone. */
const chooseHead = async (services: Services, project: ProjectNode): Promise<string | undefined> => {
  if (project.heads.length < 2) return "";
  const [last] = services.memory.recall(project, "head");
  const heads = project.revisions.filter((one) => project.heads.includes(one.id));
  const ordered = [...heads.filter((one) => one.id === last), ...heads.filter((one) => one.id !== last)];
  const applied = appliedIn(services, project);
  const choice = await vscode.window.showQuickPick(
    ordered.map((revision) => ({ ...toPickItem(revision, applied), detail: plain(nameRevision(revision)), revision })),
    { title: "Retort", placeHolder: t("The history has several heads. On which does the new revision stand?") },
  );
  if (choice === undefined) return undefined;
  await services.memory.keep(project, "head", [choice.revision.id]);
  return choice.revision.id;
};
