import * as vscode from "vscode";
import { parseDatabaseUrl } from "../../../server/src/database/url.ts";
import { showToolsProblem } from "../dialogs.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject } from "./target.ts";
import { t } from "../l10n.ts";
import { isVirtual } from "../virtual.ts";

/** Kept in the editor's secret storage, since a URL mostly holds a password and a setting ends up in a repository. */
export const setDatabaseUrl: CommandHandler = async (services, argument) => {
  const { log, projects, sources } = services;
  if (!vscode.workspace.isTrusted) return showToolsProblem({ kind: "restricted" }, log);
  const project = await findProject(services, argument);
  if (project === undefined) return;
  if (isVirtual(project)) return showToolsProblem({ kind: "virtual" }, log);
  const url = await vscode.window.showInputBox({
    title: t("Database of {0}", project.name),
    prompt: t(
      "A SQLAlchemy URL. Alembic gets it as DATABASE_URL. Leave it empty to use the project's own configuration.",
    ),
    placeHolder: "postgresql://user:password@localhost/database",
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === "" || parseDatabaseUrl(text) !== undefined ? undefined : t("This is not a database URL."),
  });
  if (url === undefined) return;
  await sources.store(project, url.trim());
  await projects.readStandings([project.id]);
};
