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
    "Retort asks the server's own views who is at work and how large tables are, in read-only transactions of five seconds. No table is read. It asks again while the view is open, until this window is closed.",
  ];
  if (!(await confirmModal(log.mask(`Look into ${about.name}?`), log.mask(detail.join("\n\n")), "Look"))) return;
  look.allow(project);
  await database.refresh();
};

const words: Record<
  Signal,
  { readonly question: string; readonly button: string; readonly consequence: string; readonly done: string }
> = {
  cancel: {
    question: "Stop the statement of",
    button: "Stop Statement",
    consequence:
      "The statement ends with an error, as by Ctrl+C, and its transaction is rolled back. The session stays.",
    done: "was asked to stop its statement",
  },
  end: {
    question: "End the session",
    button: "End Session",
    consequence: "Its connection is closed and its transaction rolled back: what it has not committed is lost.",
    done: "was ended",
  },
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
  const { question, button, consequence, done } = words[kind];
  const statement = session.statement.replaceAll(/\s+/g, " ").slice(0, 200);
  const detail = [
    ...about.reasons,
    [
      `Database: ${about.name}`,
      `Process: ${String(session.pid)}${session.client === "" ? "" : ` from ${session.client}`}`,
      ...(session.user === "" ? [] : [`User: ${session.user}`]),
      `State: ${stateInWords(session)}`,
      ...(statement === "" ? [] : [statement]),
    ].join("\n"),
    consequence,
  ];
  const message = `${question} “${nameSession(session)}”?`;
  if (!(await confirmModal(log.mask(message), log.mask(detail.join("\n\n")), button))) return;
  const answer = await look.signal(project, session, kind);
  if (!answer.ok) showFailure(t("Nothing was done. {0}", answer.reason), {}, log);
  else
    showResult(
      answer.isDone
        ? `The session “${nameSession(session)}” ${done}.`
        : t("The session is gone already; nothing was done."),
      log,
    );
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
