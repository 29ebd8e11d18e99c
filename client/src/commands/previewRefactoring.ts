import * as vscode from "vscode";
import type { PreviewAnswer, PreviewRequest } from "../../../server/src/protocol/index.ts";
import type { Services } from "../services.ts";
import type { CommandHandler } from "./handler.ts";

/** Shows what a refactoring would make, file by file, and makes it only when asked to. */
export const previewRefactoring: CommandHandler = async (services, argument) => {
  const request = readRequest(argument) ?? requestForActiveEditor();
  if (request === undefined) {
    await vscode.window.showInformationMessage("Open a revision file to preview its split.");
    return;
  }
  const answer = await services.engine.preview(request);
  if (!answer.ok) {
    await vscode.window.showInformationMessage(`This migration cannot be split safely: ${answer.reason}`);
    return;
  }
  await openDiffs(services, answer);
  const apply = "Apply";
  const text = [
    `${answer.title}: ${String(answer.parts.length)} revisions, nothing is changed yet.`,
    ...answer.notes,
  ].join(" ");
  const choice = await vscode.window.showInformationMessage(text, apply, "Discard");
  if (choice === undefined) return;
  if (choice === apply) {
    const problem = await services.engine.apply(request);
    if (problem !== undefined) {
      await vscode.window.showErrorMessage(`Nothing was changed. ${problem}`);
      return;
    }
  }
  await closeTab(titleOf(answer));
};

type Preview = Extract<PreviewAnswer, { ok: true }>;

const titleOf = (answer: Preview): string => `Preview: ${answer.title}`;

const openDiffs = async ({ documents }: Services, answer: Preview): Promise<void> => {
  const resources = answer.parts.map((part, index) => {
    const uri = vscode.Uri.parse(part.uri);
    const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
    const folder = `preview/${String(index + 1)} ${part.title.replaceAll("/", " ")}`;
    return [
      documents.put(folder, name, part.after),
      documents.put(`${folder}/before`, name, part.before),
      documents.put(folder, name, part.after),
    ];
  });
  await vscode.commands.executeCommand("vscode.changes", titleOf(answer), resources);
};

const closeTab = async (title: string): Promise<void> => {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.label === title);
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
};

const readRequest = (argument: unknown): PreviewRequest | undefined =>
  typeof argument === "object" &&
  argument !== null &&
  "uri" in argument &&
  typeof argument.uri === "string" &&
  "refactoring" in argument &&
  typeof argument.refactoring === "string"
    ? { uri: argument.uri, refactoring: argument.refactoring }
    : undefined;

const requestForActiveEditor = (): PreviewRequest | undefined => {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === "python"
    ? { uri: document.uri.toString(), refactoring: "split-mixed-migration" }
    : undefined;
};
