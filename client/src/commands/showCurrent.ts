import * as vscode from "vscode";
import { askCurrent } from "../alembic/current.ts";
import { showFailure, showResult, showToolsProblem } from "../dialogs.ts";
import { parseDatabaseUrl, renderDatabase } from "../../../server/src/database/url.ts";
import { describePosition } from "../alembic/wording.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject } from "./target.ts";
import { t } from "../l10n.ts";
import { plain } from "../plain.ts";

/** Asks the project's own Alembic, so that the answer is about the database which a run would change. */
export const showCurrent: CommandHandler = async (services, argument) => {
  const { log, projects, standings, toolchain, view } = services;
  const project = await findProject(services, argument);
  if (project === undefined) return;
  const found = await toolchain.find(project);
  if (found.kind !== "tools") return showToolsProblem(found, log);
  const answer = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: plain(t("Asking Alembic where {0} stands…", project.name)),
      cancellable: true,
    },
    (_, token) => askCurrent(found.tools, log, { onStart: (interrupt) => token.onCancellationRequested(interrupt) }),
  );
  if (answer.kind === "failed")
    return showFailure(t("Alembic could not tell. {0}", answer.failure.reason), answer.failure, log);
  const lines = answer.databases.map(({ url, versions }) => {
    const parsed = parseDatabaseUrl(url);
    const name = parsed === undefined ? url : renderDatabase(parsed, found.tools.environment);
    return `${name}: ${describePosition(project, versions)}.`;
  });
  const [only] = answer.databases;
  if (only !== undefined && answer.databases.length === 1) await standings.learn(project, only.url);
  await projects.readStandings([project.id]);
  const version = only?.versions[0];
  if (version !== undefined) await view.reveal(project.id, version);
  showResult(lines.join(" ") || t("Alembic did not say where the database stands."), log);
};
