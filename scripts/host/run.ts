import { spawn } from "node:child_process";
import { Failure } from "./failure.ts";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What is being done, for the message when it fails: "Installing X". */
  readonly doing: string;
  /** Shows the program's output as it comes. */
  readonly show?: boolean;
}

/** Runs a program to its end and gives its standard output; a failure quotes the end of what it said. */
export async function run(command: string, parameters: readonly string[], options: RunOptions): Promise<string> {
  const child = spawn(command, parameters, {
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  let output = "";
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    said += text;
    if (options.show) process.stdout.write(text);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (options.show) process.stderr.write(text);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", (error) =>
      reject(new Failure(`${options.doing} failed: ${command} could not be started (${error.message}).`)),
    );
    child.once("close", (status) => resolve(status ?? 128));
  });
  if (code !== 0) throw new Failure(`${options.doing} failed: ${command} ended with ${code}.\n${lastLines(said, 15)}`);
  return output;
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
