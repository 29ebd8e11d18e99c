/** The command line as a process of its own: exit codes, streams, signals. */
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const repository = join(import.meta.dirname, "../..");
// Resolved here: the processes run in other folders.
const program = ["--import", import.meta.resolve("tsx"), join(repository, "server/src/cli/main.ts")];
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "retort-process-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ran {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

const retort = (cwd: string, ...argv: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, [...program, ...argv], { cwd }, (error, out, err) => {
      resolve({ code: error?.code ?? 0, out, err });
    });
  });

test("exit codes and streams are those of the answer", async () => {
  const cwd = join(repository, "samples");
  const [found, strict, wrong] = await Promise.all([
    retort(cwd, "check", "--format", "json", "--fail-on", "never"),
    retort(cwd, "check"),
    retort(cwd, "check", "--wrong"),
  ]);
  expect(found).toMatchObject({ code: 0, err: "" });
  expect(() => void JSON.parse(found.out)).not.toThrow();
  expect(strict.code).toBe(1);
  expect(strict.out).not.toContain("\u001B");
  expect(wrong).toMatchObject({ code: 2, out: "" });
});

test("a reader that stops reading is no error", async () => {
  const child = spawn(process.execPath, [...program, "check", "--format", "json", "--fail-on", "never"], {
    cwd: join(repository, "samples"),
  });
  let err = "";
  child.stderr.on("data", (data: Buffer) => {
    err += data.toString();
  });
  child.stdout.destroy();
  const code = await new Promise((resolve) => child.on("exit", resolve));
  expect({ code, err }).toEqual({ code: 0, err: "" });
});

test("lsp --stdio speaks the protocol until it is told to exit", async () => {
  const child = spawn(process.execPath, [...program, "lsp", "--stdio"], { cwd: folder });
  const send = (message: object): void => {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  let out = "";
  const answered = (id: number): Promise<void> =>
    new Promise((resolve) => {
      child.stdout.on("data", () => {
        if (out.includes(`"id":${id}`)) resolve();
      });
    });
  child.stdout.on("data", (data: Buffer) => {
    out += data.toString();
  });
  send({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
  await answered(1);
  expect(out).toContain('"capabilities"');
  send({ id: 2, method: "shutdown" });
  await answered(2);
  send({ method: "exit" });
  expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(0);
});
