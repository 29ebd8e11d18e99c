import * as vscode from "vscode";
import { executeOrTell } from "../alembic/execute.ts";
import { showToolsProblem } from "../dialogs.ts";
import type { Services } from "../services.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject, findTarget } from "./target.ts";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import { t } from "../l10n.ts";

const ranges = [
  { label: t("The whole history"), range: "" },
  { label: t("What is pending"), description: t("from the current revision to the heads"), range: "current:heads" },
  { label: t("What is applied"), description: t("from the base to the current revision"), range: "base:current" },
] as const;

/** Alembic's own account of the history, as a document. */
export const history: CommandHandler = async (services, argument) => {
  const project = await findProject(services, argument);
  if (project === undefined) return;
  const [last] = services.memory.recall(project, "historyRange");
  const ordered = [...ranges.filter(({ range }) => range === last), ...ranges.filter(({ range }) => range !== last)];
  const choice = await vscode.window.showQuickPick(ordered, { title: t("History"), placeHolder: t("Which part?") });
  if (choice === undefined) return;
  await services.memory.keep(project, "historyRange", [choice.range]);
  // Only a part that the database decides needs a database.
  const range = choice.range === "" ? [] : ["-r", choice.range];
  const text = await askText(services, project, ["history", "--verbose", ...range]);
  if (text !== undefined)
    await showText(services, `history/${project.id}`, `${t("History of {0}", project.name)}.txt`, text);
};

/** Alembic's own account of one revision. */
export const showRevision: CommandHandler = async (services, argument) => {
  const target = await findTarget(services, argument, t("Show which revision?"));
  if (target === undefined) return;
  const { project, revision } = target;
  const text = await askText(services, project, ["show", revision.id]);
  if (text !== undefined)
    await showText(services, `show/${revision.id}`, `${t("Revision {0}", revision.id)}.txt`, text);
};

const askText = async (
  services: Services,
  project: ProjectNode,
  command: readonly string[],
): Promise<string | undefined> => {
  const found = await services.toolchain.find(project);
  if (found.kind !== "tools") {
    showToolsProblem(found, services.log);
    return undefined;
  }
  const execution = { tools: found.tools, command, title: t("Asking Alembic about {0}…", project.name) };
  return executeOrTell(services, execution, t("Alembic could not tell."));
};

const showText = async ({ documents, log }: Services, key: string, name: string, text: string): Promise<void> => {
  const uri = documents.put(key, name.replaceAll(/[\\/:*?"<>|]+/g, " "), log.mask(text));
  await vscode.window.showTextDocument(uri, { preview: true });
};
