/** Questions and answers that several commands share. Escape always means no. */
import * as vscode from "vscode";
import type { Failure } from "./alembic/output.ts";
import type { ToolsFound } from "./alembic/toolchain.ts";
import { wordsOf, type Log } from "./log.ts";
import { t } from "./l10n.ts";
import { plain } from "./plain.ts";

const showLogButton = t("Show Log");

/**
 * Messages stay until somebody reads them, and a command is over before that: whoever waits for it must not wait for a
 * click, and the next run must not be held up by the last one's result.
 */
const inBackground = (log: Log, action: () => Promise<void>): void => {
  action().catch((error: unknown) => {
    log.error(wordsOf(error));
  });
};

/** Says why Alembic cannot run, and offers the way out. */
export const showToolsProblem = (problem: Exclude<ToolsFound, { kind: "tools" }>, log: Log): void => {
  inBackground(log, async () => {
    switch (problem.kind) {
      case "restricted": {
        const manage = t("Manage Trust");
        const text = t("Retort runs nothing in Restricted Mode. Trust this folder to run its migrations.");
        if ((await vscode.window.showWarningMessage(text, manage)) === manage)
          await vscode.commands.executeCommand("workbench.trust.manage");
        return;
      }
      case "virtual":
        await vscode.window.showWarningMessage(
          t(
            "These files lie on no disk, where Python and Alembic could run with them. Clone the repository to migrate.",
          ),
        );
        return;
      case "noConfig":
        await vscode.window.showErrorMessage(
          t("There is no alembic.ini or pyproject.toml that Alembic could run these revisions from."),
        );
        return;
      case "noInterpreter": {
        const select = t("Select Interpreter");
        const text = t("No Python that can run Alembic was found. Tried: {0}", problem.tried.join(" "));
        const choice = await vscode.window.showErrorMessage(plain(text), select, showLogButton);
        if (choice === select) await vscode.commands.executeCommand("retort.selectInterpreter");
        if (choice === showLogButton) log.show();
      }
    }
  });
};

/** An error of Alembic, with ways to the line of the project where it arose and to the log. */
export const showFailure = (text: string, failure: Pick<Failure, "place">, log: Log): void => {
  inBackground(log, async () => {
    const { place } = failure;
    const open = place === undefined ? undefined : t("Open Line {0}", place.line);
    const buttons = [...(open === undefined ? [] : [open]), showLogButton];
    const choice = await vscode.window.showErrorMessage(plain(log.mask(text)), ...buttons);
    if (choice === showLogButton) log.show();
    if (choice !== undefined && choice === open && place !== undefined) {
      const line = Math.max(0, place.line - 1);
      const selection = new vscode.Range(line, 0, line, 0);
      await vscode.window.showTextDocument(vscode.Uri.file(place.file), { selection });
    }
  });
};

export const showResult = (text: string, log: Log): void => {
  inBackground(log, async () => {
    if ((await vscode.window.showInformationMessage(plain(log.mask(text)), showLogButton)) === showLogButton)
      log.show();
  });
};

/** A question with buttons that may stay unanswered for as long as the person likes. */
export const askInBackground = (
  text: string,
  answers: Readonly<Record<string, () => Promise<void>>>,
  log: Log,
): void => {
  inBackground(log, async () => {
    const choice = await vscode.window.showInformationMessage(plain(log.mask(text)), ...Object.keys(answers));
    if (choice !== undefined) await answers[choice]?.();
  });
};

/** True only if the person pressed the button. */
export const confirmModal = async (message: string, detail: string, button: string): Promise<boolean> =>
  (await vscode.window.showWarningMessage(message, { modal: true, detail }, button)) === button;

/** Offers to save changed revision files; false where the person would rather not go on. */
export const saveFirst = async (uris: ReadonlySet<string>): Promise<boolean> => {
  const unsaved = vscode.workspace.textDocuments.filter((one) => one.isDirty && uris.has(one.uri.toString()));
  if (unsaved.length === 0) return true;
  const names = unsaved.map((one) => vscode.workspace.asRelativePath(one.uri)).join(", ");
  const save = t("Save and Continue");
  const without = t("Continue Without Saving");
  const detail = t("Alembic reads the files from disk: {0}", names);
  const message =
    unsaved.length === 1 ? t("A revision file is not saved.") : t("{0} revision files are not saved.", unsaved.length);
  const choice = await vscode.window.showWarningMessage(message, { modal: true, detail }, save, without);
  if (choice === save) return (await Promise.all(unsaved.map((one) => one.save()))).every(Boolean);
  return choice === without;
};
