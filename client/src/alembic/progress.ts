/** Runs Alembic under a progress notification that names the revision which runs now, and can be cancelled politely. */
import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { PgTarget } from "../../../server/src/database/pg-target.ts";
import type { RevisionNode } from "../../../server/src/protocol/index.ts";
import { watchRun, type Watch } from "../database/watch-run.ts";
import type { Log } from "../log.ts";
import { parseStep, revisionOf } from "./output.ts";
import { startAlembic, type Finished, type Running } from "./process.ts";
import { describeSeen } from "./watching.ts";
import { shortId } from "./wording.ts";
import type { Tools } from "./toolchain.ts";
import { t } from "../l10n.ts";
import { plain } from "../plain.ts";

export interface Outcome {
  readonly finished: Finished;
  /** The person cancelled, and Alembic did not get to the end. */
  readonly cancelled: boolean;
  /** Revisions that Alembic began. */
  readonly steps: number;
  /** The last of them. */
  readonly revision: string | undefined;
}

export interface Run {
  readonly tools: Tools;
  readonly command: readonly string[];
  readonly title: string;
  /** What is expected to run, for "2 of 3" and for messages. */
  readonly revisions: readonly RevisionNode[];
  /** The PostgreSQL database that it changes, where that is known: then it is watched. */
  readonly watched?: PgTarget | undefined;
  readonly log: Log;
  readonly onRevision: (revision: string) => void;
}

/** Whoever cancels waits for an effect: after these many milliseconds the next, less gentle means is tried. */
const untilInterrupt = 2_000;
const untilKillIsOffered = 4_000;

const underWay = new Set<Running>();

/** When the editor goes, what it started is asked to stop. */
export const interruptAll = (): void => {
  for (const running of underWay) running.interrupt();
};

export const runWithProgress = (run: Run): Thenable<Outcome> =>
  vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plain(run.title), cancellable: true },
    (progress, token) => runUnder(run, progress, token),
  );

type Reporter = vscode.Progress<{ message?: string; increment?: number }>;

const runUnder = async (run: Run, progress: Reporter, token: vscode.CancellationToken): Promise<Outcome> => {
  const { log } = run;
  const known = new Map(run.revisions.map((one) => [one.id, one]));
  const ids = new Set(known.keys());
  let steps = 0;
  let revision: string | undefined;
  let where = "";
  let asked = false;
  const application = `retort-run-${randomUUID().slice(0, 8)}`;
  const running = startAlembic({
    ...run.tools,
    environment: { ...run.tools.environment, PGAPPNAME: application },
    command: run.command,
    onLine: (line, stream) => {
      (stream === "stderr" && /^(ERROR|CRITICAL|Traceback|FAILED)/.test(line) ? log.error : log.info)(line);
      const step = stream === "stderr" ? parseStep(line, ids) : undefined;
      if (step === undefined) return;
      steps += 1;
      revision = revisionOf(step);
      const total = Math.max(steps, run.revisions.length);
      const message = known.get(revision)?.message ?? step.message;
      where = t("{0} of {1}: {2} {3}", steps, total, shortId(revision), message);
      progress.report({ message: plain(where), increment: 100 / total });
      run.onRevision(revision);
    },
  });
  log.info(`$ ${running.commandLine}`);
  underWay.add(running);
  const watch = startWatch(run, application, (text) => {
    if (!asked) progress.report({ message: plain([where, text].filter(Boolean).join(" – ")) });
  });
  const cancellation = token.onCancellationRequested(() => {
    asked = true;
    progress.report({ message: t("asked to stop…") });
    void stop(running, watch, log);
  });
  const finished = await running.finished;
  cancellation.dispose();
  underWay.delete(running);
  await watch?.stop();
  log.info(`Alembic ended with ${finished.signal ?? `exit code ${String(finished.exitCode)}`}.`);
  // Where the project logs nothing, the plan is all that is known of a run that went well.
  const began = steps === 0 && finished.exitCode === 0 ? run.revisions.length : steps;
  return { finished, cancelled: asked && finished.exitCode !== 0, steps: began, revision };
};

const startWatch = (
  { watched, log }: Run,
  application: string,
  show: (text: string | undefined) => void,
): Watch | undefined => {
  if (watched === undefined) return undefined;
  let shown: string | undefined;
  let waiting: string | undefined;
  return watchRun(watched, application, {
    tell: (seen) => {
      const text = seen === undefined ? undefined : log.mask(describeSeen(seen) ?? "");
      if (text !== shown) show(text);
      shown = text;
      // Who holds a lock is worth keeping; statements, which may hold values, are not written down.
      const holder = seen?.blockers[0]?.pid;
      const now = holder === undefined ? undefined : String(holder);
      if (now !== undefined && now !== waiting && text !== undefined) log.warn(`Alembic ${text}.`);
      waiting = now;
    },
    onProblem: (reason) => {
      log.info(`The run is not watched: ${reason}`);
    },
  });
};

/** True if it is over within that time. */
const isOver = (running: Running, milliseconds: number): Promise<boolean> =>
  Promise.race([
    running.finished.then(() => true),
    new Promise<boolean>((resolve) => setTimeout(resolve, milliseconds, false)),
  ]);

/**
 * First the statement: a driver in C hears no signal while the server works. Then Ctrl-C, which reaches Python between two
 * statements. What is still at work after that is killed only when a person says so.
 */
const stop = async (running: Running, watch: Watch | undefined, log: Log): Promise<void> => {
  const stopped = (await watch?.cancelStatement()) ?? false;
  if (stopped) log.warn("Cancelled: the server was asked to stop the statement.");
  if (stopped && (await isOver(running, untilInterrupt))) return;
  running.interrupt();
  log.warn("Cancelled: Alembic was asked to stop.");
  if (await isOver(running, untilKillIsOffered)) return;
  await offerKill(running, log);
};

const offerKill = async (running: Running, log: Log): Promise<void> => {
  const kill = t("Kill");
  const text = t(
    "Alembic was asked to stop and is still at work; perhaps a statement waits for a lock. Killing it leaves the rest to the server.",
  );
  const choice = await vscode.window.showWarningMessage(text, kill, t("Keep Waiting"));
  if (choice !== kill) return;
  log.warn("Killed by hand.");
  running.kill();
};
