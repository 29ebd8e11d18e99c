/** Alembic as a child process that can be asked to stop, and is never stopped by a clock. */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { alembicArguments, renderCommand, type AlembicProject } from "./arguments.ts";
import type { Interpreter } from "./candidates.ts";

export interface Invocation {
  readonly interpreter: Interpreter;
  readonly project: AlembicProject;
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
}

export interface Finished {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Set where the program could not be started at all. */
  readonly startProblem?: string;
}

export interface Running {
  readonly commandLine: string;
  readonly finished: Promise<Finished>;
  /** As Ctrl-C in a terminal: Alembic rolls back what its transaction allows. */
  readonly interrupt: () => void;
  /** Only when a person says so. */
  readonly kill: () => void;
}

/**
 * Windows has no signal that Node could send politely, so there Alembic is started by a few lines of Python that wait for
 * a word on stdin and then raise the interrupt that Ctrl-C would raise.
 */
const windowsBootstrap = [
  "import runpy, signal, sys, threading",
  "threading.Thread(target=lambda: sys.stdin.readline() and signal.raise_signal(signal.SIGINT), daemon=True).start()",
  "runpy.run_module('alembic', run_name='__main__', alter_sys=True)",
].join("\n");

export const startAlembic = (invocation: Invocation, platform: NodeJS.Platform = process.platform): Running => {
  const { interpreter, project, command } = invocation;
  const { speaks = "python", isRunner = false } = interpreter;
  const visible = alembicArguments(project, command, speaks);
  const politeByWord = platform === "win32" && speaks === "python";
  const inGroup = isRunner && platform !== "win32";
  const args = politeByWord ? ["-c", windowsBootstrap, ...visible.slice(2)] : visible;
  const child = spawn(interpreter.command, [...interpreter.args, ...args], {
    cwd: interpreter.folder ?? invocation.folder,
    env: { ...invocation.environment, PYTHONUNBUFFERED: "1", PYTHONIOENCODING: "utf-8" },
    stdio: [politeByWord ? "pipe" : "ignore", "pipe", "pipe"],
    windowsHide: true,
    detached: inGroup,
  });
  child.stdin?.on("error", () => undefined);
  return {
    commandLine: renderCommand(interpreter.command, [...interpreter.args, ...visible]),
    finished: waitFor(child, invocation.onLine),
    interrupt: () => {
      if (politeByWord) child.stdin?.write("stop\n");
      else signal(child, "SIGINT", inGroup);
    },
    kill: () => {
      signal(child, "SIGKILL", inGroup);
    },
  };
};

/** As a terminal does: to all that a runner has started, since few runners pass a signal on. */
const signal = (child: ChildProcess, name: NodeJS.Signals, toGroup: boolean): void => {
  if (!toGroup || child.pid === undefined) child.kill(name);
  else if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, name);
};

const waitFor = (child: ChildProcess, onLine: Invocation["onLine"]): Promise<Finished> => {
  const collected = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    const input = child[stream];
    if (input === null) continue;
    createInterface({ input, crlfDelay: Infinity }).on("line", (line) => {
      collected[stream] += `${line}\n`;
      onLine?.(line, stream);
    });
  }
  return new Promise((resolve) => {
    child.once("error", (error) => {
      if (child.pid === undefined) resolve({ exitCode: null, signal: null, ...collected, startProblem: error.message });
    });
    child.once("close", (exitCode, signal) => {
      resolve({ exitCode, signal, ...collected });
    });
  });
};
