/** Runs Alembic under a progress notification that names the revision which runs now, and can be cancelled politely. */
import * as vscode from "vscode";
import type { RevisionNode } from "../../../server/src/protocol/index.ts";
import type { Log } from "../log.ts";
import { parseStep, revisionOf } from "./output.ts";
import { startAlembic, type Finished, type Running } from "./process.ts";
import { shortId } from "./wording.ts";
import type { Tools } from "./toolchain.ts";

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
  readonly log: Log;
  readonly onRevision: (revision: string) => void;
}

/** A migration that is alone with its lock needs no question; one that has not stopped by then may be waiting for something. */
const untilKillIsOffered = 4_000;

const underWay = new Set<Running>();

/** When the editor goes, what it started is asked to stop. */
export const interruptAll = (): void => {
  for (const running of underWay) running.interrupt();
};

export const runWithProgress = (run: Run): Thenable<Outcome> =>
  vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: run.title, cancellable: true },
    async (progress, token) => {
      const { log } = run;
      const known = new Map(run.revisions.map((one) => [one.id, one]));
      const ids = new Set(known.keys());
      let steps = 0;
      let revision: string | undefined;
      const running = startAlembic({
        ...run.tools,
        command: run.command,
        onLine: (line, stream) => {
          (stream === "stderr" && /^(ERROR|CRITICAL|Traceback|FAILED)/.test(line) ? log.error : log.info)(line);
          const step = stream === "stderr" ? parseStep(line, ids) : undefined;
          if (step === undefined) return;
          steps += 1;
          revision = revisionOf(step);
          const total = Math.max(steps, run.revisions.length);
          const message = known.get(revision)?.message ?? step.message;
          progress.report({
            message: `${String(steps)} of ${String(total)}: ${shortId(revision)} ${message}`,
            increment: 100 / total,
          });
          run.onRevision(revision);
        },
      });
      log.info(`$ ${running.commandLine}`);
      underWay.add(running);
      let asked = false;
      const cancellation = token.onCancellationRequested(() => {
        asked = true;
        running.interrupt();
        log.warn("Cancelled: Alembic was asked to stop.");
        void offerKill(running, log);
      });
      const finished = await running.finished;
      cancellation.dispose();
      underWay.delete(running);
      log.info(`Alembic ended with ${finished.signal ?? `exit code ${String(finished.exitCode)}`}.`);
      // Where the project logs nothing, the plan is all that is known of a run that went well.
      const began = steps === 0 && finished.exitCode === 0 ? run.revisions.length : steps;
      return { finished, cancelled: asked && finished.exitCode !== 0, steps: began, revision };
    },
  );

const offerKill = async (running: Running, log: Log): Promise<void> => {
  const over = await Promise.race([
    running.finished.then(() => true),
    new Promise<boolean>((resolve) => setTimeout(resolve, untilKillIsOffered, false)),
  ]);
  if (over) return;
  const kill = "Kill";
  const text =
    "Alembic was asked to stop and is still at work; perhaps a statement waits for a lock. Killing it leaves the rest to the server.";
  const choice = await vscode.window.showWarningMessage(text, kill, "Keep Waiting");
  if (choice !== kill) return;
  log.warn("Killed by hand.");
  running.kill();
};
