import * as vscode from "vscode";
import { toPgTarget } from "../../../server/src/database/pg-target.ts";
import { readStatistics } from "../../../server/src/database/statistics.ts";
import { parseDatabaseUrl, renderDatabase } from "../../../server/src/database/url.ts";
import { askInBackground, showFailure, showResult, showToolsProblem } from "../dialogs.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject } from "./target.ts";
import { t } from "../l10n.ts";
import { plain } from "../plain.ts";
import { isVirtual } from "../virtual.ts";

/** Reads how large the tables of the dev database are, and has hovers say so until the window is closed. */
export const readSizes: CommandHandler = async (services, argument) => {
  const { engine, log, sources } = services;
  if (!vscode.workspace.isTrusted) return showToolsProblem({ kind: "restricted" }, log);
  const project = await findProject(services, argument);
  if (project === undefined) return;
  if (isVirtual(project)) return showToolsProblem({ kind: "virtual" }, log);
  const source = await sources.find(project);
  if (source === undefined) {
    const setUrl = {
      [t("Set Database URL")]: async () =>
        void (await vscode.commands.executeCommand("retort.setDatabaseUrl", argument)),
    };
    return askInBackground(t("No database URL is known for {0}.", project.name), setUrl, log);
  }
  const url = parseDatabaseUrl(source.url);
  const environment = await sources.environmentOf(project);
  const target = url && toPgTarget(url, environment);
  if (url === undefined || target === undefined)
    return showFailure(t("Sizes are read from PostgreSQL only, and {0} names something else.", source.from), {}, log);
  const database = renderDatabase(url, environment);
  const answer = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: plain(t("Reading table sizes of {0}…", database)) },
    () => readStatistics(target),
  );
  if (!answer.ok) return showFailure(t("The sizes could not be read. {0}", answer.reason), {}, log);
  const { tables } = answer.value;
  const taken = await engine.sizes({ projectId: project.id, statistics: JSON.stringify(answer.value) });
  if (!taken.ok) return showFailure(t("The sizes could not be shown. {0}", taken.reason), {}, log);
  log.info(`Sizes of ${String(tables.length)} tables of ${database} (by ${source.from})`);
  showResult(t("Hovers now tell the sizes of {0} tables of {1}.", tables.length, database), log);
};
