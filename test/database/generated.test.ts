/**
 * Generated migrations on a real server: original and split give the same schema and rows. And one batched change of
 * 100,000 rows while others read and write.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createScope } from "../../scripts/host/scope.ts";
import { generatedBodies, generatedGiven } from "../refactorings/generated.ts";
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

const project = (upgrade: string, given = generatedGiven): SmallProject =>
  writeProject(scope.folder("generated"), {
    name: "is generated",
    given,
    upgrade: upgrade.replaceAll(/^(?=.)/gm, "    "),
    downgrade: "    pass",
  });

const contents = ({ file }: SmallProject): string =>
  readdirSync(path.dirname(file))
    .filter((name) => name.endsWith(".py"))
    .map((name) => `--- ${name}\n${readFileSync(path.join(path.dirname(file), name), "utf8")}`)
    .join("\n");

test("splits of generated migrations give the same schema and rows", async () => {
  let made = 0;
  await fc.assert(
    fc.asyncProperty(generatedBodies, fc.boolean(), async ({ body }, perMigration) => {
      const [whole, split] = [project(body), project(body)];
      const { code, said } = await retort(split.folder, ["split", split.file, "--write"]);
      if (code !== 0) {
        expect(said).toMatch(/there is nothing to split|it cannot be split: /);
        return;
      }
      made++;
      const [original, parts] = [await open(whole, perMigration), await open(split, perMigration)];
      expect(await parts.up(parent)).toEqual(await original.up(parent));
      const failure = await original.up(mixed).then(
        () => undefined,
        (error: unknown) => String(error),
      );
      if (failure !== undefined) {
        // What cannot run at all cannot run in parts either.
        await expect(parts.up(mixed), contents(split)).rejects.toThrow();
        return;
      }
      await parts.up(mixed);
      expect(await parts.state(), contents(split)).toEqual(await original.state());
    }),
    { numRuns: 25 },
  );
  expect(made).toBeGreaterThan(8);
}, 240_000);

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
