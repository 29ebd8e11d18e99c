/** Texts that may not be readable, which is then a problem. */
import { range } from "../text/range.ts";
import type { FileSource } from "./ports.ts";
import type { ProjectProblem } from "./snapshot.ts";

export async function readText(
  files: FileSource,
  path: string,
  problems: ProjectProblem[],
): Promise<string | undefined> {
  try {
    return await files.read(path);
  } catch (error) {
    problems.push(unreadable(path, error));
    return undefined;
  }
}

export const unreadable = (path: string, error: unknown): ProjectProblem =>
  problem("unreadable", error instanceof Error ? error.message : String(error), path);

export const problem = (code: string, message: string, file: string): ProjectProblem => ({
  code,
  message,
  file,
  range: range(0, 0),
});
