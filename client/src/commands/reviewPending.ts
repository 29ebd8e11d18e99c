import * as vscode from "vscode";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import { planUpgrade } from "../alembic/plan.ts";
import { describePosition } from "../alembic/wording.ts";
import { showFailure, showResult } from "../dialogs.ts";
import type { Services } from "../services.ts";
import type { CommandHandler } from "./handler.ts";
import { appliedIn, findProject } from "./target.ts";
import { t } from "../l10n.ts";

/** The checklist before a deployment as a page. Files are read, nothing runs: it works in Restricted Mode too. */
export const reviewPending: CommandHandler = async (services, argument) => {
  const { engine, documents, log } = services;
  const project = await findProject(services, argument);
  if (project === undefined) return;
  const chosen = choose(services, project);
  if (chosen.revisions.length === 0) return showResult(t("Nothing is pending, so there is nothing to review."), log);
  const answer = await engine.review({ projectId: project.id, ...chosen });
  if (!answer.ok) return showFailure(t("There is no review. {0}", answer.reason), {}, log);
  const uri = documents.put(`review/${project.id}`, `${t("Review of {0}", project.name)}.md`, answer.markdown);
  await showPage(uri);
};

/** As a preview; as text where the editor's own Markdown extension is turned off. */
const showPage = async (uri: vscode.Uri): Promise<void> => {
  // Opened first, so that the text is kept for as long as the preview reads it.
  const document = await vscode.workspace.openTextDocument(uri);
  try {
    await vscode.commands.executeCommand("markdown.showPreview", uri);
  } catch {
    await vscode.window.showTextDocument(document);
  }
};

/** What is pending on the dev database; where nobody knows that, what is at the heads, and the page says so. */
const choose = (
  services: Services,
  project: ProjectNode,
): { readonly revisions: readonly string[]; readonly title: string; readonly lead: string } => {
  const applied = appliedIn(services, project);
  const view = services.projects.find(project.id);
  if (applied === undefined || view?.standing.kind !== "known") {
    const revisions = [...project.revisions].reverse().filter((one) => one.isHead);
    return {
      revisions: revisions.map(({ id }) => id),
      title: t("Review of the newest revisions of {0}", project.name),
      lead: t("Where the database stands is not known, so this is about the heads of the history."),
    };
  }
  const revisions = planUpgrade(project.revisions, applied, project.heads);
  const count = revisions.length === 1 ? t("one pending revision") : t("{0} pending revisions", revisions.length);
  return {
    revisions: revisions.map(({ id }) => id),
    title: t("Review of {0} of {1}", count, project.name),
    lead: t(
      "{0} is {1}. Alembic runs the revisions in this order.",
      view.standing.database,
      describePosition(project, view.standing.versions),
    ),
  };
};
