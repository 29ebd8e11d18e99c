/** The graph of a project's history, in an editor of its own. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { Engine } from "../../engine.ts";
import { wordsOf, type Log } from "../../log.ts";
import type { Projects } from "../../projects.ts";
import type { ProjectView } from "../revisions/model.ts";
import type { Authors } from "./authors.ts";
import { headActions, runHeadAction } from "./heads.ts";
import { renderShell } from "./html.ts";
import { readFromPage, type FromPage, type PageRow, type ToPage } from "./messages.ts";
import { renderMermaid } from "./mermaid.ts";
import { buildPageRows, countLanes, describeProject } from "./rows.ts";
import { renderSvg } from "./svg.ts";
import { t } from "../../l10n.ts";
import { isVirtual } from "../../virtual.ts";

export interface GraphPage {
  /** Opens the page, or brings it to the front; at a project and a revision where they are given. */
  readonly show: (projectId?: string, revision?: string) => void;
}

export interface GraphParts {
  readonly engine: Engine;
  readonly projects: Projects;
  readonly authors: Authors;
  readonly log: Log;
}

const viewType = "retort.graph";
/** Rows of one message. What has not changed since it was sent is not sent again. */
const pageSize = 500;

export const registerGraphPage = (context: vscode.ExtensionContext, parts: GraphParts): GraphPage => {
  const dist = vscode.Uri.joinPath(context.extensionUri, "dist");
  const options: vscode.WebviewOptions = { enableScripts: true, enableCommandUris: false, localResourceRoots: [dist] };
  let open: { readonly panel: vscode.WebviewPanel; readonly page: OpenPage } | undefined;
  const adopt = (panel: vscode.WebviewPanel, projectId?: string, revision?: string): void => {
    open?.panel.dispose();
    panel.webview.options = options;
    const media = (name: string): vscode.Uri => vscode.Uri.joinPath(context.extensionUri, "media", name);
    panel.iconPath = { light: media("retort-light.svg"), dark: media("retort-dark.svg") };
    const page = openPage(panel, parts, projectId, revision);
    open = { panel, page };
    panel.onDidDispose(() => {
      page.dispose();
      if (open?.panel === panel) open = undefined;
    });
    const asset = (name: string): string => panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
    panel.webview.html = renderShell({
      nonce: randomBytes(16).toString("base64"),
      script: asset("graph.js"),
      style: asset("graph.css"),
      styleSource: panel.webview.cspSource,
      language: { code: vscode.env.language, words: vscode.l10n.bundle },
    });
  };
  context.subscriptions.push(
    vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: (panel) => {
        adopt(panel);
        return Promise.resolve();
      },
    }),
    { dispose: () => open?.panel.dispose() },
  );
  return {
    show: (projectId, revision) => {
      if (open === undefined)
        adopt(
          vscode.window.createWebviewPanel(viewType, t("Graph"), vscode.ViewColumn.Active, options),
          projectId,
          revision,
        );
      else {
        open.panel.reveal();
        open.page.reveal(projectId, revision);
      }
    },
  };
};

interface OpenPage {
  readonly reveal: (projectId?: string, revision?: string) => void;
  readonly dispose: () => void;
}

const openPage = (
  panel: vscode.WebviewPanel,
  { engine, projects, authors, log }: GraphParts,
  firstProject?: string,
  firstRevision?: string,
): OpenPage => {
  let chosen = firstProject;
  let wanted = firstRevision;
  let isReady = false;
  let sent: readonly string[] = [];
  let sentFor: string | undefined;
  let lastProject = "";

  const post = (message: ToPage): void => {
    panel.webview.postMessage(message).then(undefined, (error: unknown) => {
      log.warn(wordsOf(error));
    });
  };
  const current = (): ProjectView | undefined => projects.find(chosen ?? "") ?? projects.all()[0];
  const rowsOf = (project: ProjectView): PageRow[] =>
    buildPageRows(project, Date.now(), authors.of(project.node, update));

  const update = (): void => {
    // A page that is hidden is put away, and asks for everything when it comes back.
    if (!isReady || !panel.visible) return;
    const project = current();
    if (project === undefined) {
      sent = [];
      lastProject = "";
      post({ type: "nothing", why: whyNothing(projects.phase()) });
      return;
    }
    chosen = project.node.id;
    const rows = rowsOf(project);
    panel.title = t("Graph: {0}", project.node.name);
    const isTrusted = vscode.workspace.isTrusted && !isVirtual(project.node);
    const message: ToPage = {
      type: "project",
      project: describeProject(project, rows, { isTrusted, headActions: headActions() }),
      projects: projects.all().map(({ node }) => ({ id: node.id, name: node.name })),
    };
    const text = JSON.stringify(message);
    if (text !== lastProject) post(message);
    lastProject = text;
    sendRows(project.node.id, rows);
  };

  const sendRows = (projectId: string, rows: readonly PageRow[]): void => {
    const pages = Array.from({ length: Math.ceil(rows.length / pageSize) }, (_, index) =>
      rows.slice(index * pageSize, (index + 1) * pageSize),
    );
    const texts = pages.map((page) => JSON.stringify(page));
    const before = sentFor === projectId ? sent : [];
    pages.forEach((page, index) => {
      if (before[index] !== texts[index]) post({ type: "rows", projectId, from: index * pageSize, rows: page });
    });
    sent = texts;
    sentFor = projectId;
    const target = wanted;
    wanted = undefined;
    if (target !== undefined) post({ type: "reveal", projectId, id: target });
  };

  const answer = async (message: FromPage): Promise<void> => {
    switch (message.type) {
      case "ready":
        isReady = true;
        sent = [];
        lastProject = "";
        chosen ??= message.projectId;
        return update();
      case "choose":
        chosen = message.projectId;
        return update();
      case "glances": {
        const { projectId } = message;
        const { glances } = await engine.glances({ projectId, ids: message.ids });
        return post({ type: "glances", projectId, glances });
      }
      case "operations": {
        const { projectId, id } = message;
        return post({ type: "operations", projectId, id, answer: await engine.operations({ projectId, id }) });
      }
      case "open":
        return openRevision(message);
      case "run":
        await vscode.commands.executeCommand(message.command, { projectId: message.projectId, revision: message.id });
        return;
      case "heads":
        return runHeadAction(projects.find(message.projectId)?.node, message.action);
      case "export":
        return exportGraph(message);
    }
  };

  /** By the address that the server gave, never by what the page says. */
  const openRevision = async ({ projectId, id, line }: Extract<FromPage, { type: "open" }>): Promise<void> => {
    const revision = projects.find(projectId)?.node.revisions.find((one) => one.id === id);
    if (revision === undefined) return;
    const selection = line === undefined ? {} : { selection: new vscode.Range(line, 0, line, 0) };
    await vscode.window.showTextDocument(vscode.Uri.parse(revision.uri), { preview: true, ...selection });
  };

  const exportGraph = async ({ projectId, format }: Extract<FromPage, { type: "export" }>): Promise<void> => {
    const project = projects.find(projectId);
    if (project === undefined) return;
    const rows = rowsOf(project);
    const text =
      format === "svg"
        ? renderSvg(t("Revisions of {0}", project.node.name), countLanes(rows), rows)
        : renderMermaid(rows);
    const extension = format === "svg" ? "svg" : "mmd";
    const folder = vscode.Uri.parse(project.node.folderUri);
    const target = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(folder, `revisions.${extension}`),
      filters: format === "svg" ? { [t("SVG drawing")]: ["svg"] } : { [t("Mermaid diagram")]: ["mmd"] },
      title: t("Save the Graph"),
    });
    if (target === undefined) return;
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    await vscode.commands.executeCommand("vscode.open", target);
  };

  const subscriptions = [
    panel.webview.onDidReceiveMessage((value: unknown) => {
      const message = readFromPage(value);
      if (message === undefined) return;
      answer(message).catch((error: unknown) => {
        log.error(wordsOf(error));
      });
    }),
    projects.onDidChange(update),
    engine.onProjectsChanged(() => {
      post({ type: "stale" });
    }),
    panel.onDidChangeViewState(() => void projects.setWatched("graph", panel.visible)),
  ];
  void projects.setWatched("graph", true);
  return {
    reveal: (projectId, revision) => {
      chosen = projectId ?? chosen;
      wanted = revision;
      update();
    },
    dispose: () => {
      for (const one of subscriptions) one.dispose();
      void projects.setWatched("graph", false);
    },
  };
};

const whyNothing = (phase: ReturnType<Projects["phase"]>): string => {
  if (phase === "loading") return t("Reading the project…");
  return phase === "failed"
    ? t("The language server did not start; its log says why.")
    : t("There is no Alembic project here.");
};
