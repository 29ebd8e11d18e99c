/** Stops what a session of the database does, or ends it: after a question that says who it is. */
import type { Session, Signal } from "../../../server/src/database/sessions.ts";
import { confirmModal, showFailure, showResult, showToolsProblem } from "../dialogs.ts";
import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { nameSession, stateInWords } from "../views/database/sessions.ts";
import type { CommandHandler } from "./handler.ts";
import { findProject } from "./target.ts";
import { t } from "../l10n.ts";

export const stopStatement: CommandHandler = (services, argument) => signal(services, argument, "cancel");
export const endSession: CommandHandler = (services, argument) => signal(services, argument, "end");

/** Reads who is at work and how large tables are, of a database that may not be one for development. */
export const lookIntoDatabase: CommandHandler = async (services, argument) => {
  const { look, database, log } = services;
  if (!vscode.workspace.isTrusted) return showToolsProblem({ kind: "restricted" }, log);
  const project = await findProject(services, argument);
  if (project === undefined) return;
  const about = await look.describe(project);
  if (about === undefined) return;
  const detail = [
    ...about.reasons,
    t(
      "Retort asks the server's own views who is at work and how large tables are, in read-only transactions of five seconds. No table is read. It asks again while the view is open, until this window is closed.",
    ),
  ];
  const message = t("Look into {0}?", about.name);
  if (!(await confirmModal(log.mask(message), log.mask(detail.join("\n\n")), t("Look")))) return;
  look.allow(project);
  await database.refresh();
};

interface Words {
  readonly question: string;
  readonly button: string;
  readonly consequence: string;
  readonly done: string;
}

const wordsOf = (kind: Signal, session: string): Words => {
  switch (kind) {
    case "cancel":
      return {
        question: t("Stop the statement of “{0}”?", session),
        button: t("Stop Statement"),
        consequence: t(
          "The statement ends with an error, as by Ctrl+C, and its transaction is rolled back. The session stays.",
        ),
        done: t("The session “{0}” was asked to stop its statement.", session),
      };
    case "end":
      return {
        question: t("End the session “{0}”?", session),
        button: t("End Session"),
        consequence: t("Its connection is closed and its transaction rolled back: what it has not committed is lost."),
        done: t("The session “{0}” was ended.", session),
      };
  }
};

const signal = async (services: Services, argument: unknown, kind: Signal): Promise<void> => {
  const { look, database, log } = services;
  if (!vscode.workspace.isTrusted) return showToolsProblem({ kind: "restricted" }, log);
  const session = readSession(argument);
  const project = session && (await findProject(services, argument));
  if (session === undefined || project === undefined)
    return showResult(t("Choose a session in the view “Database”."), log);
  const about = await look.describe(project);
  if (about === undefined) return;
  const { question, button, consequence, done } = wordsOf(kind, nameSession(session));
  const statement = session.statement.replaceAll(/\s+/g, " ").slice(0, 200);
  const detail = [
    ...about.reasons,
    [
      t("Database: {0}", about.name),
      session.client === "" ? t("Process: {0}", session.pid) : t("Process: {0} from {1}", session.pid, session.client),
      ...(session.user === "" ? [] : [t("User: {0}", session.user)]),
      t("State: {0}", stateInWords(session)),
      ...(statement === "" ? [] : [statement]),
    ].join("\n"),
    consequence,
  ];
  if (!(await confirmModal(log.mask(question), log.mask(detail.join("\n\n")), button))) return;
  const answer = await look.signal(project, session, kind);
  if (!answer.ok) showFailure(t("Nothing was done. {0}", answer.reason), {}, log);
  else showResult(answer.isDone ? done : t("The session is gone already; nothing was done."), log);
  await database.refresh();
};

const readSession = (argument: unknown): Session | undefined => {
  if (typeof argument !== "object" || argument === null || !("session" in argument)) return undefined;
  const { session } = argument;
  // Rows of our own view are all that has one.
  return typeof session === "object" && session !== null && "pid" in session && typeof session.pid === "number"
    ? (session as Session)
    : undefined;
};
