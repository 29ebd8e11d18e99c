/** The real Alembic, in the Python that tests share. */
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll } from "vitest";
import { pythonWithAlembic } from "../support/python.ts";

export interface AlembicRequest {
  /** Path of `alembic.ini`. */
  readonly config: string;
  readonly command: "upgrade" | "downgrade" | "heads" | "history";
  readonly revision?: string;
  readonly sql?: boolean;
  /** The connection is kept for the next request, where env.py lets itself be given one. */
  readonly pooled?: boolean;
  /** Laid over the options of the `[alembic]` section. */
  readonly options?: Readonly<Record<string, string>>;
}

export interface Python<Request> {
  /** @throws Error with Python's message and traceback, where the command fails */
  run(request: Request): Promise<unknown>;
}

type Answer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: string; readonly trace: string };

export const useAlembic = (): Python<AlembicRequest> => usePython("alembic_driver.py");

export interface Started<Request> extends Python<Request> {
  stop(): void;
}

/** Requests run one after the other in one Python process, which runs the script of this folder. */
export function startPython<Request>(
  interpreter: string,
  script: string,
  variables: Readonly<Record<string, string>> = {},
): Started<Request> {
  const waiting: ((line: string | undefined) => void)[] = [];
  const child = spawn(interpreter, [path.join(import.meta.dirname, script)], {
    // Migrations of applications tell much of what they do; where the variables are an application's, it is not shown.
    stdio: ["pipe", "pipe", Object.keys(variables).length > 0 ? "ignore" : "inherit"],
    // Files are rewritten faster than the clock of the byte code cache ticks.
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...variables },
  });
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => waiting.shift()?.(line));
  let hasEnded = false;
  child.once("exit", () => {
    hasEnded = true;
    for (const give of waiting.splice(0)) give(undefined);
  });
  return {
    async run(request) {
      const line = await new Promise<string | undefined>((resolve) => {
        if (hasEnded) {
          resolve(undefined);
          return;
        }
        waiting.push(resolve);
        child.stdin.write(`${JSON.stringify(request)}\n`);
      });
      if (line === undefined) throw new Error("Python ended before it answered");
      const answer = JSON.parse(line) as Answer;
      if (!answer.ok) throw new Error(`${answer.error}\n${answer.trace}`);
      return answer.result;
    },
    stop() {
      lines.close();
      child.stdin.end();
      child.kill();
    },
  };
}

/** Call at the top of a test file: one process for all of it. */
export function usePython<Request>(script: string): Python<Request> {
  let python: Started<Request> | undefined;
  beforeAll(async () => {
    python = startPython(await pythonWithAlembic(), script);
  });
  afterAll(() => python?.stop());
  return {
    run(request) {
      if (!python) throw new Error("Python has not started");
      return python.run(request);
    },
  };
}
