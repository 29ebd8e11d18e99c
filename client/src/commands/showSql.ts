import * as vscode from "vscode";
import { failureOf } from "../alembic/current.ts";
import { sqlOfRevision } from "../alembic/output.ts";
import { startAlembic } from "../alembic/process.ts";
import { saveFirst, showFailure, showToolsProblem } from "../dialogs.ts";
import { shortId } from "../alembic/wording.ts";
import type { CommandHandler } from "./handler.ts";
import { findTarget } from "./target.ts";

/** Alembic's offline mode, for this revision alone: one bad file elsewhere in the history does not matter. */
export const showSql: CommandHandler = async (services, argument) => {
  const { documents, log, toolchain } = services;
  const target = await findTarget(services, argument, "Show the SQL of which revision?");
  if (target === undefined) return;
  const { project, revision } = target;
  const found = await toolchain.find(project);
  if (found.kind !== "tools") return showToolsProblem(found, log);
  if (!(await saveFirst(new Set([vscode.Uri.parse(revision.uri).toString()])))) return;
  const [parent] = revision.parents;
  const range = `${parent ?? "base"}:${revision.id}`;
  const finished = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Writing the SQL of ${shortId(revision.id)}…`,
      cancellable: true,
    },
    (_, token) => {
      const running = startAlembic({ ...found.tools, command: ["upgrade", range, "--sql"] });
      log.info(`$ ${running.commandLine}`);
      token.onCancellationRequested(running.interrupt);
      return running.finished;
    },
  );
  if (finished.exitCode !== 0) {
    for (const line of finished.stderr.trimEnd().split("\n")) log.warn(line);
    const failure = failureOf(finished, found.tools.folder);
    return showFailure(`The SQL cannot be written without a database. ${failure.reason}`, failure, log);
  }
  const sql = sqlOfRevision(finished.stdout, revision.id) ?? finished.stdout;
  const name = `${shortId(revision.id)} ${revision.message}`.trim().replaceAll(/[\\/:*?"<>|]+/g, " ");
  const uri = documents.put(`sql/${revision.id}`, `${name}.sql`, sql);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(await vscode.languages.setTextDocumentLanguage(document, "sql"), {
    preview: true,
  });
};
