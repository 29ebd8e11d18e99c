/** The project's own Alembic, led to a throwaway database, whatever its env.py reads; and told where it is not. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseCurrent, type CurrentDatabase } from "../../client/src/alembic/output.ts";
import { startAlembic } from "../../client/src/alembic/process.ts";
import { isRedirected, redirect } from "../../client/src/alembic/redirected.ts";
import { makeThrowaway, type Throwaway } from "../../client/src/database/throwaway.ts";
import { startPostgres, type Postgres } from "../../scripts/demo/postgres.ts";
import { createScope } from "../../scripts/host/scope.ts";
import { pythonWithAlembic } from "../support/python.ts";

const scope = createScope();
const folder = mkdtempSync(path.join(tmpdir(), "retort-throwaway-"));
let postgres: Postgres;
let python: string;
let dev: string;

beforeAll(async () => {
  [postgres, python] = await Promise.all([startPostgres(scope), pythonWithAlembic()]);
  await postgres.createDatabase("dev");
  dev = postgres.url("dev").replace("postgresql:", "postgresql+psycopg:");
});
afterAll(async () => {
  await scope.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = `
with sa.create_engine(url).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction(): context.run_migrations()
`;

/** @param url how env.py finds it, in Python */
function place(name: string, url: string, config = dev): string {
  const project = path.join(folder, name);
  mkdirSync(path.join(project, "migrations", "versions"), { recursive: true });
  writeFileSync(
    path.join(project, "alembic.ini"),
    `[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = ${config.replaceAll("%", "%%")}\n`,
  );
  const env = `import os, sqlalchemy as sa\nfrom alembic import context\nurl = ${url}\n${run}`;
  writeFileSync(path.join(project, "migrations", "env.py"), env);
  writeFileSync(
    path.join(project, "migrations", "versions", "a.py"),
    'from alembic import op\nrevision = "aaaa"\ndown_revision = None\n\n\ndef upgrade():\n    op.execute("CREATE TABLE made (id int)")\n\n\ndef downgrade():\n    op.execute("DROP TABLE made")\n',
  );
  return project;
}

async function alembic(project: string, { url }: Throwaway, command: readonly string[]): Promise<CurrentDatabase[]> {
  const tools = {
    interpreter: { command: python, args: [], from: "test", alembicVersion: "1" },
    project: { config: path.join(project, "alembic.ini"), section: "alembic" },
    folder: project,
    environment: { ...process.env, SHOP_URL: dev },
  };
  const to = redirect(tools, url, "SHOP_URL");
  if (typeof to === "string") throw new Error(to);
  const finished = await startAlembic({ ...to, command }).finished;
  expect(finished.stderr).not.toContain("Traceback");
  return parseCurrent(finished.stdout);
}

const tablesOf = async (database: string): Promise<number> =>
  (
    await postgres.withClient(database, (client) =>
      client.query("SELECT 1 FROM pg_class WHERE relname = 'made' AND relkind = 'r'"),
    )
  ).rows.length;

const make = async (url: string): Promise<Throwaway> => {
  const made = await makeThrowaway(url, process.env);
  if (!made.ok) throw new Error(made.reason);
  return made.throwaway;
};

test.each([
  ["config", 'context.config.get_main_option("sqlalchemy.url")'],
  ["section", 'context.config.get_section(context.config.config_ini_section)["sqlalchemy.url"]'],
  ["variable", 'os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:")'],
  ["named", 'os.environ["SHOP_URL"]'],
])(
  "an env.py that reads the %s runs on the throwaway database, and the dev database stays as it was",
  async (name, url) => {
    const project = place(name, url);
    const throwaway = await make(dev);
    expect(isRedirected(await alembic(project, throwaway, ["current", "--verbose"]), throwaway.name)).toBe(true);
    await alembic(project, throwaway, ["upgrade", "head"]);
    expect([await tablesOf(throwaway.name), await tablesOf("dev")]).toEqual([1, 0]);
    await throwaway.remove();
    const { rows } = await postgres.withClient("dev", (client) =>
      client.query("SELECT 1 FROM pg_database WHERE datname LIKE 'retort\\_%'"),
    );
    expect(rows).toEqual([]);
  },
);

test("an env.py that connects where it likes is found out before anything runs", async () => {
  const throwaway = await make(dev);
  const project = place("stubborn", JSON.stringify(dev));
  expect(isRedirected(await alembic(project, throwaway, ["current", "--verbose"]), throwaway.name)).toBe(false);
  await throwaway.remove();
});

test("SQLite gets a file of its own, and other dialects none", async () => {
  const project = place("sqlite", 'context.config.get_main_option("sqlalchemy.url")', "sqlite:///dev.db");
  const throwaway = await make("sqlite:///dev.db");
  expect(isRedirected(await alembic(project, throwaway, ["current", "--verbose"]), throwaway.name)).toBe(true);
  await throwaway.remove();
  expect(await makeThrowaway("mysql://localhost/app", {})).toMatchObject({ ok: false });
});
