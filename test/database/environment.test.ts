/** What is edited in env.py, run by the real Alembic: the limit holds in every revision, and what they do is committed. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { plainEnvironment } from "../refactorings/environments.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { mixed, parent, writeProject } from "./project.ts";
import { buildOnce, retort } from "./retort.ts";
import { useStages } from "./stage.ts";

const open = useStages(useDatabases(), useAlembic());
beforeAll(buildOnce);
const scope = createScope();
afterAll(() => scope.close());

/** Notes its limit and its transaction before and after an autocommit block. */
const note = `op.execute("INSERT INTO seen (timeout, transaction) SELECT current_setting('lock_timeout'), txid_current()")`;
const migration = {
  name: "notes what holds",
  given: `CREATE TABLE seen (id serial, timeout text, transaction bigint); INSERT INTO seen (timeout, transaction) SELECT current_setting('lock_timeout'), txid_current()`,
  upgrade: `    ${note}\n    with op.get_context().autocommit_block():\n        op.execute("CREATE INDEX CONCURRENTLY ix ON seen (timeout)")\n    op.drop_column("seen", "id")\n    ${note}`,
  downgrade: "    pass",
};

const refactor = async (folder: string, id: string): Promise<void> => {
  const { code, said } = await retort(folder, ["refactor", id, "migrations/env.py", "--write"]);
  expect(code, said).toBe(0);
};

test.each([
  ["one transaction", []],
  ["a transaction for each revision", ["transaction-per-migration"]],
])("limits the wait for locks, with %s", async (_, more) => {
  const project = writeProject(scope.folder("environment"), migration);
  const env = path.join(project.folder, "migrations", "env.py");
  writeFileSync(env, plainEnvironment);
  for (const id of ["set-lock-timeout", ...more]) await refactor(project.folder, id);
  expect(readFileSync(env, "utf8")).toContain("SET lock_timeout = '5s'");
  const stage = await open(project);
  await stage.up(mixed);
  expect(await stage.ask("SELECT array_agg(timeout) FROM seen")).toEqual(["5s", "5s", "5s"]);
  expect(await stage.ask("SELECT count(DISTINCT transaction)::int FROM seen")).toBe(more.length === 0 ? 2 : 3);
  expect(await stage.standing()).toEqual([mixed]);
});

/** What an env.py does before Alembic is configured, and whether Alembic then commits what migrations do. */
describe("a transaction that env.py has begun", () => {
  const indented = (lines: string): string => lines.replaceAll(/^(?=.)/gm, "        ");
  const before = (lines: string): string =>
    plainEnvironment
      .replace("        context.configure(connection", `${indented(lines)}\n        context.configure(connection`)
      .replace("from sqlalchemy import", "from sqlalchemy import text,");
  const inside = plainEnvironment.replace(
    "        context.configure(connection=connection, target_metadata=None)\n\n        with context.begin_transaction():\n",
    '        context.configure(connection=connection, target_metadata=None)\n\n        with context.begin_transaction():\n            connection.exec_driver_sql("SET search_path = public")\n',
  );

  test.each([
    ["is nobody's where nothing was said", plainEnvironment, true],
    ["swallows all by a setting", before(`connection.exec_driver_sql("SET lock_timeout = '5s'")`), false],
    ["swallows all by a query", before(`version = connection.scalar(text("SELECT version()"))`), false],
    [
      "is over where it was committed",
      before(`connection.exec_driver_sql("SET lock_timeout = '5s'")\nconnection.commit()`),
      true,
    ],
    [
      "is committed by who has begun it",
      before(`connection.exec_driver_sql("SET lock_timeout = '5s'")`).replace(
        "connectable.connect()",
        "connectable.begin()",
      ),
      true,
    ],
    [
      "is none where each statement commits itself",
      before(`connection.exec_driver_sql("SET lock_timeout = '5s'")`).replace(
        "poolclass=pool.NullPool)",
        'poolclass=pool.NullPool, isolation_level="AUTOCOMMIT")',
      ),
      true,
    ],
    ["is Alembic's own where the statement comes after", inside, true],
  ])("%s", async (_, env, commits) => {
    const project = writeProject(scope.folder("begun"), migration);
    writeFileSync(path.join(project.folder, "migrations", "env.py"), env);
    const stage = await open(project);
    await stage.up(parent);
    expect(await stage.ask("SELECT to_regclass('seen')::text")).toBe(commits ? "seen" : null);
    const { said } = await retort(project.folder, ["check", "--format", "json", "--fail-on", "never"]);
    expect(said.includes("env-transaction-already-begun")).toBe(!commits);
  });
});
