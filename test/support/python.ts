/** A Python with Alembic for tests that ask the real thing. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

const folder = join(import.meta.dirname, "..", "..", ".cache", "venv");
const stamp = join(folder, "retort-ready");
const lock = `${folder}.lock`;
const requirements = ["alembic>=1.20,<1.21", "sqlalchemy>=2.0.40,<3", "psycopg[binary]>=3.2,<4"];
/** A lock older than this belongs to a process that is gone. */
const lockIsStaleAfter = 5 * 60_000;

let pending: Promise<string> | undefined;

/**
 * Path of an interpreter that has `alembic`, `sqlalchemy` and `psycopg`. The environment is made once, in `.cache/venv`,
 * and shared by all tests and processes.
 * @throws Error that names the command which failed: there is no Python, or PyPI cannot be reached.
 */
export function pythonWithAlembic(): Promise<string> {
  pending ??= prepare();
  return pending;
}

const interpreter = (): string =>
  process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");

async function prepare(): Promise<string> {
  if (await isReady()) return interpreter();
  await takeLock();
  try {
    if (await isReady()) return interpreter();
    await rm(folder, { recursive: true, force: true });
    await run(await systemPython(), ["-m", "venv", folder]);
    await run(interpreter(), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...requirements]);
    await writeFile(stamp, requirements.join("\n"));
    return interpreter();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function isReady(): Promise<boolean> {
  const made = await readFile(stamp, "utf8").catch(() => undefined);
  return made === requirements.join("\n") && existsSync(interpreter());
}

async function takeLock(): Promise<void> {
  await mkdir(join(folder, ".."), { recursive: true });
  for (;;) {
    try {
      await mkdir(lock);
      return;
    } catch {
      const age = await stat(lock).then(
        (s) => Date.now() - s.mtimeMs,
        () => 0,
      );
      if (age > lockIsStaleAfter) await rm(lock, { recursive: true, force: true });
      await sleep(250);
    }
  }
}

async function systemPython(): Promise<string> {
  const candidates = [process.env["PYTHON"], "python3", "python"].filter((name) => name !== undefined && name !== "");
  const failures: string[] = [];
  for (const name of candidates as string[]) {
    try {
      await run(name, ["-c", "import venv, ensurepip"]);
      return name;
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`);
    }
  }
  throw new Error(`No Python that can make a virtual environment. Tried ${failures.join("; ")}`);
}
