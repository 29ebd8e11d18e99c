/** The real Alembic as a process that answers questions about histories, one line each way. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { Sketch } from "../history/graph.ts";
import { pythonWithAlembic } from "../support/python.ts";

/** The rows of `alembic_version`, the question's name in `alembic-history.py`, and what is given with it. */
export type HistoryQuestion = readonly [rows: readonly string[], name: string, ...given: readonly unknown[]];

export interface AlembicProcess {
  ask(revisions: readonly Sketch[], questions: readonly HistoryQuestion[]): Promise<readonly unknown[]>;
  end(): void;
}

export async function startAlembic(): Promise<AlembicProcess> {
  const child = spawn(await pythonWithAlembic(), [join(import.meta.dirname, "alembic-history.py")], {
    env: { ...process.env, PYTHONUTF8: "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const complaint = text(child.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(revisions, questions) {
      const asked = revisions.map(({ id, down = [], dependsOn = [], labels = [] }) => ({
        id,
        down,
        dependsOn,
        labels,
      }));
      child.stdin.write(`${JSON.stringify({ revisions: asked, questions })}\n`);
      const line = await lines.next();
      if (line.done) throw new Error(`Alembic gave no answer: ${await complaint}`);
      return JSON.parse(line.value) as unknown[];
    },
    end: () => child.stdin.end(),
  };
}
