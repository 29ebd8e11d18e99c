/**
 * One upgrade or downgrade from the first question to the last message: which database is it, what would run, may it,
 * run it, where does the database stand now.
 */
import * as vscode from "vscode";
import type { ProjectNode, RevisionNode } from "../../../server/src/protocol/index.ts";
import { showFailure, showResult } from "../dialogs.ts";
import type { Services } from "../services.ts";
import { readSettings } from "../settings.ts";
import { alone } from "./alone.ts";
import { failureOf } from "./current.ts";
import { databaseName, mayRun } from "./judge.ts";
import { findApplied, type Applied } from "./plan.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { runWithProgress, type Outcome } from "./progress.ts";
import { watchedDatabase } from "./watched.ts";
import { describePosition, shortId } from "./wording.ts";
import { t } from "../l10n.ts";
import { countRevisions } from "./confirm.ts";

export type Direction = "upgrade" | "downgrade";

export interface Step {
  readonly direction: Direction;
  /** Argument of `alembic upgrade` or `alembic downgrade`. */
  readonly argument: string;
  /** What runs, in that order. */
  readonly revisions: readonly RevisionNode[];
}

export interface Planned extends Omit<Step, "direction"> {
  /** In words: `head`, `3f2a9c1b Add users`. */
  readonly target: string;
}

export interface Migration {
  readonly direction: Direction;
  /** Undefined where the person was asked and said no; a string says why there is nothing to do. */
  readonly plan: (project: ProjectNode, applied: Applied) => Promise<Planned | string | undefined>;
  /** What follows once it went well, without a question of its own: `redo` upgrades what it has undone. */
  readonly then?: (planned: Planned) => Step;
}

/** True where all of it ran. */
export const migrate = async (services: Services, project: ProjectNode, migration: Migration): Promise<boolean> =>
  (await alone(services, project, async () => {
    const prepared = await prepare(services, project);
    return prepared !== undefined && (await migratePrepared(services, prepared, migration));
  })) ?? false;

const migratePrepared = async (services: Services, prepared: Prepared, migration: Migration): Promise<boolean> => {
  const planned = await migration.plan(prepared.node, prepared.applied);
  if (planned === undefined) return false;
  if (typeof planned === "string") {
    showResult(planned, services.log);
    return false;
  }
  const { direction } = migration;
  const next = migration.then?.(planned);
  const agreed = await mayRun(services, prepared, {
    kind: next === undefined ? direction : "redo",
    target: planned.target,
    revisions: planned.revisions,
    always: direction === "downgrade" && confirmsDowngrades(prepared.node),
  });
  if (!agreed) return false;
  return runSteps(services, prepared, [{ direction, ...planned }, ...(next === undefined ? [] : [next])]);
};

const confirmsDowngrades = (node: ProjectNode): boolean =>
  readSettings(vscode.Uri.parse(node.folderUri)).confirmDowngrade === "always";

const doing = (direction: Direction, database: string): string =>
  direction === "upgrade" ? t("Upgrading {0}", database) : t("Downgrading {0}", database);

const done = (direction: Direction, count: number): string => {
  const revisions = countRevisions(count);
  return direction === "upgrade" ? t("{0} applied", revisions) : t("{0} undone", revisions);
};

const runSteps = async (services: Services, prepared: Prepared, steps: readonly Step[]): Promise<boolean> => {
  const { projects, log, view, runProblems } = services;
  const { node } = prepared;
  runProblems.clear(node);
  const said: string[] = [];
  for (const step of steps) {
    const outcome = await runStep(services, prepared, step);
    if (outcome.cancelled || outcome.finished.exitCode !== 0) {
      await tellStop(services, prepared, { step, outcome });
      return false;
    }
    said.push(done(step.direction, outcome.steps));
  }
  projects.setRunning(node.id, undefined);
  await projects.readStandings([node.id]);
  const [current] = currentOf(services, node);
  if (current !== undefined) await view.reveal(node.id, current);
  showResult(
    t("{0}. {1} is {2}.", said.join(", "), capitalize(databaseName(prepared)), positionOf(services, node)),
    log,
  );
  return true;
};

const runStep = async (services: Services, prepared: Prepared, step: Step): Promise<Outcome> => {
  const { projects, log, sources } = services;
  const { node, tools } = prepared;
  projects.setRunning(node.id, step.revisions[0]?.id ?? "");
  return runWithProgress({
    tools,
    command: [step.direction, step.argument],
    title: doing(step.direction, databaseName(prepared)),
    revisions: step.revisions,
    watched: watchedDatabase(prepared, await sources.find(node)),
    log,
    onRevision: (revision) => {
      projects.setRunning(node.id, revision);
    },
  });
};

const tellStop = async (
  services: Services,
  prepared: Prepared,
  { step, outcome }: { readonly step: Step; readonly outcome: Outcome },
): Promise<void> => {
  const { projects, log, runProblems } = services;
  const { node, tools } = prepared;
  projects.setRunning(node.id, undefined);
  await projects.readStandings([node.id]);
  const moved =
    projects.find(node.id)?.standing.kind === "known"
      ? describeMove(prepared.applied, currentOf(services, node), node)
      : "";
  const position = t("{0} is {1}.", capitalize(databaseName(prepared)), `${positionOf(services, node)}${moved}`);
  if (outcome.cancelled) {
    showResult(t("Stopped. {0}", position), log);
    return;
  }
  const failure = failureOf(outcome.finished, tools.folder);
  const text = `${describeFailure(step.direction, outcome.revision, failure.reason.replace(/\.$/, ""))} ${position}`;
  await runProblems.show(node, failure, position);
  showFailure(text, failure, log);
};

const describeFailure = (direction: Direction, revision: string | undefined, reason: string): string => {
  if (revision === undefined)
    return direction === "upgrade" ? t("The upgrade failed: {0}.", reason) : t("The downgrade failed: {0}.", reason);
  return direction === "upgrade"
    ? t("The upgrade failed in {0}: {1}.", shortId(revision), reason)
    : t("The downgrade failed in {0}: {1}.", shortId(revision), reason);
};

/** What the failed run has left behind, as far as the version table tells. */
const describeMove = (before: Applied, versions: readonly string[], { dialect, revisions }: ProjectNode): string => {
  const after = findApplied(revisions, versions);
  const isSame = after.ids.size === before.ids.size && [...after.ids].every((id) => before.ids.has(id));
  if (isSame && ["mysql", "mariadb", "oracle"].includes(dialect))
    return t(" as before, but this server keeps what DDL did before the error");
  if (isSame) return t(", as before the run");
  const applied = [...after.ids].filter((id) => !before.ids.has(id)).length;
  const undone = [...before.ids].filter((id) => !after.ids.has(id)).length;
  const kept = applied + undone;
  return kept === 1 ? t("; of the run 1 revision was kept") : t("; of the run {0} revisions were kept", kept);
};

const positionOf = ({ projects }: Services, node: ProjectNode): string => {
  const view = projects.find(node.id);
  if (view?.standing.kind === "known") return describePosition(view.node, view.standing.versions);
  return t("at a place that could not be read");
};

const currentOf = ({ projects }: Services, node: ProjectNode): readonly string[] => {
  const view = projects.find(node.id);
  return view?.standing.kind === "known" ? view.standing.versions : [];
};

/** Names of databases are written as they are. */
const capitalize = (text: string): string => (text === t("the database") ? t("The database") : text);
