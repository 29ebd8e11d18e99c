import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { verifyFirst } from "../../client/src/alembic/interpreter.ts";
import { startAlembic } from "../../client/src/alembic/process.ts";

// A stand-in for Python that runs anywhere: what matters here is how a child process is treated.
const folder = mkdtempSync(path.join(tmpdir(), "retort-client-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const program = (name: string, body: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/usr/bin/env node\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
};
const invocation = (command: string) => ({
  interpreter: { command, args: [], from: "test" },
  project: { config: "/p/alembic.ini", section: "alembic" },
  command: ["upgrade", "head"],
  folder,
  environment: process.env,
});

describe.skipIf(process.platform === "win32")("Alembic as a process", () => {
  test("gives its lines as they come, its exit code, and the command line for the log", async () => {
    const lines: string[] = [];
    const file = program(
      "talks",
      `console.error("Running upgrade  -> a, one"); console.log(process.argv.slice(2).join(" ")); process.exitCode = 3;`,
    );
    const running = startAlembic({ ...invocation(file), onLine: (line, stream) => lines.push(`${stream}: ${line}`) });
    const finished = await running.finished;
    expect(finished).toMatchObject({ exitCode: 3, signal: null });
    expect(lines.sort()).toEqual([
      "stderr: Running upgrade  -> a, one",
      "stdout: -m alembic -c /p/alembic.ini upgrade head",
    ]);
    expect(running.commandLine).toBe(`${file} -m alembic -c /p/alembic.ini upgrade head`);
  });

  test("is asked to stop as Ctrl-C asks, and may take its time", async () => {
    const file = program(
      "stops",
      `process.on("SIGINT", () => setTimeout(() => { console.log("rolled back"); process.exit(130); }, 50)); setInterval(() => {}, 1000); console.log("ready");`,
    );
    const running = startAlembic({
      ...invocation(file),
      onLine: (line) => {
        if (line === "ready") running.interrupt();
      },
    });
    expect(await running.finished).toMatchObject({ exitCode: 130, stdout: "ready\nrolled back\n" });
  });

  test("that does not exist is a finished one with a reason", async () => {
    const { startProblem, exitCode } = await startAlembic(invocation(path.join(folder, "nowhere"))).finished;
    expect(exitCode).toBeNull();
    expect(startProblem).toContain("ENOENT");
  });
});

describe.skipIf(process.platform === "win32")("an interpreter", () => {
  const candidate = (command: string) => ({ command, args: [], from: "test" });

  test("is the first that imports Alembic; why the others will not do is told", async () => {
    const without = program(
      "without",
      `console.error("ModuleNotFoundError: No module named 'alembic'"); process.exitCode = 1;`,
    );
    const shadowed = program(
      "shadowed",
      `console.error("AttributeError: module 'alembic' has no attribute '__version__'"); process.exitCode = 1;`,
    );
    const good = program("good", `console.log("1.20.1");`);
    const nowhere = path.join(folder, "nowhere");
    const answer = await verifyFirst([nowhere, without, shadowed, good].map(candidate), folder, process.env);
    expect(answer.found).toMatchObject({ command: good, alembicVersion: "1.20.1" });
    expect(answer.tried).toEqual([
      `${nowhere} (from test): there is no such program.`,
      `${without} (from test): Alembic is not installed there.`,
      `${shadowed} (from test): Alembic is not installed there; a folder named alembic was found in its place.`,
    ]);
  });

  test("is none where there is nothing to try", async () => {
    expect(await verifyFirst([], folder, process.env)).toEqual({ tried: ["No interpreter was found to try."] });
  });
});
