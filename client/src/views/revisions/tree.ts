/** The view "Revisions". */
import * as vscode from "vscode";
import type { Projects } from "../../projects.ts";
import { registerDecorations } from "./decorations.ts";
import { toItem } from "./item.ts";
import { isFiltering, noFilter, type Filter } from "./filter.ts";
import { buildRows, type Row } from "./model.ts";

export interface RevisionsView {
  /** Shows and selects the row of a revision. */
  readonly reveal: (projectId: string, revision: string) => Promise<void>;
  readonly filter: () => Filter;
  readonly setFilter: (filter: Filter) => void;
}

export const registerRevisionsView = (context: vscode.ExtensionContext, projects: Projects): RevisionsView => {
  const changed = new vscode.EventEmitter<void>();
  let rows: readonly Row[] = [];
  let filter = noFilter;
  /** Made when somebody asks: of ten thousand rows few are ever shown. */
  let parents: ReadonlyMap<string, Row> | undefined;
  const rebuild = (): void => {
    rows = buildRows(projects.all(), projects.problems(), filter);
    parents = undefined;
    changed.fire();
  };
  const view = vscode.window.createTreeView<Row>("retort.revisions", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (row) => (row === undefined ? [...rows] : "children" in row ? [...row.children] : []),
      getParent: (row) => (parents ??= parentsIn(rows)).get(row.key),
      getTreeItem: (row) => toItem(row, Date.now()),
    },
    showCollapseAll: false,
  });
  const setContext = (): void => {
    for (const [key, value] of Object.entries(contextKeys(projects)))
      void vscode.commands.executeCommand("setContext", key, value);
  };
  const update = (): void => {
    setContext();
    rebuild();
  };
  registerDecorations(context, projects);
  context.subscriptions.push(
    changed,
    view,
    projects.onDidChange(update),
    view.onDidChangeVisibility(({ visible }) => projects.setWatched("revisions", visible)),
  );
  update();
  if (view.visible) void projects.setWatched("revisions", true);
  return {
    reveal: async (projectId, revision) => {
      const row = allRows(rows).find(
        (one) => one.kind === "revision" && one.projectId === projectId && one.revision.id === revision,
      );
      if (row !== undefined && view.visible) await view.reveal(row, { select: true, focus: false });
    },
    filter: () => filter,
    setFilter: (value) => {
      filter = value;
      void vscode.commands.executeCommand("setContext", "retort.filtered", isFiltering(filter));
      rebuild();
    },
  };
};

const allRows = (rows: readonly Row[]): readonly Row[] =>
  rows.flatMap((row) => ("children" in row ? [row, ...allRows(row.children)] : [row]));

const parentsIn = (rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(
    allRows(rows).flatMap((row) => ("children" in row ? row.children.map((child) => [child.key, row] as const) : [])),
  );

/** What welcome texts and menus ask for. */
const contextKeys = (projects: Projects): Record<string, unknown> => {
  const all = projects.all();
  const [first] = all;
  return {
    "retort.phase": projects.phase(),
    "retort.hasProjects": all.length > 0,
    "retort.hasSeveralHeads": all.some((project) => project.node.heads.length > 1),
    "retort.hasRevisions": all.some((project) => project.node.revisions.length > 0),
    "retort.standing": first?.standing.kind ?? "unread",
    "retort.interpreterMissing": all.some((project) => project.interpreterMissing !== undefined),
    "retort.running": all.some((project) => project.running !== undefined),
  };
};
