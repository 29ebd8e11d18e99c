/** Runs one command of Alembic that is no migration, under a progress notification that can be cancelled. */
import * as vscode from "vscode";
import { showFailure } from "../dialogs.ts";
import type { Services } from "../services.ts";
import { failureOf } from "./current.ts";
import { startAlembic, type Finished } from "./process.ts";
import type { Tools } from "./toolchain.ts";
import { plain } from "../plain.ts";

export interface Execution {
  readonly tools: Tools;
  readonly command: readonly string[];
  /** `Writing the SQL of 3f2a9c1b…` */
  readonly title: string;
}

export interface Executed {
  readonly finished: Finished;
  /** The person cancelled it, and it did not get to the end. */
  readonly cancelled: boolean;
}

export const execute = ({ log }: Pick<Services, "log">, { tools, command, title }: Execution): Thenable<Executed> =>
  vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plain(title), cancellable: true },
    async (_, token) => {
      const running = startAlembic({ ...tools, command });
      log.info(`$ ${running.commandLine}`);
      token.onCancellationRequested(running.interrupt);
      const finished = await running.finished;
      const tell = finished.exitCode === 0 ? log.info : log.warn;
      // What a command prints on stdout is its answer, which is shown where it belongs.
      for (const line of finished.stderr.trimEnd().split("\n")) if (line !== "") tell(line);
      return { finished, cancelled: token.isCancellationRequested && finished.exitCode !== 0 };
    },
  );

/** What it printed; undefined where it did not go well, which is then said after `otherwise`. */
export const executeOrTell = async (
  services: Pick<Services, "log">,
  execution: Execution,
  otherwise: string,
): Promise<string | undefined> => {
  const { finished, cancelled } = await execute(services, execution);
  if (finished.exitCode === 0) return finished.stdout;
  if (cancelled) return undefined;
  const failure = failureOf(finished, execution.tools.folder);
  showFailure(`${otherwise} ${failure.reason}`, failure, services.log);
  return undefined;
};
