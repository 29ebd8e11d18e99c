/** A program run to its end: how long it took and how much memory it had at most. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Ran {
  readonly seconds: number;
  /** Most resident memory at any time; undefined where the system does not tell (it is read from `/proc`). */
  readonly megabytes: number | undefined;
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** After this it is ended; its code is then null. Default: never. */
  readonly limitSeconds?: number;
}

const pollMilliseconds = 10;

export function runChild(program: string, parameters: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, parameters, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      ...(options.limitSeconds === undefined ? {} : { timeout: options.limitSeconds * 1000 }),
    });
    const said = { out: "", err: "" };
    let megabytes: number | undefined;
    const poll = setInterval(() => {
      megabytes = peakMegabytes(child.pid) ?? megabytes;
    }, pollMilliseconds);
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (said.out += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said.err += chunk));
    child.once("error", (error) => {
      clearInterval(poll);
      reject(error);
    });
    child.once("close", (code) => {
      clearInterval(poll);
      resolve({ seconds: (performance.now() - start) / 1000, megabytes, code, ...said });
    });
  });
}

/** The high-water mark of a process that is alive; undefined on systems without `/proc`. */
export function peakMegabytes(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
