/** Runners in place of `python -m alembic`: Flask-Migrate for real, and one that starts another program, as `uv run` does. */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { interpreterCandidates } from "../../client/src/alembic/candidates.ts";
import { verifyFirst } from "../../client/src/alembic/interpreter.ts";
import { parseCurrent, parseGenerated, parseStep, sqlOfRevision } from "../../client/src/alembic/output.ts";
import { startAlembic, type Finished } from "../../client/src/alembic/process.ts";
import { pythonWithAlembic } from "../support/python.ts";

const root = path.resolve(import.meta.dirname, "../..");
const packages = path.join(root, ".cache", "flask");
const folder = mkdtempSync(path.join(tmpdir(), "retort-runners-"));
let python: string;

const execute = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> =>
  new Promise((resolve) => {
    execFile(python, args, { cwd: folder, env: { ...process.env, ...env } }, (_, out, err) => {
      resolve(out + err);
    });
  });

beforeAll(async () => {
  python = await pythonWithAlembic();
  if (!existsSync(path.join(packages, "flask_migrate")))
    await execute(["-m", "pip", "install", "--quiet", "--target", packages, "flask-migrate>=4,<5"]);
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const candidatesFor = (alembicCommand: readonly string[]) =>
  interpreterCandidates({
    ...{ setting: "", alembicCommand, fromExtensions: [], home: folder },
    ...{ folder: path.join(folder, "migrations"), workspaceFolder: folder },
    ...{ platform: process.platform, exists: existsSync },
  });

test("Flask-Migrate is spoken to in its own words, and answers as Alembic does", async () => {
  writeFileSync(
    path.join(folder, "shop.py"),
    [
      "from flask import Flask",
      "from flask_migrate import Migrate",
      "from flask_sqlalchemy import SQLAlchemy",
      "app = Flask(__name__)",
      `app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///${path.join(folder, "shop.db")}"`,
      "db = SQLAlchemy(app)",
      "class Note(db.Model):",
      "    id = db.Column(db.Integer, primary_key=True)",
      "Migrate(app, db)",
    ].join("\n"),
  );
  const environment = { ...process.env, PYTHONPATH: packages };
  await execute(["-m", "flask", "--app", "shop", "db", "init"], { PYTHONPATH: packages });
  // Called `flask`, as its own script is, so that it is known for what it is.
  const flask = path.join(folder, "flask");
  writeFileSync(flask, `#!/bin/sh\nexec ${python} -m flask "$@"\n`);
  chmodSync(flask, 0o755);
  const { found, tried } = await verifyFirst(candidatesFor([flask, "--app", "shop", "db"]), "/", environment);
  if (found === undefined) throw new Error(tried.join("\n"));
  expect(found).toMatchObject({ speaks: "flask", alembicVersion: "of Flask-Migrate" });
  const run = async (...command: string[]): Promise<Finished> => {
    const project = { config: path.join(folder, "migrations", "alembic.ini"), section: "alembic" };
    const finished = await startAlembic({ interpreter: found, project, command, folder: "/", environment }).finished;
    expect(finished.exitCode, finished.stderr).toBe(0);
    return finished;
  };
  const [file] = parseGenerated((await run("revision", "-m", "add notes", "--autogenerate")).stdout);
  expect(path.basename(file ?? "")).toMatch(/_add_notes\.py$/);
  const id = path.basename(file ?? "").slice(0, 12);
  expect(sqlOfRevision((await run("upgrade", `base:${id}`, "--sql")).stdout, id)).toMatch(/CREATE TABLE note/);
  const steps = (await run("upgrade", "head")).stderr.split("\n").flatMap((line) => parseStep(line) ?? []);
  expect(steps.map(({ to }) => to)).toEqual([[id]]);
  expect(parseCurrent((await run("current", "--verbose")).stdout)).toMatchObject([{ versions: [id] }]);
  await run("downgrade", "base");
}, 120_000);

test.skipIf(process.platform === "win32")(
  "an interrupt reaches the program behind a runner that passes nothing on",
  async () => {
    const inner = path.join(folder, "inner");
    writeFileSync(
      inner,
      `#!/usr/bin/env node\nprocess.on("SIGINT", () => { console.log("stopped politely"); process.exit(130); });\nsetInterval(() => {}, 1000);\nconsole.log("ready");\n`,
    );
    const runner = path.join(folder, "runner");
    writeFileSync(
      runner,
      `#!/usr/bin/env node\nprocess.on("SIGINT", () => {});\nconst c = require("node:child_process").spawn(process.argv[2], { stdio: "inherit" });\nc.on("exit", (code) => process.exit(code));\n`,
    );
    for (const file of [inner, runner]) chmodSync(file, 0o755);
    mkdirSync(path.join(folder, "p"), { recursive: true });
    const [interpreter] = candidatesFor([runner, inner]);
    if (interpreter === undefined) throw new Error("none");
    const running = startAlembic({
      interpreter,
      project: { config: path.join(folder, "alembic.ini"), section: "alembic" },
      command: ["upgrade", "head"],
      folder,
      environment: process.env,
      onLine: (line) => {
        if (line === "ready") running.interrupt();
      },
    });
    expect(await running.finished).toMatchObject({ exitCode: 130, stdout: "ready\nstopped politely\n" });
  },
);
