import * as vscode from "vscode";
import { showResult } from "../dialogs.ts";
import { t } from "../l10n.ts";
import type { CommandHandler } from "./handler.ts";
import { plain } from "../plain.ts";

/** The page of the rule: that of a link, of the finding at the cursor, or of one that is chosen. */
export const explainFinding: CommandHandler = async ({ pages, log }, argument) => {
  const id = typeof argument === "string" ? argument : await chooseFinding(await pages.ids());
  if (id === undefined || (await pages.open(id))) return;
  showResult(t("There is no page for this finding."), log);
};

const chooseFinding = async (pages: readonly string[]): Promise<string | undefined> => {
  const found = findingsInEditor();
  const here = [...new Set(found.filter(({ isHere }) => isHere).map(({ id }) => id))];
  if (here.length === 1) return here[0];
  const first = here.length > 0 ? here : [...new Set(found.map(({ id }) => id))];
  const items = [
    ...first.map((id) => ({ id, label: id, description: plain(messageOf(found, id)) })),
    ...pages.filter((id) => !first.includes(id)).map((id) => ({ id, label: id, description: "" })),
  ];
  const choice = await vscode.window.showQuickPick(items, {
    title: "Retort",
    placeHolder: t("Explain which finding?"),
    matchOnDescription: true,
  });
  return choice?.id;
};

interface Found {
  readonly id: string;
  readonly message: string;
  readonly isHere: boolean;
}

const messageOf = (found: readonly Found[], id: string): string => found.find((one) => one.id === id)?.message ?? "";

const findingsInEditor = (): readonly Found[] => {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return [];
  return vscode.languages.getDiagnostics(editor.document.uri).flatMap(({ code, message, range, source }) => {
    const id = typeof code === "object" ? code.value : code;
    if (source !== "retort" || typeof id !== "string") return [];
    return [
      { id, message, isHere: editor.selections.some((selection) => range.intersection(selection) !== undefined) },
    ];
  });
};
