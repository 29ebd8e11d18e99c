/** A run of the real Alembic, watched over a second connection to a real PostgreSQL. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseFailure } from "../../client/src/alembic/output.ts";
import { startAlembic } from "../../client/src/alembic/process.ts";
import { describeSeen } from "../../client/src/alembic/watching.ts";
import { watchRun, type Seen, type Watch } from "../../client/src/database/watch-run.ts";
import { toPgTarget } from "../../server/src/database/pg-target.ts";
import { parseDatabaseUrl } from "../../server/src/database/url.ts";
import { startPostgres, type Postgres } from "../../scripts/demo/postgres.ts";
import { createScope } from "../../scripts/host/scope.ts";
import { pythonWithAlembic } from "../support/python.ts";

const scope = createScope();
const folder = mkdtempSync(path.join(tmpdir(), "retort-watch-"));
let postgres: Postgres;
let python: string;
let current: Watch | undefined;

beforeAll(async () => {
  [postgres, python] = await Promise.all([startPostgres(scope), pythonWithAlembic()]);
  await postgres.createDatabase("watched");
  await postgres.withClient("watched", (client) => client.query("CREATE TABLE users (id bigint)"));
  mkdirSync(path.join(folder, "migrations", "versions"), { recursive: true });
  writeFileSync(path.join(folder, "alembic.ini"), "[alembic]\nscript_location = %(here)s/migrations\n");
  const url = postgres.url("watched").replace("postgresql:", "postgresql+psycopg:");
  writeFileSync(
    path.join(folder, "migrations", "env.py"),
    [
      "import sqlalchemy as sa",
      "from alembic import context",
      `with sa.create_engine(${JSON.stringify(url)}).connect() as connection:`,
      "    context.configure(connection=connection)",
      "    with context.begin_transaction(): context.run_migrations()",
    ].join("\n"),
  );
  writeFileSync(
    path.join(folder, "migrations", "versions", "a.py"),
    'from alembic import op\nrevision = "aaaa"\ndown_revision = None\n\n\ndef upgrade():\n    op.execute("ALTER TABLE users ADD COLUMN a int")\n',
  );
});
afterAll(async () => {
  await current?.stop();
  await scope.close();
  rmSync(folder, { recursive: true, force: true });
});

test("tells who holds the lock that a run waits for, and stops the statement of that run alone", async () => {
  const holder = new pg.Client({ connectionString: postgres.url("watched"), application_name: "holder" });
  await holder.connect();
  await holder.query("BEGIN");
  await holder.query("SELECT * FROM users");
  const url = parseDatabaseUrl(postgres.url("watched"));
  const target = url && toPgTarget(url);
  if (target === undefined) throw new Error("no target");
  const running = startAlembic({
    interpreter: { command: python, args: [], from: "test" },
    project: { config: path.join(folder, "alembic.ini"), section: "alembic" },
    command: ["upgrade", "head"],
    folder,
    environment: { ...process.env, PGAPPNAME: "retort-run-1" },
  });
  const problems: string[] = [];
  const said: string[] = [];
  const waiting = new Promise<Seen>((resolve) => {
    const watch = watchRun(target, "retort-run-1", {
      tell: (seen) => {
        if (seen === undefined) return;
        said.push(describeSeen(seen) ?? "");
        if (seen.blockers.length > 0) resolve(seen);
      },
      onProblem: (reason) => problems.push(reason),
    });
    current = watch;
  });
  const seen = await waiting;
  expect(seen.session.statement).toContain("ALTER TABLE users ADD COLUMN a int");
  expect(said.at(-1)).toMatch(
    /^waits \d+ s for AccessExclusiveLock on users, held by holder of \w+ \(pid \d+\), idle in/,
  );
  expect(await current?.cancelStatement()).toBe(true);
  const finished = await running.finished;
  expect(finished.exitCode).not.toBe(0);
  const failure = parseFailure(finished.stderr, (file) => file.startsWith(folder));
  expect(failure).toMatchObject({
    reason: expect.stringContaining("canceling statement") as unknown,
    sql: "ALTER TABLE users ADD COLUMN a int",
    place: { file: path.join(folder, "migrations", "versions", "a.py"), line: 7 },
  });
  // The holder was not touched.
  expect((await holder.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  await holder.end();
  expect(problems).toEqual([]);
});
