import * as vscode from "vscode";
import { noFilter, sortNames, type Sort } from "../views/revisions/filter.ts";
import type { CommandHandler } from "./handler.ts";
import { t } from "../l10n.ts";

interface SortItem extends vscode.QuickPickItem {
  readonly sort: Sort;
}

/** What is typed and ticked is shown in the view at once; Escape takes it back. */
export const filterRevisions: CommandHandler = ({ view }) => {
  const before = view.filter();
  const pick = vscode.window.createQuickPick<SortItem>();
  pick.title = t("Filter Revisions");
  pick.placeholder = t("Words of the message, the id, the file or a label; and tick what to show");
  pick.canSelectMany = true;
  pick.items = (Object.keys(sortNames) as Sort[]).map((sort) => ({
    label: capitalize(sortNames[sort]),
    sort,
    // They are no results of what is typed.
    alwaysShow: true,
  }));
  pick.selectedItems = pick.items.filter(({ sort }) => before.sorts.has(sort));
  pick.value = before.text;
  let isAccepted = false;
  let timer: NodeJS.Timeout | undefined;
  const show = (): void => {
    view.setFilter({ text: pick.value, sorts: new Set(pick.selectedItems.map(({ sort }) => sort)) });
  };
  const showSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(show, 120);
  };
  pick.onDidChangeValue(showSoon);
  pick.onDidChangeSelection(showSoon);
  pick.onDidAccept(() => {
    isAccepted = true;
    clearTimeout(timer);
    show();
    pick.hide();
  });
  return new Promise((resolve) => {
    pick.onDidHide(() => {
      clearTimeout(timer);
      if (!isAccepted) view.setFilter(before);
      pick.dispose();
      resolve();
    });
    pick.show();
  });
};

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const clearFilter: CommandHandler = ({ view }) => {
  view.setFilter(noFilter);
  return Promise.resolve();
};
