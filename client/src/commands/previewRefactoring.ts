import * as vscode from "vscode";
import type { PreviewAnswer, PreviewRequest } from "../../../server/src/protocol/index.ts";
import type { Services } from "../services.ts";
import { askInBackground } from "../dialogs.ts";
import type { CommandHandler } from "./handler.ts";

/** Shows what a refactoring would make, file by file, and makes it only when asked to. */
export const previewRefactoring: CommandHandler = async (services, argument) => {
  const request = readRequest(argument) ?? requestForActiveEditor();
  if (request === undefined) {
    askInBackground("Open a revision file to preview its split.", {}, services.log);
    return;
  }
  const answer = await services.engine.preview(request);
  if (!answer.ok) {
    askInBackground(`This migration cannot be split safely: ${answer.reason}`, {}, services.log);
    return;
  }
  await openDiffs(services, answer);
  const text = [`${answer.title}: ${String(answer.parts.length)} revisions, nothing is changed yet.`, ...answer.notes];
  const close = (): Promise<void> => closeTab(titleOf(answer));
  askInBackground(
    text.join(" "),
    {
      Apply: async () => {
        const problem = await services.engine.apply(request);
        if (problem === undefined) await close();
        else await vscode.window.showErrorMessage(`Nothing was changed. ${problem}`);
      },
      Discard: close,
    },
    services.log,
  );
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
