import * as vscode from "vscode";
import type { PreviewAnswer, PreviewRequest, WireRange } from "../../../server/src/protocol/index.ts";
import type { Services } from "../services.ts";
import { askInBackground, showFailure, showResult } from "../dialogs.ts";
import type { CommandHandler } from "./handler.ts";
import { t } from "../l10n.ts";

/** Shows what a refactoring would make, file by file, and makes it only when asked to. */
export const previewRefactoring: CommandHandler = async (services, argument) => {
  const request = readRequest(argument) ?? requestForActiveEditor();
  if (request === undefined) {
    askInBackground(t("Open a revision file to preview its split."), {}, services.log);
    return;
  }
  const answer = await services.engine.preview(request);
  if (!answer.ok) {
    askInBackground(t("This cannot be done safely here: {0}", answer.reason), {}, services.log);
    return;
  }
  await openDiffs(services, answer);
  const text = [t("{0}: {1}, nothing is changed yet.", answer.title, filesOf(answer)), ...answer.notes];
  const close = (): Promise<void> => closeTab(titleOf(answer));
  askInBackground(
    text.join(" "),
    {
      [t("Apply")]: async () => {
        const problem = await services.engine.apply(request);
        if (problem === undefined) {
          await close();
          await vscode.window.showTextDocument(vscode.Uri.parse(request.uri));
          showResult(t("{0}: done, in {1}. No database was touched.", answer.title, filesOf(answer)), services.log);
        } else showFailure(t("Nothing was changed. {0}", problem), {}, services.log);
      },
      [t("Discard")]: close,
    },
    services.log,
  );
};

type Preview = Extract<PreviewAnswer, { ok: true }>;

const filesOf = ({ parts }: Preview): string => (parts.length === 1 ? t("one file") : t("{0} files", parts.length));

const titleOf = (answer: Preview): string => t("Preview: {0}", answer.title);

/** One tab for all parts. A new file has no other side; both sides of a changed one bear the same name, or it would count as renamed. */
const openDiffs = async ({ documents }: Services, answer: Preview): Promise<void> => {
  const resources = answer.parts.map((part) => {
    const path = vscode.Uri.parse(part.uri).path;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const after = documents.put("after", name, part.after);
    return [after, part.isNew ? undefined : documents.put("before", name, part.before), after];
  });
  await vscode.commands.executeCommand("vscode.changes", titleOf(answer), resources);
};

/** The editor adds the number of files to the title. */
const closeTab = async (title: string): Promise<void> => {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.label.startsWith(title));
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
};

const readRequest = (argument: unknown): PreviewRequest | undefined =>
  typeof argument === "object" &&
  argument !== null &&
  "uri" in argument &&
  typeof argument.uri === "string" &&
  "refactoring" in argument &&
  typeof argument.refactoring === "string"
    ? {
        uri: argument.uri,
        refactoring: argument.refactoring,
        ...("range" in argument && isRange(argument.range) ? { range: argument.range } : {}),
      }
    : undefined;

const isRange = (value: unknown): value is WireRange =>
  typeof value === "object" && value !== null && "start" in value && "end" in value;

const requestForActiveEditor = (): PreviewRequest | undefined => {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === "python"
    ? { uri: document.uri.toString(), refactoring: "split-mixed-migration" }
    : undefined;
};
