import * as vscode from "vscode";
import type { CommandHandler } from "./handler.ts";
import { appliedIn, findProject, findTarget, pickRevision } from "./target.ts";
import { t } from "../l10n.ts";

/** What `alembic edit` does, in this editor. */
export const openRevision: CommandHandler = async (services, argument) => {
  const target = await findTarget(services, argument, t("Open which revision?"));
  if (target !== undefined) await vscode.window.showTextDocument(vscode.Uri.parse(target.revision.uri));
};

/** The head; where there are several, the one that is chosen. */
export const openNewest: CommandHandler = async (services, argument) => {
  const project = await findProject(services, argument);
  if (project === undefined) return;
  const heads = project.revisions.filter((one) => one.isHead);
  const [only] = heads;
  const applied = appliedIn(services, project);
  const revision = heads.length === 1 ? only : await pickRevision(heads, t("Open which head?"), { applied });
  if (revision !== undefined) await vscode.window.showTextDocument(vscode.Uri.parse(revision.uri));
};
