/** The real Alembic's answers about configured projects, and projects on the disk to ask about. */
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { pythonWithAlembic } from "../support/python.ts";

export type ProjectQuestion = readonly [
  kind: "project" | "init" | "revise" | "percent",
  given: Readonly<Record<string, unknown>>,
];

/** All questions in one process, whose local time is UTC. */
export async function askProject(questions: readonly ProjectQuestion[]): Promise<readonly unknown[]> {
  const child = spawn(await pythonWithAlembic(), [join(import.meta.dirname, "ask_project.py")], {
    env: { ...process.env, TZ: "UTC", PYTHONUTF8: "1", PYTHONIOENCODING: "utf-8" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(JSON.stringify(questions));
  const [answer, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (answer === "") throw new Error(`Alembic gave no answer: ${complaint}`);
  return JSON.parse(answer) as unknown[];
}

export async function writeProject(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}
