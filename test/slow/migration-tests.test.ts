/** The pytest file that the extension writes, run by pytest over real histories and a real PostgreSQL. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { renderTestFile } from "../../client/src/alembic/testFile.ts";
import { connect, copyShop } from "../../scripts/demo/project.ts";
import { startPostgres, type Postgres } from "../../scripts/demo/postgres.ts";
import { createScope } from "../../scripts/host/scope.ts";
import { pythonWithAlembic } from "../support/python.ts";

const root = path.resolve(import.meta.dirname, "../..");
const packages = path.join(root, ".cache", "pytest");
const scope = createScope();
const folder = mkdtempSync(path.join(tmpdir(), "retort-pytest-"));
let postgres: Postgres;
let python: string;

const execute = (args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = folder): Promise<string> =>
  new Promise((resolve) => {
    execFile(python, args, { cwd, env: { ...process.env, ...env } }, (_, stdout, stderr) => {
      resolve(stdout + stderr);
    });
  });

beforeAll(async () => {
  [postgres, python] = await Promise.all([startPostgres(scope), pythonWithAlembic()]);
  if (!existsSync(path.join(packages, "pytest")))
    await execute(["-m", "pip", "install", "--quiet", "--target", packages, "pytest>=8,<10"]);
}, 120_000);
afterAll(async () => {
  await scope.close();
  rmSync(folder, { recursive: true, force: true });
});

function place(project: string, section = "alembic"): string {
  const template = readFileSync(path.join(root, "media/templates/test_migrations.py"), "utf8");
  const tests = path.join(project, "tests");
  mkdirSync(tests);
  const config = path.join(project, "alembic.ini");
  const values = { folder: tests, config, section, versionTable: "alembic_version" };
  writeFileSync(path.join(tests, "test_migrations.py"), renderTestFile(template, values));
  return tests;
}

const pytest = async (project: string, database: string): Promise<string> => {
  const url = postgres.url(database).replace("postgresql:", "postgresql+psycopg:");
  const args = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=line", "tests"];
  return execute(args, { TEST_DATABASE_URL: url, PYTHONPATH: packages }, project);
};

test("the sample's own history, merges among it, passes", async () => {
  const project = copyShop(folder);
  connect(project, "postgresql://nobody@127.0.0.1:1/nowhere");
  place(project);
  await postgres.createDatabase("shop_test");
  const output = await pytest(project, "shop_test");
  const count = readFileSync(path.join(root, "samples/shop/alembic.ini"), "utf8") && /(\d+) passed/.exec(output)?.[1];
  expect(output).not.toMatch(/failed|error/);
  expect(Number(count)).toBeGreaterThan(20);
}, 240_000);

test("a downgrade that forgets something fails at its revision; a database that is not for tests is not emptied", async () => {
  const project = path.join(folder, "small");
  mkdirSync(path.join(project, "migrations", "versions"), { recursive: true });
  writeFileSync(path.join(project, "alembic.ini"), "[alembic]\nscript_location = %(here)s/migrations\n");
  writeFileSync(
    path.join(project, "migrations", "env.py"),
    [
      "import os, sqlalchemy as sa",
      "from alembic import context",
      'with sa.create_engine(os.environ["DATABASE_URL"]).connect() as connection:',
      "    context.configure(connection=connection)",
      "    with context.begin_transaction(): context.run_migrations()",
    ].join("\n"),
  );
  const revision = (id: string, parent: string, up: string, down: string): void => {
    const text = `from alembic import op\nrevision = "${id}"\ndown_revision = ${parent}\n\n\ndef upgrade():\n    ${up}\n\n\ndef downgrade():\n    ${down}\n`;
    writeFileSync(path.join(project, "migrations", "versions", `${id}.py`), text);
  };
  revision("aaaa", "None", 'op.execute("CREATE TABLE a (id int)")', 'op.execute("DROP TABLE a")');
  revision("bbbb", '"aaaa"', 'op.execute("CREATE TABLE b (id int)")', "pass");
  place(project);
  await postgres.createDatabase("small_test");
  const output = await pytest(project, "small_test");
  expect(output).toMatch(/FAILED.*test_each_revision_goes_up_down_and_up\[bbbb\]/);
  expect(output).not.toMatch(/FAILED.*\[aaaa\]/);
  await postgres.createDatabase("small_live");
  await postgres.withClient("small_live", (client) => client.query("CREATE TABLE precious (id int)"));
  expect(await pytest(project, "small_live")).toMatch(/not for tests/);
  const { rows } = await postgres.withClient("small_live", (client) =>
    client.query("SELECT relname FROM pg_class WHERE relname = 'precious'"),
  );
  expect(rows).toHaveLength(1);
}, 120_000);
