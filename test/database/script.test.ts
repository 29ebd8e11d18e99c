/** The script that a change of rows becomes: stopped in the middle and started again, it does what the statement did. */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { pythonWithAlembic } from "../support/python.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { mixed, writeProject } from "./project.ts";
import { buildOnce, retort } from "./retort.ts";
import { useStages } from "./stage.ts";

const databases = useDatabases();
const open = useStages(databases, useAlembic());
beforeAll(buildOnce);
const scope = createScope();
afterAll(() => scope.close());
const run = promisify(execFile);

/** Stops the program at its third pause. */
const stopping = `import runpy, sys, time
pauses = []
def sleep(seconds):
    pauses.append(seconds)
    if len(pauses) == 3:
        sys.exit("stopped")
time.sleep = sleep
runpy.run_path(sys.argv.pop(1), run_name="__main__")
`;

test.each([
  ["an integer", "id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY", ""],
  ["a uuid", "id uuid PRIMARY KEY DEFAULT gen_random_uuid()", ""],
  [
    "two columns",
    `"Kind" text DEFAULT chr(65 + (random() * 20)::int), n integer GENERATED ALWAYS AS IDENTITY`,
    `, PRIMARY KEY ("Kind", n)`,
  ],
])("goes on where it was stopped, by a key of %s", async (_, key, constraint) => {
  const migration = {
    name: "fills",
    given: `CREATE TABLE orders (${key}, total integer, cents bigint, note text${constraint});
      INSERT INTO orders (total, note) SELECT CASE WHEN n % 7 > 0 THEN n END, 'it''s ' || n FROM generate_series(1, 95) n`,
    upgrade:
      `    op.add_column("orders", sa.Column("done", sa.Text()))\n    op.execute("UPDATE orders SET cents = total * 100, note = note || ':x' WHERE cents IS NULL AND total > 3")`.replace(
        ", note = note || ':x'",
        "",
      ),
    downgrade: `    op.drop_column("orders", "done")`,
  };
  const [whole, apart] = [
    writeProject(scope.folder("whole"), migration),
    writeProject(scope.folder("apart"), migration),
  ];
  const { code, said } = await retort(apart.folder, ["refactor", "extract-data-script", apart.file, "--write"]);
  expect(code, said).toBe(0);
  const script = path.join(apart.folder, "migrations", "data_migrations", "0002_mixed.py");
  writeFileSync(
    script,
    readFileSync(script, "utf8").replace("BATCH_SIZE = 10_000", "BATCH_SIZE = 20").replace("PAUSE = 0.1", "PAUSE = 0"),
  );
  const [original, changed] = [await open(whole), await open(apart)];
  const after = await original.up(mixed);
  expect((await changed.up(mixed)).schema).toEqual(after.schema);
  const url = databases
    .server()
    .url((await changed.ask("SELECT current_database()")) as string)
    .replace("postgresql://", "postgresql+psycopg://");
  const python = await pythonWithAlembic();
  await expect(run(python, ["-c", stopping, script, url])).rejects.toThrow("stopped");
  const half = await changed.ask("SELECT count(cents)::int FROM orders");
  expect(half).toBeGreaterThan(0);
  expect(half).toBeLessThan((await original.ask("SELECT count(cents)::int FROM orders")) as number);
  const { stdout } = await run(python, [script, url]);
  expect(stdout.split("\n").filter((line) => line.includes("up to"))).toHaveLength(2);
  const sums = "SELECT array_agg(cents ORDER BY note)::text FROM orders";
  expect(await changed.ask(sums)).toEqual(await original.ask(sums));
});
