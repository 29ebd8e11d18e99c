/** Puts the parts together; what each does is its own affair. */
import "./language.ts";
import * as vscode from "vscode";
import { interruptAll } from "./alembic/progress.ts";
import { createRunProblems } from "./alembic/problems.ts";
import { createToolchain } from "./alembic/toolchain.ts";
import { registerCommands } from "./commands/index.ts";
import { createGrowingMask } from "../../server/src/database/mask.ts";
import { createStandingReader } from "./database/read.ts";
import { createDatabaseSources } from "./database/sources.ts";
import { createPages, registerPageDocuments } from "./documents/pages.ts";
import { registerLinks } from "./documents/links.ts";
import { createVirtualDocuments } from "./documents/virtual.ts";
import { createEngine } from "./engine.ts";
import { registerLenses } from "./lenses/provider.ts";
import { createLog, wordsOf } from "./log.ts";
import { createMemory } from "./memory.ts";
import { createProjects } from "./projects.ts";
import { createDatabaseLook } from "./database/overview.ts";
import { registerDatabaseView } from "./views/database/tree.ts";
import { registerStatusItem } from "./views/status/item.ts";
import { createAuthors } from "./views/graph/authors.ts";
import { registerGraphPage } from "./views/graph/panel.ts";
import { createResources } from "./resources.ts";
import type { Services } from "./services.ts";
import { registerTasks } from "./tasks/provider.ts";
import { registerTests } from "./testing/controller.ts";
import { registerRevisionsView } from "./views/revisions/tree.ts";
import { watchSurroundings } from "./watch.ts";

export const activate = async (context: vscode.ExtensionContext): Promise<void> => {
  const mask = createGrowingMask();
  const log = createLog(context, mask.mask);
  const engine = createEngine(context);
  const sources = createDatabaseSources(context.secrets, mask);
  const memory = createMemory(context.workspaceState, context.secrets, mask);
  const toolchain = createToolchain(sources, memory, log);
  const standings = createStandingReader(sources, toolchain, log);
  const projects = createProjects({ engine, standings, toolchain, log });
  const documents = createVirtualDocuments(context);
  const pages = createPages(context.extensionUri);
  const runProblems = createRunProblems(context, mask.mask);
  const view = registerRevisionsView(context, projects);
  const graph = registerGraphPage(context, { engine, projects, authors: createAuthors(), log });
  const look = createDatabaseLook(sources, standings, log);
  const database = registerDatabaseView(context, { engine, projects, look, log });
  registerStatusItem(context, projects, log);
  const services: Services = {
    ...{ engine, projects, toolchain, sources, standings, documents, pages, memory, runProblems, log },
    ...{ view, graph, look, database },
    resources: createResources(context),
  };
  registerCommands(context, services);
  registerTasks(context, services);
  registerLinks(context, pages, log);
  registerPageDocuments(context);
  registerTests(context, services);
  registerLenses(context, { engine, projects });
  watchSurroundings(context, { engine, projects, toolchain, log });
  try {
    await engine.start();
    await projects.reload();
  } catch (error) {
    log.error(`The language server did not start: ${wordsOf(error)}`);
    await projects.reload();
  }
};

export const deactivate = (): void => {
  interruptAll();
};
