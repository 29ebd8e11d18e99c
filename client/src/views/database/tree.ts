/** The view "Database". */
import * as vscode from "vscode";
import type { Glance } from "../../../../server/src/protocol/index.ts";
import { findApplied, planUpgrade } from "../../alembic/plan.ts";
import type { DatabaseLook, Overview } from "../../database/overview.ts";
import type { Engine } from "../../engine.ts";
import { wordsOf, type Log } from "../../log.ts";
import type { Projects } from "../../projects.ts";
import { statusItem } from "../revisions/item.ts";
import type { ProjectView } from "../revisions/model.ts";
import { buildDatabaseRows, type DatabaseRow, type Line } from "./model.ts";

export interface DatabaseView {
  /** Asks again who is at work, and how large tables are. */
  readonly refresh: () => Promise<void>;
}

export interface DatabaseParts {
  readonly engine: Engine;
  readonly projects: Projects;
  readonly look: DatabaseLook;
  readonly log: Log;
}

/** Who looks at sessions wants to see them change; a look takes a few milliseconds. */
const restingTime = 10_000;
/** What more revisions than these would lock, nobody upgrades in one go. */
const mostGlances = 200;

export const registerDatabaseView = (
  context: vscode.ExtensionContext,
  { engine, projects, look, log }: DatabaseParts,
): DatabaseView => {
  const changed = new vscode.EventEmitter<void>();
  const overviews = new Map<string, Overview>();
  const glances = new Map<string, ReadonlyMap<string, Glance>>();
  let shown = "";
  let looking: { readonly sizes: boolean; readonly done: Promise<void> } | undefined;
  let rows: readonly DatabaseRow[] = [];

  const rebuild = (): void => {
    rows = buildDatabaseRows(projects.all(), (id) => ({
      overview: overviews.get(id) ?? { kind: "unread" },
      glances: glances.get(id) ?? new Map(),
    }));
    // Seconds pass; the view is made anew only when it says something else.
    const text = JSON.stringify(rows);
    if (text !== shown) changed.fire();
    shown = text;
  };

  const askGlances = async ({ node, standing }: ProjectView): Promise<void> => {
    if (standing.kind !== "known") return;
    const applied = findApplied(node.revisions, standing.versions);
    const pending = planUpgrade(node.revisions, applied, node.heads).slice(0, mostGlances);
    const answer = await engine.glances({ projectId: node.id, ids: pending.map(({ id }) => id) });
    glances.set(node.id, new Map(answer.glances.map((one) => [one.id, one])));
  };

  const lookAt = async (project: ProjectView, sizes: boolean): Promise<void> => {
    const { id } = project.node;
    if (project.standing.kind !== "known") return;
    try {
      const before = overviews.get(id) ?? { kind: "unread" };
      const [overview] = await Promise.all([
        look.read(project.node, before, sizes),
        sizes ? askGlances(project) : undefined,
      ]);
      overviews.set(id, overview);
    } catch (error) {
      overviews.set(id, { kind: "failed", reason: log.mask(wordsOf(error)) });
    }
  };

  /** One look at a time; whoever comes during one has its answer, if it answers enough. */
  const lookAtAll = (sizes: boolean): Promise<void> => {
    if (looking !== undefined && (looking.sizes || !sizes)) return looking.done;
    const before = looking?.done ?? Promise.resolve();
    const done = before
      .then(() => Promise.all(projects.all().map((project) => lookAt(project, sizes))))
      .then(() => {
        if (looking?.done === done) looking = undefined;
        rebuild();
      });
    looking = { sizes, done };
    return done;
  };

  const view = vscode.window.createTreeView<DatabaseRow>("retort.database", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (row) => (row === undefined ? [...rows] : row.kind === "line" ? [...row.children] : []),
      getTreeItem: (row) => (row.kind === "line" ? toItem(row, log) : statusItem(row)),
    },
    showCollapseAll: true,
  });
  const run = (action: Promise<void>): void => {
    action.catch((error: unknown) => {
      log.error(wordsOf(error));
    });
  };
  const timer = setInterval(() => {
    if (view.visible && vscode.window.state.focused) run(lookAtAll(false));
  }, restingTime);
  /** The standing, and what is pending, are what sizes and locks are asked for. */
  let lookedFor = "";
  const update = (): void => {
    rebuild();
    if (!view.visible) return;
    const wanted = JSON.stringify(
      projects
        .all()
        .map(({ node, standing }) => [node.id, standing, node.heads, node.revisions.map(({ id }) => id).length]),
    );
    if (wanted === lookedFor) return;
    lookedFor = wanted;
    run(lookAtAll(true));
  };
  context.subscriptions.push(
    changed,
    view,
    {
      dispose: () => {
        clearInterval(timer);
      },
    },
    projects.onDidChange(update),
    // Somebody types: what is pending may lock other tables now. The database is none the wiser.
    engine.onProjectsChanged(() => {
      if (view.visible) run(Promise.all(projects.all().map(askGlances)).then(rebuild));
    }),
    view.onDidChangeVisibility(({ visible }) => {
      run(projects.setWatched("database", visible));
      if (visible) update();
    }),
  );
  rebuild();
  if (view.visible) {
    run(projects.setWatched("database", true));
    update();
  }
  return {
    refresh: async () => {
      if (view.visible) await lookAtAll(true);
    },
  };
};

const colours = { warning: "list.warningForeground", error: "list.errorForeground" } as const;

const toItem = (row: Line, log: Log): vscode.TreeItem => {
  const { children, isOpen, tone, command, revision } = row;
  const state = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(
    log.mask(row.label),
    children.length === 0 ? state.None : isOpen ? state.Expanded : state.Collapsed,
  );
  item.id = row.key;
  item.iconPath = new vscode.ThemeIcon(row.icon, tone && new vscode.ThemeColor(colours[tone]));
  item.description = log.mask(row.description);
  item.contextValue = row.context;
  item.tooltip = log.mask([row.label, ...row.details].join("\n"));
  item.accessibilityInformation = {
    label: log.mask([row.label, row.description, ...row.details].filter(Boolean).join(", ")),
  };
  if (command?.id === "vscode.open" && revision !== undefined)
    item.command = { command: command.id, title: command.title, arguments: [vscode.Uri.parse(revision.uri)] };
  else if (command !== undefined && command.id !== "vscode.open")
    item.command = { command: command.id, title: command.title, arguments: [row] };
  return item;
};
