/** What every run begins with: tools, saved files, and Alembic's own word on which database it is and where that stands. */
import * as vscode from "vscode";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import { askInBackground, saveFirst, showFailure, showToolsProblem } from "../dialogs.ts";
import type { Services } from "../services.ts";
import { askCurrent } from "./current.ts";
import type { CurrentDatabase, Failure } from "./output.ts";
import { findApplied, type Applied } from "./plan.ts";
import type { Tools } from "./toolchain.ts";
import { t } from "../l10n.ts";
import { plain } from "../plain.ts";

export interface Prepared {
  readonly tools: Tools;
  /** As it is once files are saved. */
  readonly node: ProjectNode;
  readonly databases: readonly CurrentDatabase[];
  readonly applied: Applied;
}

export interface PrepareOptions {
  /** A database at a revision that the project does not have is no obstacle. */
  readonly mayBeUnknown?: boolean;
  /** What is said of an obstacle to it: `Nothing was run.` */
  readonly otherwise?: string;
}

/** Undefined where it cannot begin, which has been said, or where the person would rather not. */
export const prepare = async (
  services: Services,
  project: ProjectNode,
  options: PrepareOptions = {},
): Promise<Prepared | undefined> => {
  const { log, toolchain, projects } = services;
  const found = await toolchain.find(project);
  if (found.kind !== "tools") {
    showToolsProblem(found, log);
    return undefined;
  }
  if (!(await saveFirst(new Set(project.revisions.map((one) => vscode.Uri.parse(one.uri).toString())))))
    return undefined;
  // Saving may have changed the history that was known when the command began.
  await projects.reload();
  const node = projects.find(project.id)?.node ?? project;
  const databases = await askDatabases(services, { tools: found.tools, node, options });
  if (databases === undefined) return undefined;
  const applied = findApplied(node.revisions, [...new Set(databases.flatMap((one) => one.versions))]);
  return { tools: found.tools, node, databases, applied };
};

interface Asked {
  readonly tools: Tools;
  readonly node: ProjectNode;
  readonly options: PrepareOptions;
}

/** Alembic's own word, from the project's own env.py: not what a setting or the config says. */
const askDatabases = async (
  { log, standings }: Services,
  { tools, node, options }: Asked,
): Promise<readonly CurrentDatabase[] | undefined> => {
  let cancelled = false;
  const answer = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: plain(t("Asking Alembic where {0} stands…", node.name)),
      cancellable: true,
    },
    (_, token) =>
      askCurrent(tools, log, {
        onStart: (interrupt) =>
          token.onCancellationRequested(() => {
            cancelled = true;
            interrupt();
          }),
      }),
  );
  const [only] = answer.databases;
  if (only !== undefined && answer.databases.length === 1) await standings.learn(node, only.url);
  if (answer.kind === "databases") return answer.databases;
  const unknown = answer.failure.unknownRevision;
  if (unknown !== undefined && options.mayBeUnknown === true)
    return answer.databases.map((database, index) =>
      index === answer.databases.length - 1 ? { ...database, versions: [...database.versions, unknown] } : database,
    );
  if (!cancelled && unknown !== undefined) {
    const where = t("The database is at {0}, and no revision file has that id.", unknown);
    const text = `${options.otherwise ?? t("Nothing was run.")} ${where}`;
    const look = async (): Promise<void> =>
      void (await vscode.commands.executeCommand("retort.findRevision", { projectId: node.id, revision: unknown }));
    askInBackground(log.mask(text), { [t("Find It")]: look }, log);
  } else if (!cancelled) {
    const { reason, place } = explain(answer.failure, node);
    showFailure(`${options.otherwise ?? t("Nothing was run.")} ${reason}`, place === undefined ? {} : { place }, log);
  }
  return undefined;
};

/** Alembic's word for a broken history is a KeyError: what the server found in it says more, and where. */
const explain = (failure: Failure, node: ProjectNode): Pick<Failure, "reason" | "place"> => {
  const [problem] = node.problems;
  if (failure.isConnection || problem === undefined) return failure;
  const place = { file: vscode.Uri.parse(problem.uri).fsPath, line: problem.range.start.line + 1 };
  return { reason: `${problem.message} (${failure.reason})`, place };
};
