/** Links to pages from outside of the editor. What a link names is checked: anybody can write one. */
import * as vscode from "vscode";
import { showResult } from "../dialogs.ts";
import { t } from "../l10n.ts";
import { wordsOf, type Log } from "../log.ts";
import { idInLink, type Pages } from "./pages.ts";

export const registerLinks = (context: vscode.ExtensionContext, pages: Pages, log: Log): void => {
  const follow = async (uri: vscode.Uri): Promise<void> => {
    const id = idInLink(uri);
    if (id === undefined || !(await pages.open(id))) showResult(t("The link leads to no page of Retort."), log);
  };
  context.subscriptions.push(
    vscode.window.registerUriHandler({
      handleUri: (uri) => {
        follow(uri).catch((error: unknown) => {
          log.error(wordsOf(error));
        });
      },
    }),
  );
};
