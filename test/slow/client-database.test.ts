/** The client against a real PostgreSQL and a real Alembic. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseCurrent, parseFailure, parseStep, sqlOfRevision } from "../../client/src/alembic/output.ts";
import { startAlembic, type Finished } from "../../client/src/alembic/process.ts";
import { toPgTarget, type PgTarget } from "../../server/src/database/pg-target.ts";
import { readVersions } from "../../client/src/database/postgres.ts";
import { parseDatabaseUrl } from "../../server/src/database/url.ts";
import { startPostgres, type Postgres } from "../../scripts/demo/postgres.ts";
import { createScope } from "../../scripts/host/scope.ts";
import { pythonWithAlembic } from "../support/python.ts";

const scope = createScope();
const folder = mkdtempSync(path.join(tmpdir(), "retort-client-"));
let postgres: Postgres;
let python: string;

beforeAll(async () => {
  [postgres, python] = await Promise.all([startPostgres(scope), pythonWithAlembic()]);
});
afterAll(async () => {
  await scope.close();
  rmSync(folder, { recursive: true, force: true });
});

const target = (url: string): PgTarget => {
  const parsed = parseDatabaseUrl(url);
  const found = parsed === undefined ? undefined : toPgTarget(parsed);
  if (found === undefined) throw new Error(url);
  return found;
};
const table = { name: "alembic_version" };
const execute = (database: string, sql: string): Promise<unknown> =>
  postgres.withClient(database, (client) => client.query(sql));

describe("where a PostgreSQL database stands", () => {
  const url = (): string => postgres.url("standing");
  beforeAll(() => postgres.createDatabase("standing"));

  test("is nowhere without a version table", async () => {
    expect(await readVersions(target(url()), table)).toEqual({ kind: "versions", versions: [] });
  });

  test("is in a table outside of the search path where that is the only one, and uncertain where there are two", async () => {
    const create = (schema: string): string =>
      `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.alembic_version (version_num varchar); INSERT INTO ${schema}.alembic_version VALUES ('${schema}1')`;
    await execute("standing", create("first"));
    expect(await readVersions(target(url()), table)).toEqual({ kind: "versions", versions: ["first1"] });
    await execute("standing", create("second"));
    expect(await readVersions(target(url()), table)).toEqual({ kind: "ambiguous" });
    expect(await readVersions(target(url()), { ...table, schema: "second" })).toMatchObject({ versions: ["second1"] });
  });

  test("is in the table that the search path names, with one row for each branch", async () => {
    await execute(
      "standing",
      "CREATE TABLE alembic_version (version_num varchar); INSERT INTO alembic_version VALUES ('a'), ('b')",
    );
    expect(await readVersions(target(url()), table)).toMatchObject({ versions: ["a", "b"] });
  });

  test("is not told where the password is wrong, the database is missing or nobody answers; why is said in words", async () => {
    const unreachable = async (change: (url: string) => string): Promise<string> => {
      const answer = await readVersions(target(change(url())), table);
      return answer.kind === "unreachable" ? answer.reason : answer.kind;
    };
    const place = `127.0.0.1:${String(postgres.port)}`;
    expect(await unreachable((text) => text.replace(/:[^:@/]+@/, ":hunter2@"))).toBe(
      `The server at ${place} refuses the password of user "${postgres.user}".`,
    );
    expect(await unreachable((text) => text.replace("/standing", "/nowhere"))).toBe(
      `The server at ${place} has no database "nowhere".`,
    );
    expect(await unreachable((text) => text.replace(String(postgres.port), "1"))).toBe(
      "Nothing answers at 127.0.0.1:1. Is the server running?",
    );
    expect(await unreachable((text) => text.replace("127.0.0.1", "nowhere.invalid"))).toBe(
      "No machine is known by the name nowhere.invalid.",
    );
    expect(await unreachable((text) => text.replace(/:[^:@/]+@/, "@"))).toContain("asks for a password");
  });
});

describe("Alembic, started by the client", () => {
  const project = path.join(folder, "project");
  const revision = (id: string, parent: string, upgrade: string): void => {
    const text = `"""Step ${id}"""\nimport time\nfrom alembic import op\nrevision = "${id}"\ndown_revision = ${parent}\n\n\ndef upgrade():\n    ${upgrade}\n\n\ndef downgrade():\n    op.execute("SELECT 1")\n`;
    writeFileSync(path.join(project, "migrations", "versions", `${id}.py`), text);
  };
  beforeAll(async () => {
    await postgres.createDatabase("running");
    mkdirSync(path.join(project, "migrations", "versions"), { recursive: true });
    writeFileSync(path.join(project, "alembic.ini"), `[alembic]\nscript_location = %(here)s/migrations\n`);
    const url = postgres.url("running").replace("postgresql:", "postgresql+psycopg:");
    writeFileSync(
      path.join(project, "migrations", "env.py"),
      [
        "import logging, sys, sqlalchemy as sa",
        "from alembic import context",
        "logging.basicConfig(stream=sys.stderr, level=logging.INFO)",
        `url = ${JSON.stringify(url)}`,
        "if context.is_offline_mode():",
        "    context.configure(url=url, literal_binds=True)",
        "    with context.begin_transaction(): context.run_migrations()",
        "else:",
        "    with sa.create_engine(url).connect() as connection:",
        "        context.configure(connection=connection)",
        "        with context.begin_transaction(): context.run_migrations()",
      ].join("\n"),
    );
    revision("aaaa", "None", 'op.execute("CREATE TABLE a (id int)")');
    revision("bbbb", '"aaaa"', "for _ in range(1200): time.sleep(0.1)");
    revision("cccc", '"bbbb"', 'op.execute("SELECT * FROM nowhere")');
  });

  const start = (command: readonly string[], options: { platform?: NodeJS.Platform; stopAt?: string } = {}) => {
    const steps: string[] = [];
    const running = startAlembic(
      {
        interpreter: { command: python, args: [], from: "test" },
        project: { config: path.join(project, "alembic.ini"), section: "alembic" },
        command,
        folder: project,
        environment: process.env,
        onLine: (line) => {
          const step = parseStep(line);
          if (step) steps.push(step.to.join());
          if (step?.to.includes(options.stopAt ?? "-")) running.interrupt();
        },
      },
      options.platform,
    );
    return { running, steps };
  };
  const versions = (finished: Finished): readonly string[] =>
    parseCurrent(finished.stdout).flatMap((database) => database.versions);
  const current = async (): Promise<readonly string[]> =>
    versions(await start(["current", "--verbose"]).running.finished);

  test("names the database that env.py connects to, without its password", async () => {
    const { stdout, exitCode } = await start(["current", "--verbose"]).running.finished;
    expect(exitCode).toBe(0);
    const [database] = parseCurrent(stdout);
    expect(parseDatabaseUrl(database?.url ?? "")).toMatchObject({
      database: "running",
      port: postgres.port,
      password: "***",
    });
    expect(database?.versions).toEqual([]);
  });

  // The second way is the one for Windows; it works, and is tried, everywhere.
  test.each([undefined, "win32"] as const)("stops when asked to, and rolls back (%s)", async (platform) => {
    const { running, steps } = start(["upgrade", "bbbb"], { stopAt: "bbbb", ...(platform ? { platform } : {}) });
    const finished = await running.finished;
    expect(finished.exitCode).not.toBe(0);
    expect(steps).toEqual(["aaaa", "bbbb"]);
    expect(parseFailure(finished.stderr).reason).toBe("KeyboardInterrupt");
    expect(await current()).toEqual([]);
  });

  test("tells why and where it failed", async () => {
    await start(["stamp", "bbbb"]).running.finished;
    const finished = await start(["upgrade", "head"]).running.finished;
    expect(parseFailure(finished.stderr, (file) => file.startsWith(project))).toMatchObject({
      reason: 'UndefinedTable: relation "nowhere" does not exist',
      place: { file: path.join(project, "migrations", "versions", "cccc.py"), line: 9 },
      isConnection: false,
    });
    expect(await current()).toEqual(["bbbb"]);
  });

  test("writes the SQL of one revision, though a later one cannot run", async () => {
    const { stdout } = await start(["upgrade", "base:aaaa", "--sql"]).running.finished;
    const sql = sqlOfRevision(stdout, "aaaa");
    expect(sql).toContain("CREATE TABLE a (id int)");
    expect(sql).not.toContain("CREATE TABLE alembic_version");
  });
});
