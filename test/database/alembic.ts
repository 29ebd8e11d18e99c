/** The real Alembic, in the Python that tests share. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";
import { afterAll, beforeAll } from "vitest";
import { pythonWithAlembic } from "../support/python.ts";

export interface AlembicRequest {
  /** Path of `alembic.ini`. */
  readonly config: string;
  readonly command: "upgrade" | "downgrade" | "heads" | "history";
  readonly revision?: string;
  readonly sql?: boolean;
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

/** Call at the top of a test file: requests run one after the other in one Python process, which runs the script. */
export function usePython<Request>(script: string): Python<Request> {
  let python: ChildProcess | undefined;
  let lines: Interface | undefined;
  const waiting: ((line: string | undefined) => void)[] = [];
  beforeAll(async () => {
    const driver = path.join(import.meta.dirname, script);
    const child = spawn(await pythonWithAlembic(), [driver], {
      stdio: ["pipe", "pipe", "inherit"],
      // Files are rewritten faster than the clock of the byte code cache ticks.
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => waiting.shift()?.(line));
    child.once("exit", () => {
      for (const give of waiting.splice(0)) give(undefined);
    });
    python = child;
  });
  afterAll(() => {
    lines?.close();
    python?.stdin?.end();
    python?.kill();
  });
  return {
    async run(request) {
      const line = await new Promise<string | undefined>((resolve) => {
        waiting.push(resolve);
        python?.stdin?.write(`${JSON.stringify(request)}\n`);
      });
      if (line === undefined) throw new Error("Python ended before it answered");
      const answer = JSON.parse(line) as Answer;
      if (!answer.ok) throw new Error(`${answer.error}\n${answer.trace}`);
      return answer.result;
    },
  };
}
