/**
 * One upgrade or downgrade from the first question to the last message: which database is it, what would run, may it,
 * run it, where does the database stand now.
 */
import { hostname, networkInterfaces } from "node:os";
import * as vscode from "vscode";
import type { ProjectNode, RevisionNode } from "../../../server/src/protocol/index.ts";
import { guard, type Machine, type Verdict } from "../database/guard.ts";
import type { UrlSource } from "../database/source.ts";
import { parseDatabaseUrl, renderDatabase, sameDatabase, type DatabaseUrl } from "../../../server/src/database/url.ts";
import { confirmModal, saveFirst, showFailure, showResult, showToolsProblem } from "../dialogs.ts";
import type { Services } from "../services.ts";
import { readSettings } from "../settings.ts";
import { describePosition, shortId } from "./wording.ts";
import { renderQuestion } from "./confirm.ts";
import { askCurrent, failureOf } from "./current.ts";
import type { CurrentDatabase, Failure } from "./output.ts";
import { findApplied, type Applied } from "./plan.ts";
import { runWithProgress } from "./progress.ts";
import type { Tools } from "./toolchain.ts";

export interface Planned {
  /** Argument of `alembic upgrade` or `alembic downgrade`. */
  readonly argument: string;
  /** What runs, in that order. */
  readonly revisions: readonly RevisionNode[];
  /** In words: `head`, `3f2a9c1b Add users`. */
  readonly target: string;
}

export interface Migration {
  readonly direction: "upgrade" | "downgrade";
  /** Undefined where the person was asked and said no; a string says why there is nothing to do. */
  readonly plan: (project: ProjectNode, applied: Applied) => Promise<Planned | string | undefined>;
}

const busy = new Set<string>();

export const migrate = async (services: Services, project: ProjectNode, migration: Migration): Promise<void> => {
  if (busy.has(project.id)) {
    showResult(`Alembic is at work on ${project.name}. Wait until it is done, or cancel it.`, services.log);
    return;
  }
  busy.add(project.id);
  try {
    await migrateAlone(services, project, migration);
  } finally {
    busy.delete(project.id);
    services.projects.setRunning(project.id, undefined);
  }
};

const migrateAlone = async (services: Services, project: ProjectNode, migration: Migration): Promise<void> => {
  const { log, toolchain, projects } = services;
  const found = await toolchain.find(project);
  if (found.kind !== "tools") return showToolsProblem(found, log);
  if (!(await saveFirst(new Set(project.revisions.map((one) => vscode.Uri.parse(one.uri).toString()))))) return;
  // Saving may have changed the history that was known when the command began.
  await projects.reload();
  const node = projects.find(project.id)?.node ?? project;

  const databases = await askDatabases(services, found.tools, node);
  if (databases === undefined) return;
  const applied = findApplied(node.revisions, [...new Set(databases.flatMap((one) => one.versions))]);
  const planned = await migration.plan(node, applied);
  if (planned === undefined) return;
  if (typeof planned === "string") return showResult(planned, log);
  if (!(await mayRun(services, { tools: found.tools, node, databases, planned, migration }))) return;
  await run(services, { tools: found.tools, node, databases, planned, migration });
};

/** Alembic's own word, from the project's own env.py: not what a setting or the config says. */
const askDatabases = async (
  { log, standings }: Services,
  tools: Tools,
  node: ProjectNode,
): Promise<readonly CurrentDatabase[] | undefined> => {
  let cancelled = false;
  const answer = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Asking Alembic where ${node.name} stands…`,
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
  if (answer.kind === "databases") {
    const [only] = answer.databases;
    if (only !== undefined && answer.databases.length === 1) await standings.learn(node, only.url);
    return answer.databases;
  }
  if (!cancelled) {
    const { reason, place } = explain(answer.failure, node);
    showFailure(`Nothing was run. ${reason}`, place === undefined ? {} : { place }, log);
  }
  return undefined;
};

/** Alembic's word for a broken history is a KeyError: what the server found in it says more, and where. */
const explain = (failure: Failure, node: ProjectNode): Pick<Failure, "reason" | "place"> => {
  if (failure.unknownRevision !== undefined)
    return { reason: `The database is at ${failure.unknownRevision}, and no revision file has that id.` };
  const [problem] = node.problems;
  if (failure.isConnection || problem === undefined) return failure;
  const place = { file: vscode.Uri.parse(problem.uri).fsPath, line: problem.range.start.line + 1 };
  return { reason: `${problem.message} (${failure.reason})`, place };
};

interface Job {
  readonly tools: Tools;
  readonly node: ProjectNode;
  readonly databases: readonly CurrentDatabase[];
  readonly planned: Planned;
  readonly migration: Migration;
}

const mayRun = async (services: Services, job: Job): Promise<boolean> => {
  const { migration, node, planned } = job;
  const source = await services.sources.find(node);
  const verdict = judge(job, source);
  const always = migration.direction === "downgrade" && confirmsDowngrades(node);
  if (verdict.reasons.length === 0 && !always) return true;
  const { direction } = migration;
  const question = renderQuestion({ direction, target: planned.target, revisions: planned.revisions, verdict });
  const mask = services.log.mask;
  return confirmModal(mask(question.message), mask(question.detail), question.button);
};

/** The guard's verdict, and whether Alembic uses another database than the one that the view shows. */
const judge = ({ databases, node, tools }: Job, source: UrlSource | undefined): Verdict => {
  const machine = thisMachine(tools.environment);
  const shown = source === undefined ? undefined : parseDatabaseUrl(source.url);
  const urls = databases.map(({ url }) => parseDatabaseUrl(url));
  const isShown = (url: DatabaseUrl | undefined): boolean =>
    url !== undefined && shown !== undefined && sameDatabase(url, shown, machine.environment);
  const verdict = guard(
    urls.map((url) => ({
      url,
      calledBy: [node.section, ...(isShown(url) && source !== undefined ? [source.calledBy] : [])],
    })),
    machine,
  );
  const other = urls.find((url) => url !== undefined && !isShown(url));
  if (source === undefined || shown === undefined || other === undefined) return verdict;
  const [theirs, ours] = [other, shown].map((url) => renderDatabase(url, machine.environment));
  const disagreement = `Alembic connects to ${String(theirs)}, while ${source.from} names ${String(ours)}.`;
  return { ...verdict, reasons: [...verdict.reasons, disagreement] };
};

const confirmsDowngrades = (node: ProjectNode): boolean =>
  readSettings(vscode.Uri.parse(node.folderUri)).confirmDowngrade === "always";

const thisMachine = (environment: NodeJS.ProcessEnv): Machine => ({
  names: [
    hostname(),
    hostname().split(".")[0] ?? "",
    ...Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address)),
  ].filter((name) => name !== ""),
  environment,
});

const run = async (services: Services, job: Job): Promise<void> => {
  const { projects, log, view } = services;
  const { node, planned, migration, tools } = job;
  const name = databaseName(job);
  projects.setRunning(node.id, planned.revisions[0]?.id ?? "");
  const outcome = await runWithProgress({
    tools,
    command: [migration.direction, planned.argument],
    title: `${migration.direction === "upgrade" ? "Upgrading" : "Downgrading"} ${name}`,
    revisions: planned.revisions,
    log,
    onRevision: (revision) => {
      projects.setRunning(node.id, revision);
    },
  });
  projects.setRunning(node.id, undefined);
  await projects.readStandings([node.id]);
  const position = positionOf(services, node);
  if (outcome.cancelled) return showResult(`Stopped. ${capitalize(name)} is ${position}.`, log);
  if (outcome.finished.exitCode !== 0) {
    const at = outcome.revision === undefined ? "" : ` in ${shortId(outcome.revision)}`;
    const failure = failureOf(outcome.finished, tools.folder);
    const text = `The ${migration.direction} failed${at}: ${failure.reason.replace(/\.$/, "")}. ${capitalize(name)} is ${position}.`;
    return showFailure(text, failure, log);
  }
  const [current] = currentOf(services, node);
  if (current !== undefined) await view.reveal(node.id, current);
  const count = outcome.steps;
  const did = migration.direction === "upgrade" ? "applied" : "undone";
  return showResult(
    `${String(count)} revision${count === 1 ? "" : "s"} ${did}. ${capitalize(name)} is ${position}.`,
    log,
  );
};

const databaseName = ({ databases, tools }: Job): string => {
  const names = databases.map(({ url }) => {
    const parsed = parseDatabaseUrl(url);
    return parsed === undefined ? "the database" : renderDatabase(parsed, tools.environment);
  });
  return names.join(", ") || "the database";
};

const positionOf = ({ projects }: Services, node: ProjectNode): string => {
  const view = projects.find(node.id);
  if (view?.standing.kind === "known") return describePosition(view.node, view.standing.versions);
  return "at a place that could not be read";
};

const currentOf = ({ projects }: Services, node: ProjectNode): readonly string[] => {
  const view = projects.find(node.id);
  return view?.standing.kind === "known" ? view.standing.versions : [];
};

const capitalize = (text: string): string => (text.startsWith("the ") ? `T${text.slice(1)}` : text);
