import * as vscode from "vscode";
import type { SummaryAnswer } from "../../../server/src/protocol/index.ts";
import { alone } from "../alembic/alone.ts";
import { findCreated } from "../alembic/created.ts";
import { executeOrTell } from "../alembic/execute.ts";
import { migrate } from "../alembic/migrate.ts";
import { planUpgrade } from "../alembic/plan.ts";
import { prepare, type Prepared } from "../alembic/prepare.ts";
import { renderSummary, type SummaryQuestion } from "../alembic/summary.ts";
import { countPending, describeVersions } from "../alembic/wording.ts";
import { askInBackground, showResult } from "../dialogs.ts";
import type { Services } from "../services.ts";
import { askNewRevision } from "./newRevision.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject } from "./target.ts";
import { t } from "../l10n.ts";

/** A revision from the difference between models and database, and what is in it before anybody runs it. */
export const autogenerate: CommandHandler = async (services, argument) => {
  const project = await findProject(services, argument);
  if (project === undefined) return;
  const prepared = await prepare(services, project, { otherwise: t("No revision was made.") });
  if (prepared === undefined || !(await isUpToDate(services, prepared))) return;
  const asked = await askNewRevision(services, prepared.node, argument);
  if (asked === undefined) return;
  const file = await alone(services, prepared.node, async () => {
    const { tools, node } = prepared;
    const command = [...asked.command, "--autogenerate"];
    const execution = { tools, command, title: t("Comparing the models of {0} with the database…", node.name) };
    const stdout = await executeOrTell(services, execution, t("No revision was made."));
    return stdout === undefined ? undefined : findCreated(services, node, stdout);
  });
  if (file === undefined) return;
  await vscode.window.showTextDocument(file, { preview: false });
  await review(services, file);
};

/** Alembic refuses to compare with a database that is behind; true where it is not, or is no longer. */
const isUpToDate = async (services: Services, { node, applied }: Prepared): Promise<boolean> => {
  const pending = countPending(node, applied);
  if (pending === 0 || node.heads.every((head) => applied.ids.has(head))) return true;
  const upgrade = t("Upgrade First");
  const message = t("The database is not up to date: {0}, {1} pending.", describeVersions(applied), pending);
  const detail = t("Models are compared with the database as it is, so it has to be at head first.");
  if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, upgrade)) !== upgrade) return false;
  return migrate(services, node, {
    direction: "upgrade",
    plan: (now, at) =>
      Promise.resolve({
        argument: "heads",
        revisions: planUpgrade(now.revisions, at, now.heads),
        target: t("all heads"),
      }),
  });
};

/** The server hears of a new file in its own time. */
const attempts = 50;
const pause = 200;

const askSummary = async ({ engine }: Services, file: vscode.Uri): Promise<SummaryAnswer> => {
  for (let attempt = 1; ; attempt++) {
    const answer = await engine.summary(file.toString());
    if (answer.ok || attempt === attempts) return answer;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
};

const review = async (services: Services, file: vscode.Uri): Promise<void> => {
  const summary = await askSummary(services, file);
  if (!summary.ok) return showResult(t("The revision was made. {0}", summary.reason), services.log);
  const question = renderSummary(summary);
  if (question.isModal) return askToKeep(services, question, file);
  const answers = question.isEmpty ? { [t("Delete")]: () => remove(services, file) } : {};
  askInBackground([question.message, question.detail].filter(Boolean).join(" "), answers, services.log);
};

/** Escape keeps the file: nothing that was made is thrown away without a word. */
const askToKeep = async (services: Services, { message, detail }: SummaryQuestion, file: vscode.Uri): Promise<void> => {
  const away = t("Delete");
  const choice = await vscode.window.showWarningMessage(message, { modal: true, detail }, t("Open"), away);
  if (choice === away) await remove(services, file);
};

const remove = async ({ projects }: Services, file: vscode.Uri): Promise<void> => {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === file.toString());
  await vscode.window.tabGroups.close(tabs);
  await vscode.workspace.fs.delete(file, { useTrash: false });
  // Until the server has heard of it, the next command would count what is gone.
  const isKnown = (): boolean =>
    projects.all().some(({ node }) => node.revisions.some(({ uri }) => uri === file.toString()));
  for (let attempt = 1; isKnown() && attempt <= attempts; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    await projects.reload();
  }
};
