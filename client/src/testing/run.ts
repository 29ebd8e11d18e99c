/** Runs revisions on a database that is made for it and gone afterwards; the dev database is not touched. */
import * as vscode from "vscode";
import type { ProjectNode, RevisionNode } from "../../../server/src/protocol/index.ts";
import { askCurrent, failureOf } from "../alembic/current.ts";
import { mayMakeThrowaway } from "../alembic/judge.ts";
import { undoTarget, findApplied } from "../alembic/plan.ts";
import { startAlembic } from "../alembic/process.ts";
import { isRedirected, redirect } from "../alembic/redirected.ts";
import type { Tools } from "../alembic/toolchain.ts";
import { shortId } from "../alembic/wording.ts";
import { makeThrowaway } from "../database/throwaway.ts";
import type { Services } from "../services.ts";
import { t } from "../l10n.ts";

export type Mode = "up" | "roundTrip";

export interface Tested {
  readonly project: ProjectNode;
  /** In the order in which they run. */
  readonly revisions: readonly RevisionNode[];
  readonly mode: Mode;
  readonly run: vscode.TestRun;
  readonly token: vscode.CancellationToken;
  readonly itemFor: (project: ProjectNode, revision: RevisionNode) => vscode.TestItem | undefined;
}

export const testRevisions = async (services: Services, tested: Tested): Promise<void> => {
  const refuse = (reason: string): void => {
    const message = new vscode.TestMessage(services.log.mask(reason));
    tested.run.appendOutput(`${services.log.mask(reason)}\r\n`);
    for (const item of itemsOf(tested)) tested.run.errored(item, message);
  };
  const { project } = tested;
  const found = await services.toolchain.find(project);
  if (found.kind === "restricted") return refuse(t("Nothing runs in Restricted Mode."));
  if (found.kind === "virtual") return refuse(t("Nothing runs in a workspace that lies on no disk."));
  if (found.kind === "noConfig") return refuse(t("There is no config file that Alembic could run with."));
  if (found.kind === "noInterpreter")
    return refuse(t("No Python that can run Alembic was found. Tried: {0}", found.tried.join(" ")));
  const source = await services.sources.find(project);
  if (source === undefined)
    return refuse(t("No database URL is known, so there is no server for a throwaway database."));
  if (!(await mayMakeThrowaway(services, { node: project, tools: found.tools }, source)))
    return refuse(t("No throwaway database was made."));
  const made = await makeThrowaway(source.url, found.tools.environment);
  if (!made.ok) return refuse(t("No throwaway database could be made. {0}", made.reason));
  const { throwaway } = made;
  try {
    const tools = redirect(found.tools, throwaway.url, source.calledBy);
    if (typeof tools === "string") return refuse(tools);
    const current = await askCurrent(tools, services.log);
    if (current.kind === "failed") return refuse(t("Alembic does not run. {0}", current.failure.reason));
    if (!isRedirected(current.databases, throwaway.name))
      return refuse(
        t(
          "env.py takes the database neither from the config nor from the environment, so it cannot be led to a throwaway database. Nothing was run.",
        ),
      );
    tested.run.appendOutput(`${t("On the throwaway database {0}.", throwaway.name)}\r\n`);
    await testEach(services, tested, tools);
  } finally {
    await throwaway.remove();
  }
};

const itemsOf = ({ project, revisions, itemFor }: Tested): vscode.TestItem[] =>
  revisions.flatMap((revision) => itemFor(project, revision) ?? []);

const testEach = async (services: Services, tested: Tested, tools: Tools): Promise<void> => {
  const { project, run, token } = tested;
  for (const item of itemsOf(tested)) run.enqueued(item);
  const done: string[] = [];
  const failed = new Set<string>();
  for (const revision of tested.revisions) {
    const item = tested.itemFor(project, revision);
    if (item === undefined) continue;
    const ancestors = findApplied(project.revisions, [revision.id]).ids;
    const broken = [...failed].find((id) => ancestors.has(id));
    if (token.isCancellationRequested || broken !== undefined) {
      if (broken !== undefined)
        run.appendOutput(`${t("It stands on {0}, which failed.", shortId(broken))}\r\n`, undefined, item);
      run.skipped(item);
      continue;
    }
    run.started(item);
    const began = Date.now();
    const problem = await testOne(services, { ...tested, item, revision, done, tools });
    if (problem === undefined) {
      done.push(revision.id);
      run.passed(item, Date.now() - began);
    } else if (token.isCancellationRequested) run.skipped(item);
    else {
      failed.add(revision.id);
      run.failed(item, problem, Date.now() - began);
    }
  }
};

interface One extends Tested {
  readonly item: vscode.TestItem;
  readonly revision: RevisionNode;
  /** Revisions that are applied on the throwaway database, and all that they stand on. */
  readonly done: readonly string[];
  readonly tools: Tools;
}

/** What went wrong; undefined where nothing did. */
const testOne = async (services: Services, one: One): Promise<vscode.TestMessage | undefined> => {
  const { project, revision, done } = one;
  const up = ["upgrade", revision.id];
  const applied = findApplied(project.revisions, [...done, revision.id]);
  const commands = one.mode === "up" ? [up] : [up, ["downgrade", undoTarget(project, applied, revision)], up];
  for (const command of commands) {
    const problem = await runOne(services, one, command);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

const runOne = async (
  { log }: Services,
  { run, item, token, tools, revision }: One,
  command: readonly string[],
): Promise<vscode.TestMessage | undefined> => {
  const running = startAlembic({
    ...tools,
    command,
    onLine: (line) => {
      run.appendOutput(`${log.mask(line)}\r\n`, undefined, item);
    },
  });
  run.appendOutput(`$ alembic ${command.join(" ")}\r\n`, undefined, item);
  const cancellation = token.onCancellationRequested(running.interrupt);
  const finished = await running.finished;
  cancellation.dispose();
  if (finished.exitCode === 0) return undefined;
  const failure = failureOf(finished, tools.folder);
  const sql = failure.sql === undefined ? [] : [`SQL: ${failure.sql}`];
  const text = [
    t("{0} failed: {1}", `alembic ${command.join(" ")}`, failure.reason),
    ...(failure.hints ?? []),
    ...sql,
  ].join("\n");
  const message = new vscode.TestMessage(log.mask(text));
  const file = vscode.Uri.parse(revision.uri).fsPath;
  const place = failure.places?.find((one) => one.file === file) ?? failure.place;
  message.location =
    place === undefined
      ? new vscode.Location(vscode.Uri.parse(revision.uri), new vscode.Position(0, 0))
      : new vscode.Location(vscode.Uri.file(place.file), new vscode.Position(Math.max(0, place.line - 1), 0));
  return message;
};
