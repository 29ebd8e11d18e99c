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
import { compareCatalogs, readCatalog, type Catalog } from "../../../server/src/database/catalog.ts";
import { ask } from "../../../server/src/database/connect.ts";
import { toPgTarget, type PgTarget } from "../../../server/src/database/pg-target.ts";
import { parseDatabaseUrl } from "../../../server/src/database/url.ts";
import { makeThrowaway } from "../database/throwaway.ts";
import type { Services } from "../services.ts";
import { t } from "../l10n.ts";

/** A large schema takes a moment to be written down. */
const patience = { connect: 5_000, query: 30_000 };

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
    const target = postgresTarget(throwaway.url, found.tools.environment);
    if (tested.mode === "roundTrip" && target === undefined)
      tested.run.appendOutput(`${t("The schema before and after is compared on PostgreSQL only.")}\r\n`);
    await testEach(services, tested, { tools, target });
  } finally {
    await throwaway.remove();
  }
};

const itemsOf = ({ project, revisions, itemFor }: Tested): vscode.TestItem[] =>
  revisions.flatMap((revision) => itemFor(project, revision) ?? []);

interface Ground {
  readonly tools: Tools;
  /** The throwaway database; undefined where it is not PostgreSQL's. */
  readonly target: PgTarget | undefined;
}

const postgresTarget = (url: string, environment: NodeJS.ProcessEnv): PgTarget | undefined => {
  const parsed = parseDatabaseUrl(url);
  return parsed === undefined ? undefined : toPgTarget(parsed, environment);
};

const testEach = async (services: Services, tested: Tested, ground: Ground): Promise<void> => {
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
    const { broken: stop, problem } = await testOne(services, { ...tested, ...ground, item, revision, done });
    if (!stop) done.push(revision.id);
    if (problem === undefined) run.passed(item, Date.now() - began);
    else if (token.isCancellationRequested) run.skipped(item);
    else {
      // What is applied all the same is good ground for those that stand on it.
      if (stop) failed.add(revision.id);
      run.failed(item, problem, Date.now() - began);
    }
  }
};

interface One extends Tested, Ground {
  readonly item: vscode.TestItem;
  readonly revision: RevisionNode;
  /** Revisions that are applied on the throwaway database, and all that they stand on. */
  readonly done: readonly string[];
}

interface Result {
  /** The revision is not applied in the end. */
  readonly broken: boolean;
  readonly problem?: vscode.TestMessage;
}

const testOne = (services: Services, one: One): Promise<Result> =>
  one.mode === "up" ? runAll(services, one, [["upgrade", one.revision.id]]) : roundTrip(services, one);

const runAll = async (services: Services, one: One, commands: readonly (readonly string[])[]): Promise<Result> => {
  for (const command of commands) {
    const problem = await runOne(services, one, command);
    if (problem !== undefined) return { broken: true, problem };
  }
  return { broken: false };
};

/** Up, down and up again; the way back has to give the schema that was there, the second way up that of the first. */
const roundTrip = async (services: Services, one: One): Promise<Result> => {
  const { project, revision, done } = one;
  const known = findApplied(project.revisions, done).ids;
  const ground = [...revision.parents, ...revision.dependsOn].filter((id) => !known.has(id));
  const applied = findApplied(project.revisions, [...done, revision.id]);
  const up = ["upgrade", revision.id];
  const down = ["downgrade", undoTarget(project, applied, revision)];
  const prepared = await runAll(
    services,
    one,
    ground.map((id) => ["upgrade", id]),
  );
  if (prepared.broken) return prepared;
  const before = await catalogOf(one);
  const first = await runAll(services, one, [up]);
  if (first.broken) return first;
  const upgraded = await catalogOf(one);
  const back = await runAll(services, one, [down]);
  if (back.broken) return back;
  const after = await catalogOf(one);
  const again = await runAll(services, one, [up]);
  if (again.broken) return again;
  const differences = [
    ...describeDifference(t("The downgrade does not bring the schema back:"), before, after),
    ...describeDifference(t("The second upgrade gives another schema than the first:"), upgraded, await catalogOf(one)),
  ];
  if (differences.length === 0) return { broken: false };
  for (const line of differences) one.run.appendOutput(`${line}\r\n`, undefined, one.item);
  const problem = new vscode.TestMessage(differences.join("\n"));
  problem.location = startOf(revision);
  return { broken: false, problem };
};

const catalogOf = async ({ target, project, run, item }: One): Promise<Catalog | undefined> => {
  if (target === undefined) return undefined;
  const what = t("The schema of the throwaway database");
  const read = await ask(target, what, (client) => readCatalog(client, tableOf(project)), patience);
  if (read.ok) return read.value;
  run.appendOutput(
    `${t("The schema could not be read, so it is not compared. {0}", read.reason)}\r\n`,
    undefined,
    item,
  );
  return undefined;
};

/** Without its schema. */
const tableOf = ({ versionTable }: ProjectNode): string => versionTable.slice(versionTable.lastIndexOf(".") + 1);

/** More would hide the first. */
const most = 20;

/** Nothing where one of them could not be read. */
const describeDifference = (title: string, before: Catalog | undefined, after: Catalog | undefined): string[] => {
  if (before === undefined || after === undefined) return [];
  const { missing, added } = compareCatalogs(before, after);
  const lines = [...missing.map((line) => t("missing: {0}", line)), ...added.map((line) => t("new: {0}", line))];
  if (lines.length === 0) return [];
  const rest = lines.length - most;
  return [title, ...lines.slice(0, most), ...(rest > 0 ? [t("and {0} more", rest)] : [])];
};

const startOf = (revision: RevisionNode): vscode.Location =>
  new vscode.Location(vscode.Uri.parse(revision.uri), new vscode.Position(0, 0));

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
      ? startOf(revision)
      : new vscode.Location(vscode.Uri.file(place.file), new vscode.Position(Math.max(0, place.line - 1), 0));
  return message;
};
