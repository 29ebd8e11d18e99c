/**
 * Tools that keep a project's environment, by lock file and by setting. uv and poetry come from PyPI and are run for
 * real; pixi and docker do not, so programs of their name stand in: they take what the tools' own references document,
 * refuse everything else, and start what they are told to start.
 */
import { execFile } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { globSync } from "tinyglobby";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { interpreterCandidates, type Interpreter } from "../../client/src/alembic/candidates.ts";
import { verifyFirst, type VerifiedInterpreter } from "../../client/src/alembic/interpreter.ts";
import { parseCurrent, parseStep } from "../../client/src/alembic/output.ts";
import { startAlembic } from "../../client/src/alembic/process.ts";
import { pythonWithAlembic } from "../support/python.ts";

const execute = promisify(execFile);
const home = mkdtempSync(path.join(tmpdir(), "retort-tools-"));
const tools = path.join(import.meta.dirname, "../../.cache/tools");
const scripts = path.join(tools, process.platform === "win32" ? "Scripts" : "bin");
let python = "";

beforeAll(async () => {
  python = await pythonWithAlembic();
  if (!existsSync(path.join(scripts, "poetry"))) {
    await execute(python, ["-m", "venv", tools]);
    await execute(path.join(scripts, "python"), ["-m", "pip", "install", "--quiet", "uv>=0.9,<1", "poetry>=2,<3"]);
  }
}, 300_000);
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** A project with one revision on SQLite, without an environment of its own. */
function place(name: string, files: Readonly<Record<string, string>>): string {
  const folder = path.join(home, name);
  mkdirSync(path.join(folder, "migrations", "versions"), { recursive: true });
  const all = {
    "alembic.ini": `[alembic]\nscript_location = %(here)s/migrations\n`,
    "migrations/env.py": [
      "import logging, sqlalchemy as sa",
      "from alembic import context",
      "logging.basicConfig(level=logging.INFO)",
      'with sa.create_engine("sqlite:///shop.db").connect() as connection:',
      "    context.configure(connection=connection, target_metadata=None)",
      "    with context.begin_transaction(): context.run_migrations()",
      "    connection.commit()",
    ].join("\n"),
    "migrations/versions/a1_notes.py":
      'from alembic import op\nimport sqlalchemy as sa\nrevision = "a1"\ndown_revision = None\n\n\ndef upgrade():\n    op.create_table("notes", sa.Column("id", sa.Integer))\n\n\ndef downgrade():\n    op.drop_table("notes")\n',
    ...files,
  };
  for (const [file, text] of Object.entries(all)) writeFileSync(path.join(folder, file), text);
  return folder;
}

const candidatesIn = (folder: string, alembicCommand: readonly string[] = []): Interpreter[] =>
  interpreterCandidates({
    ...{ setting: "", alembicCommand, fromExtensions: [], home, folder, workspaceFolder: folder },
    ...{ platform: process.platform, exists: existsSync },
  });

/** Environments that poetry or uv would find active are not those of the project. */
const environmentWith = (first: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => {
  const { VIRTUAL_ENV: _, ...rest } = process.env;
  return { ...rest, PATH: [first, process.env["PATH"]].join(path.delimiter), ...more };
};

async function find(
  candidates: readonly Interpreter[],
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<VerifiedInterpreter> {
  const { found, tried } = await verifyFirst(candidates, folder, environment);
  if (found === undefined) throw new Error(tried.join("\n"));
  return found;
}

/** Up, where does it stand, down: through the tool each time. */
async function isRunThrough(
  interpreter: VerifiedInterpreter,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const project = { config: path.join(folder, "alembic.ini"), section: "alembic" };
  const run = async (...command: string[]) => {
    const finished = await startAlembic({ interpreter, project, command, folder, environment }).finished;
    expect(finished.exitCode, finished.stderr).toBe(0);
    return finished;
  };
  const steps = (await run("upgrade", "head")).stderr.split("\n").flatMap((line) => parseStep(line) ?? []);
  expect(steps.map(({ to }) => to)).toEqual([["a1"]]);
  expect(parseCurrent((await run("current", "--verbose")).stdout)).toMatchObject([{ versions: ["a1"] }]);
  await run("downgrade", "base");
}

const pyproject =
  '[project]\nname = "shop"\nversion = "0"\nrequires-python = ">=3.9"\ndependencies = ["alembic>=1.13"]\n';

describe("uv, for real", () => {
  const settings = { UV_PYTHON_DOWNLOADS: "never", UV_CACHE_DIR: path.join(home, "uv-cache") };
  let folder = "";
  let environment: NodeJS.ProcessEnv = {};

  beforeAll(async () => {
    folder = place("uv", { "pyproject.toml": pyproject });
    environment = environmentWith(scripts, { ...settings, UV_PROJECT_ENVIRONMENT: path.join(home, "uv-elsewhere") });
    await execute(path.join(scripts, "uv"), ["lock", "--quiet", "--python", python], { cwd: folder, env: environment });
  }, 120_000);

  const installed = (): readonly string[] =>
    globSync("uv-elsewhere/**/site-packages/*", { cwd: home, onlyDirectories: true }).map((one) => path.basename(one));

  test("its lock file alone installs no package", async () => {
    const [uv] = candidatesIn(folder);
    const { found, tried } = await verifyFirst(uv === undefined ? [] : [uv], folder, environment);
    expect([found, tried[0]]).toMatchObject([undefined, expect.stringMatching(/^uv run --no-sync python \(from .*\)/)]);
    expect(installed()).toEqual([]);
  });

  test("by its lock file, with an environment that lies elsewhere, and by the setting", async () => {
    await execute(path.join(scripts, "uv"), ["sync", "--quiet", "--python", python], { cwd: folder, env: environment });
    const found = await find(candidatesIn(folder), folder, environment);
    expect(found).toMatchObject({ command: "uv", from: path.join(folder, "uv.lock") });
    expect(found.executable).toContain("uv-elsewhere");
    expect(installed()).toContain("alembic");
    await isRunThrough(found, folder, environment);
    const set = await find(candidatesIn(folder, ["uv", "run", "alembic"]), folder, environment);
    expect(set).toMatchObject({ speaks: "alembic", alembicVersion: expect.stringMatching(/^1\.\d+/) as string });
    await isRunThrough(set, folder, environment);
  }, 120_000);
});

test("poetry, for real: by its lock file, with an environment that lies elsewhere, and by the setting", async () => {
  const folder = place("poetry", { "pyproject.toml": `${pyproject}\n[tool.poetry]\npackage-mode = false\n` });
  const environment = environmentWith(scripts, {
    ...{ POETRY_VIRTUALENVS_PATH: path.join(home, "poetry-elsewhere"), POETRY_VIRTUALENVS_IN_PROJECT: "false" },
    ...{ POETRY_CACHE_DIR: path.join(home, "poetry-cache"), PYTHON_KEYRING_BACKEND: "keyring.backends.null.Keyring" },
  });
  const poetry = (...args: string[]) => execute(path.join(scripts, "poetry"), args, { cwd: folder, env: environment });
  await poetry("install", "--quiet", "--no-interaction");
  const found = await find(candidatesIn(folder), folder, environment);
  expect(found).toMatchObject({ command: "poetry", from: path.join(folder, "poetry.lock") });
  expect(found.executable).toContain("poetry-elsewhere");
  await isRunThrough(found, folder, environment);
  const set = await find(candidatesIn(folder, ["poetry", "run", "alembic"]), folder, environment);
  expect(set).toMatchObject({ speaks: "alembic" });
  await isRunThrough(set, folder, environment);
}, 180_000);

/** Takes the options of one sub-command, then starts what is left; what it was given is written down. */
function standIn(name: string, reference: { readonly before: string; readonly options: readonly string[] }): string {
  const folder = path.join(home, `bin-${name}`);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  const script = `#!${python}
import os, sys
words = sys.argv[1:]
with open(os.path.join(${JSON.stringify(folder)}, "given"), "a") as given: given.write(" ".join(words[:8]) + "\\n")
before = ${JSON.stringify(reference.before.split(" "))}
if words[:len(before)] != before: sys.exit(f"unknown command {words}")
words = words[len(before):]
while words and words[0].startswith("-"):
    if words[0] not in ${JSON.stringify(reference.options)}: sys.exit(f"unexpected argument {words[0]}")
    words.pop(0)
${name === "docker" ? "service = words.pop(0)\nif service != 'app': sys.exit(f'service {service} is not running')" : ""}
environment = {**os.environ, "PATH": ${JSON.stringify(path.dirname("PYTHON"))} + os.pathsep + os.environ["PATH"]}
os.execvpe(words[0], words, environment)
`;
  writeFileSync(file, script.replace(JSON.stringify(path.dirname("PYTHON")), JSON.stringify(path.dirname(python))));
  chmodSync(file, 0o755);
  return folder;
}
const given = (folder: string): readonly string[] =>
  readFileSync(path.join(folder, "given"), "utf8").trim().split("\n");

test.skipIf(process.platform === "win32")("pixi, by the options that its reference names", async () => {
  // https://pixi.sh/latest/reference/cli/pixi/run/: pixi run [OPTIONS] [TASK]...
  const bin = standIn("pixi", { before: "run", options: ["--frozen", "--locked", "--no-install"] });
  const folder = place("pixi", { "pixi.lock": "" });
  const environment = environmentWith(bin);
  const found = await find(candidatesIn(folder), folder, environment);
  expect(found).toMatchObject({ command: "pixi", from: path.join(folder, "pixi.lock") });
  await isRunThrough(found, folder, environment);
  for (const line of given(bin)) expect(line).toMatch(/^run --frozen --no-install python -[cm] /);
  const set = await find(candidatesIn(folder, ["pixi", "run", "alembic"]), folder, environment);
  await isRunThrough(set, folder, environment);
  expect(given(bin).at(-1)).toBe("run alembic downgrade base");
});

test.skipIf(process.platform === "win32")("docker compose exec, by the options that its reference names", async () => {
  // https://docs.docker.com/reference/cli/docker/compose/exec/: docker compose exec [OPTIONS] SERVICE COMMAND [ARGS...]
  const bin = standIn("docker", { before: "compose exec", options: ["-T", "--no-TTY", "-d", "--detach"] });
  const folder = place("docker", {});
  const environment = environmentWith(bin);
  const command = ["docker", "compose", "exec", "-T", "app", "alembic"];
  const found = await find(candidatesIn(folder, command), folder, environment);
  expect(found).toMatchObject({ speaks: "alembic", isRunner: true });
  await isRunThrough(found, folder, environment);
  expect(given(bin)).toEqual([
    "compose exec -T app alembic --version",
    "compose exec -T app alembic upgrade head",
    "compose exec -T app alembic current --verbose",
    "compose exec -T app alembic downgrade base",
  ]);
  // A path of this machine would mean nothing in there.
  copyFileSync(path.join(folder, "alembic.ini"), path.join(folder, "other.ini"));
  const project = { config: path.join(folder, "other.ini"), section: "alembic" };
  const running = startAlembic({ interpreter: found, project, command: ["heads"], folder, environment });
  expect((await running.finished).exitCode).toBe(0);
  expect(given(bin).at(-1)).toBe("compose exec -T app alembic -c other.ini heads");
});
