/** The item in the status bar: it leads to the view. */
import * as vscode from "vscode";
import type { Log } from "../../log.ts";
import type { Projects } from "../../projects.ts";
import { describeStatus } from "./model.ts";
import { t } from "../../l10n.ts";

export const registerStatusItem = (context: vscode.ExtensionContext, projects: Projects, log: Log): void => {
  const item = vscode.window.createStatusBarItem("retort.status", vscode.StatusBarAlignment.Left, 0);
  item.name = t("Retort: State of Migrations");
  item.command = "retort.revisions.focus";
  const update = (): void => {
    const status = describeStatus(projects.all());
    if (status === undefined) {
      item.hide();
      return;
    }
    const tooltip = log.mask(status.tooltip);
    item.text = status.text;
    item.tooltip = tooltip;
    item.backgroundColor = status.isBroken ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    const words = status.text.replace(/^\$\([^)]*\) /, "");
    item.accessibilityInformation = { label: `Retort: ${words}. ${tooltip}`, role: "button" };
    item.show();
  };
  context.subscriptions.push(item, projects.onDidChange(update));
  update();
};
