/** The built command line, as a user runs it. */
import { spawn } from "node:child_process";
import path from "node:path";
import { build } from "../../scripts/build.ts";
import { root } from "../../scripts/host/paths.ts";

let built: Promise<void> | undefined;

/** Builds `dist/` unless the run as a whole has done so. */
export function buildOnce(): Promise<void> {
  const building = built ?? (process.env["RETORT_BUILT"] === "1" ? Promise.resolve() : build());
  built = building;
  return building;
}

export interface Outcome {
  readonly code: number;
  /** Both streams. */
  readonly said: string;
}

/** `retort …` in a folder. */
export function retort(cwd: string, parameters: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [path.join(root, "dist", "cli.cjs"), ...parameters], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const listen = (text: string): void => {
    said += text;
  };
  child.stdout.setEncoding("utf8").on("data", listen);
  child.stderr.setEncoding("utf8").on("data", listen);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 128, said }));
  });
}

export function splitFile(cwd: string, file: string): Promise<Outcome> {
  return retort(cwd, ["split", file, "--write"]);
}
