/** A batched change of 100,000 rows while others read and write. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { mixed, parent, type SmallProject, writeProject } from "./project.ts";
import { buildOnce, retort } from "./retort.ts";
import { useStages } from "./stage.ts";

const databases = useDatabases();
const open = useStages(databases, useAlembic());
beforeAll(buildOnce);
const scope = createScope();
afterAll(() => scope.close());

const project = (upgrade: string, given: string): SmallProject =>
  writeProject(scope.folder("batched"), { name: "is large", given, upgrade: `    ${upgrade}`, downgrade: "    pass" });

test("100,000 rows are changed in batches while others read and write", async () => {
  const count = 100_000;
  const batched = project(
    `op.execute("UPDATE people SET name = upper(email) WHERE name IS NULL")`,
    `CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, name text, hits integer NOT NULL DEFAULT 0);
     INSERT INTO people (email, name) SELECT 'o''neil"' || n || '@ö', CASE WHEN n % 10 = 0 THEN 'kept' END FROM generate_series(1, ${count}) n`,
  );
  const { code, said } = await retort(batched.folder, ["refactor", "batch-data-change", batched.file, "--write"]);
  expect(code, said).toBe(0);
  const stage = await open(batched);
  await stage.up(parent);
  let isDone = false;
  let writes = 0;
  let reads = 0;
  const others = (async () => {
    while (!isDone) {
      const id = 1 + ((writes * 7919) % count);
      await stage.sql(`UPDATE people SET hits = hits + 1 WHERE id = ${id}`);
      writes++;
      if (writes % 3 === 0) {
        await stage.sql(`INSERT INTO people (email, name, hits) VALUES ('new', 'new', 0)`);
        expect(await stage.ask("SELECT count(*) >= 100000 FROM people")).toBe(true);
        reads++;
      }
    }
  })();
  await stage.up(mixed).finally(() => {
    isDone = true;
  });
  await others;
  expect(writes).toBeGreaterThan(0);
  expect(reads).toBeGreaterThanOrEqual(0);
  // Nobody's write is lost, and every row that was to change has.
  expect(await stage.ask("SELECT sum(hits)::int FROM people")).toBe(writes);
  expect(await stage.ask("SELECT count(*)::int FROM people WHERE name IS NULL")).toBe(0);
  expect(await stage.ask("SELECT count(*)::int FROM people WHERE name = upper(email)")).toBe(count * 0.9);
  expect(await stage.ask("SELECT count(*)::int FROM people WHERE name = 'kept'")).toBe(count * 0.1);
}, 180_000);
