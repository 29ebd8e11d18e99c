import type { Readable } from "node:stream";
import { Failure } from "./failure.ts";
import type { Scope } from "./scope.ts";

export interface RunOptions {
  /** The program ends with it, should it still run. */
  readonly scope: Scope;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What is being done, for the message when it fails: "Installing X". */
  readonly doing: string;
  /** Exit codes that are no failure, beside 0. */
  readonly accept?: readonly number[];
}

/** Runs a program to its end and gives its standard output; a failure quotes the end of what it said. */
export async function run(command: string, parameters: readonly string[], options: RunOptions): Promise<string> {
  const child = options.scope.spawn(command, parameters, {
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  let output = "";
  let said = "";
  const listen = (stream: Readable | null, hear: (text: string) => void): void => {
    stream?.setEncoding("utf8").on("data", hear);
  };
  listen(child.stdout, (text) => {
    output += text;
    said += text;
  });
  listen(child.stderr, (text) => {
    said += text;
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", (error) => {
      reject(new Failure(`${options.doing} failed: ${command} could not be started (${error.message}).`));
    });
    child.once("close", (status) => resolve(status ?? 128));
  });
  if (code !== 0 && !options.accept?.includes(code))
    throw new Failure(`${options.doing} failed: ${command} ended with ${code}.\n${lastLines(said, 15)}`);
  return output;
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
