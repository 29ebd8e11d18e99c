/** `alembic current --verbose`: the one place that says which database env.py really connects to. It changes nothing. */
import path from "node:path";
import type { Log } from "../log.ts";
import { parseCurrent, parseFailure, type CurrentDatabase, type Failure } from "./output.ts";
import { startAlembic, type Finished } from "./process.ts";
import type { Tools } from "./toolchain.ts";

export type CurrentAnswer =
  | { readonly kind: "databases"; readonly databases: readonly CurrentDatabase[] }
  /** The databases that were named before it failed: reached, but at a revision that the project does not have. */
  | { readonly kind: "failed"; readonly failure: Failure; readonly databases: readonly CurrentDatabase[] };

export interface AskOptions {
  /** Nobody waits for the answer: it is interrupted after so many milliseconds, and its traceback is kept out of the log. */
  readonly patience?: number;
  /** Called with a function that interrupts. */
  readonly onStart?: (interrupt: () => void) => void;
}

export const askCurrent = async (tools: Tools, log: Log, options: AskOptions = {}): Promise<CurrentAnswer> => {
  const running = startAlembic({ ...tools, command: ["current", "--verbose"] });
  log.info(`$ ${running.commandLine}`);
  options.onStart?.(running.interrupt);
  const timer = options.patience === undefined ? undefined : setTimeout(running.interrupt, options.patience);
  const finished = await running.finished;
  clearTimeout(timer);
  const databases = parseCurrent(finished.stdout);
  if (finished.exitCode === 0) return { kind: "databases", databases };
  for (const line of `${finished.stdout}${finished.stderr}`.trimEnd().split("\n"))
    (options.patience === undefined ? log.warn : log.debug)(line);
  return { kind: "failed", failure: failureOf(finished, tools.folder), databases };
};

export const failureOf = (finished: Finished, folder: string): Failure =>
  finished.startProblem === undefined
    ? parseFailure(`${finished.stdout}${finished.stderr}`, (file) => isOwnFile(file, folder))
    : { reason: finished.startProblem, isConnection: false };

const isOwnFile = (file: string, folder: string): boolean => {
  const relative = path.relative(folder, path.resolve(folder, file));
  return (
    !relative.startsWith("..") && !path.isAbsolute(relative) && !/(^|[\\/])(site-packages|\.?venv)[\\/]/.test(relative)
  );
};
