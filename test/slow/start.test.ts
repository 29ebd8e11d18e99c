/** `npm start`, as a person runs it: what it prints, what it serves, and that it leaves nothing behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { root } from "../../scripts/host/paths.ts";

interface Started {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly exit: Promise<number | null>;
  /** Where all that it makes must lie. */
  readonly scratch: string;
  /** Resolves when the output matches; rejects when the program ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

function start(parameters: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const scratch = mkdtempSync(path.join(tmpdir(), "retort-start-test-"));
  onTestFinished(() => rmSync(scratch, { recursive: true, force: true }));
  // PostgreSQL may have to run as another user.
  chmodSync(scratch, 0o755);
  const child = spawn(process.execPath, ["--import", "tsx", path.join(root, "scripts/start.ts"), ...parameters], {
    cwd: root,
    // Not in the person's way: a copy of what is built serves the other tests.
    env: { ...process.env, TMPDIR: scratch, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  }
  const says = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(text);
      if (match !== null) return match;
      if (child.exitCode !== null)
        throw new Error(`It ended with ${child.exitCode} and never said ${pattern}:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  return { child, said: () => text, exit, scratch, says };
}

/** Command lines of the processes that mention a folder, from /proc. */
function processesThatMention(folder: string): readonly string[] {
  if (!existsSync("/proc")) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const line = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        const environment = readFileSync(`/proc/${name}/environ`, "utf8");
        return line.includes(folder) || environment.includes(folder) ? [`${name} ${line}`] : [];
      } catch {
        return [];
      }
    });
}

/** Waits for an effect of a program that must not end before. */
async function waitFor(started: Started, condition: () => boolean): Promise<void> {
  while (!condition()) {
    if (started.child.exitCode !== null) throw new Error(`It ended with ${started.child.exitCode}:\n${started.said()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function expectNothingLeft(started: Started): void {
  expect(processesThatMention(started.scratch)).toEqual([]);
  // tsx keeps its own cache of compiled scripts there.
  expect(readdirSync(started.scratch).filter((name) => !/^(tsx|node-compile-cache)/.test(name))).toEqual([]);
}

describe("npm start", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "serves the sample project until %s, and leaves nothing behind",
    async (signal) => {
      const started = start(["--headless"]);
      const [, address = ""] = await started.says(/^\s+(http:\/\/127\.0\.0\.1:\d+\/\S+)/m);
      await started.says(/Ctrl-C/);
      expect(started.said()).toContain("mixed-schema-and-data");
      const page = await fetch(address);
      expect(page.ok).toBe(true);
      expect(await page.text()).toContain("vscode-workbench-web-configuration");
      expect(processesThatMention(started.scratch).length).toBeGreaterThan(1);
      started.child.kill(signal);
      expect(await started.exit).toBe(signal === "SIGINT" ? 130 : 143);
      expectNothingLeft(started);
    },
  );

  describe.skipIf(process.platform === "win32")("with a desktop VS Code on the PATH", () => {
    /** A `code` that notes how it was called, opens a "window" that is no child of it, and waits for it, as VS Code does. */
    const fakeCode = (): { readonly folder: string; readonly called: () => string; readonly close: () => void } => {
      const folder = mkdtempSync(path.join(tmpdir(), "retort-fake-code-"));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const script = `#!/bin/sh
echo "$@" > ${folder}/called
while [ "$1" != "--user-data-dir" ]; do shift; done
setsid sleep 600 &
echo $! > "$2/code.lock"
echo $! > ${folder}/window
wait
`;
      writeFileSync(path.join(folder, "code"), script, { mode: 0o755 });
      const read = (name: string): string => readFileSync(path.join(folder, name), "utf8").trim();
      return { folder, called: () => read("called"), close: () => void process.kill(Number(read("window"))) };
    };
    const env = ({ folder }: { readonly folder: string }): Record<string, string> => ({
      PATH: `${folder}${path.delimiter}${process.env["PATH"] ?? ""}`,
      DISPLAY: ":0",
    });

    test("opens it with a profile of its own, and closes its window at the end", async () => {
      const code = fakeCode();
      const started = start([], env(code));
      await started.says(/Ctrl-C/);
      await waitFor(started, () => existsSync(path.join(code.folder, "window")));
      expect(code.called()).toContain(`--extensionDevelopmentPath=${root}`);
      expect(code.called()).toContain(`--user-data-dir ${started.scratch}/`);
      started.child.kill("SIGINT");
      expect(await started.exit).toBe(130);
      expectNothingLeft(started);
    });

    test("ends by itself when the window is closed", async () => {
      const code = fakeCode();
      const started = start([], env(code));
      await waitFor(started, () => existsSync(path.join(code.folder, "window")));
      await started.says(/Ctrl-C/);
      code.close();
      expect(await started.exit).toBe(0);
      expectNothingLeft(started);
    });
  });

  test("leaves nothing behind when it is stopped halfway", async () => {
    const started = start(["--headless"]);
    await started.says(/Starting PostgreSQL/);
    started.child.kill("SIGINT");
    expect(await started.exit).toBe(130);
    expectNothingLeft(started);
  });

  test("says in one message that the port is taken", async () => {
    const { server, port } = await occupyPort();
    onTestFinished(() => void server.close());
    const started = start(["--headless", "--port", String(port)]);
    expect(await started.exit).toBe(1);
    expect(started.said()).toContain(`Port ${port} is in use`);
    expect(started.said()).not.toMatch(/^\s+at /m);
    expectNothingLeft(started);
  });

  test("says in one message that there is no Python", async () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), "retort-cache-"));
    onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
    const started = start(["--headless"], { PYTHON: "/nowhere/python3", RETORT_CACHE: elsewhere });
    expect(await started.exit).toBe(1);
    expect(started.said()).toContain("Alembic needs Python 3.9 or newer");
    expect(started.said()).not.toMatch(/^\s+at /m);
    expectNothingLeft(started);
  });

  test("refuses options that it does not know", async () => {
    const started = start(["--frobnicate"]);
    expect(await started.exit).toBe(1);
    expect(started.said()).toContain("--no-open");
    expect(started.said()).not.toMatch(/^\s+at /m);
  });
});

async function occupyPort(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { server, port: address.port };
}
