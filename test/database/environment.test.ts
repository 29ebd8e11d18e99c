/** What is edited in env.py, run by the real Alembic: the limit holds in every revision, and what they do is committed. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
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

test("a limit that is set before Alembic is configured makes it commit nothing, which is why it is set elsewhere", async () => {
  const project = writeProject(scope.folder("environment"), migration);
  const early = plainEnvironment.replace(
    "        context.configure(connection=connection",
    "        connection.exec_driver_sql(\"SET lock_timeout = '5s'\")\n        context.configure(connection=connection",
  );
  writeFileSync(path.join(project.folder, "migrations", "env.py"), early);
  const stage = await open(project);
  await stage.up(parent);
  expect(await stage.ask("SELECT to_regclass('seen')")).toBeNull();
});
