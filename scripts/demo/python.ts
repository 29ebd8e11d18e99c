import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Failure } from "../host/failure.ts";
import { cache } from "../host/paths.ts";
import { run } from "../host/run.ts";
import type { Scope } from "../host/scope.ts";

/** The folder of a Python environment with what `requirements` names, from PyPI; made once. */
export async function preparePython(scope: Scope, requirements: string, say: (line: string) => void): Promise<string> {
  const folder = path.join(cache, "demo", "venv");
  const stamp = path.join(folder, "retort-ready.txt");
  const wanted = readFileSync(requirements, "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && existsSync(interpreterOf(folder))) return folder;
  const python = await findPython(scope);
  say("Making a Python environment with Alembic, SQLAlchemy and psycopg (once) ...");
  rmSync(folder, { recursive: true, force: true });
  await run(python, ["-m", "venv", folder], { scope, doing: "Making a Python environment" });
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements];
  await run(interpreterOf(folder), install, { scope, doing: "Installing Alembic from PyPI (is the network up?)" });
  writeFileSync(stamp, wanted);
  return folder;
}

export function interpreterOf(environment: string): string {
  return process.platform === "win32"
    ? path.join(environment, "Scripts", "python.exe")
    : path.join(environment, "bin", "python");
}

/** The Python named by PYTHON, else the one on the PATH; it must be able to make environments. */
async function findPython(scope: Scope): Promise<string> {
  const chosen = process.env["PYTHON"];
  const candidates = chosen === undefined || chosen === "" ? ["python3", "python"] : [chosen];
  const check = "import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 9) else 3)";
  for (const candidate of candidates) {
    try {
      await run(candidate, ["-c", check], { scope, doing: "Looking for Python" });
      return candidate;
    } catch {
      // The next one may do; if none does, the message below says what was tried.
    }
  }
  throw new Failure(
    `Alembic needs Python 3.9 or newer with its "venv" module, and none was found (tried: ${candidates.join(", ")}).\n` +
      `Install it (on Debian and Ubuntu: apt install python3-venv), or name it: PYTHON=/path/to/python3 npm start`,
  );
}
