import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pythonWithAlembic } from "../support/python.ts";

export type Question = readonly [kind: "ini" | "config" | "name" | "history", given: Readonly<Record<string, unknown>>];

/** Asks the real Alembic, all questions in one process. Times are read as UTC, as the engine counts them. */
export async function askAlembic(questions: readonly Question[]): Promise<readonly unknown[]> {
  const script = join(import.meta.dirname, "ask_alembic.py");
  const child = spawn(await pythonWithAlembic(), [script], {
    env: { ...process.env, TZ: "UTC", PYTHONUTF8: "1", PYTHONIOENCODING: "utf-8" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(JSON.stringify(questions));
  const [answer, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (answer === "") throw new Error(`Alembic gave no answer: ${complaint}`);
  return JSON.parse(answer) as unknown[];
}
