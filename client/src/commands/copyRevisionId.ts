import * as vscode from "vscode";
import type { CommandHandler } from "./handler.ts";
import { findTarget } from "./target.ts";
import { t } from "../l10n.ts";

export const copyRevisionId: CommandHandler = async (services, argument) => {
  const target = await findTarget(services, argument, t("Copy the id of which revision?"));
  if (target !== undefined) await vscode.env.clipboard.writeText(target.revision.id);
};
