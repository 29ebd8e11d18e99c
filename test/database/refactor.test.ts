/**
 * The proof of the refactorings: the original and what is made of it, run by the real Alembic on two real databases with
 * the same rows, give the same schema and the same rows: up, down, and up again.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { child, mixed, parent, type SmallProject, writeProject } from "./project.ts";
import { refactoredMigrations, type RefactoredMigration } from "./refactored.ts";
import { buildOnce, retort } from "./retort.ts";
import { useStages } from "./stage.ts";

const databases = useDatabases();
const alembic = useAlembic();
beforeAll(buildOnce);
const open = useStages(databases, alembic);
const scope = createScope();
afterAll(() => scope.close());

const whole = (migration: RefactoredMigration): SmallProject => writeProject(scope.folder("whole"), migration);

/** All revision files. */
function contents(project: SmallProject): string {
  const versions = path.dirname(project.file);
  const files = readdirSync(versions).filter((name) => name.endsWith(".py"));
  return files.map((name) => `--- ${name}\n${readFileSync(path.join(versions, name), "utf8")}`).join("\n");
}

async function refactored(migration: RefactoredMigration): Promise<SmallProject> {
  const project = writeProject(scope.folder("refactored"), migration);
  const { at } = migration;
  const lines = readFileSync(project.file, "utf8").split("\n");
  const line = at === undefined ? "" : `:${lines.findIndex((one) => one.includes(at)) + 1}`;
  const outcome = await retort(project.folder, ["refactor", migration.refactoring, project.file + line, "--write"]);
  expect(outcome.code, outcome.said).toBe(0);
  expect(contents(project)).toMatch(migration.makes);
  const { batchSize } = migration;
  if (batchSize !== undefined) {
    const text = readFileSync(project.file, "utf8");
    expect(text).toContain("BATCH_SIZE = 10_000");
    writeFileSync(project.file, text.replace("BATCH_SIZE = 10_000", `BATCH_SIZE = ${batchSize}`));
  }
  expect(outcome.said.match(/^(?:created|changed) /gm), contents(project)).toHaveLength(migration.parts);
  return project;
}

describe.each(refactoredMigrations)("$refactoring of a migration that $name", (migration) => {
  test.each([false, true])("gives the same, with a transaction per migration: %s", async (perMigration) => {
    const project = await refactored(migration);
    const original = await open(whole(migration), perMigration);
    const changed = await open(project, perMigration);
    const before = await original.up(parent);
    expect(await changed.up(parent)).toEqual(before);
    const after = await original.up(mixed);
    expect(await changed.up(mixed), contents(project)).toEqual(after);
    if (migration.restores) {
      const { schema } = await changed.down(parent);
      expect(schema, contents(project)).toEqual(before.schema);
      expect((await changed.up("head")).schema, contents(project)).toEqual((await original.up("head")).schema);
      return;
    }
    const undone = await original.down(parent);
    expect(await changed.down(parent), contents(project)).toEqual(undone);
    const again = await original.up("head");
    expect(await changed.up("head"), contents(project)).toEqual(again);
    expect(await changed.standing()).toEqual([child]);
  });
});

describe("an index that cannot be built", () => {
  const doubled: RefactoredMigration = {
    name: "builds a unique index over rows that are not",
    refactoring: "build-index-concurrently",
    given: "CREATE TABLE t (id int PRIMARY KEY, a int); INSERT INTO t VALUES (1, 7), (2, 7);",
    upgrade: `    op.create_index("uq", "t", ["a"], unique=True)`,
    downgrade: `    op.drop_index("uq", "t")`,
    parts: 1,
    makes: /autocommit_block/,
  };

  test("is built at the second attempt, once the rows allow it", async () => {
    const project = await refactored(doubled);
    const stage = await open(project);
    await stage.up(parent);
    await expect(stage.up(mixed)).rejects.toThrow(/could not create unique index/);
    expect(await stage.standing()).toEqual([parent]);
    expect((await stage.state()).schema.join("\n")).toContain("uq ON public.t USING btree (a) (invalid)");
    await stage.sql("UPDATE t SET a = 8 WHERE id = 2");
    const { schema } = await stage.up(mixed);
    expect(schema.join("\n")).toMatch(/uq ON public\.t USING btree \(a\)$/m);
    expect(schema.join("\n")).not.toContain("(invalid)");
  });
});

describe("a change of rows in batches", () => {
  const failing: RefactoredMigration = {
    name: "meets a row that stops it",
    refactoring: "batch-data-change",
    given: `
      CREATE TABLE t (id int PRIMARY KEY, a text, b text);
      INSERT INTO t SELECT n, CASE WHEN n = 50 THEN 'bad' ELSE 'Good' || n END FROM generate_series(1, 100) n;
      CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF NEW.a = 'bad' THEN RAISE EXCEPTION 'stopped'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER stop BEFORE UPDATE OF b ON t FOR EACH ROW EXECUTE FUNCTION stop();`,
    upgrade: `    op.execute("UPDATE t SET b = a WHERE b IS NULL")`,
    downgrade: "    pass",
    parts: 1,
    makes: /BATCH_SIZE/,
    batchSize: 10,
  };

  test("keeps what is done when it fails, and goes on when it is run again", async () => {
    const project = await refactored(failing);
    const stage = await open(project);
    await stage.up(parent);
    await expect(stage.up(mixed)).rejects.toThrow(/stopped/);
    const done = (rows: readonly string[] = []): number => rows.filter((row) => !row.includes('"b": null')).length;
    expect(done((await stage.state()).rows["t"])).toBe(40);
    expect(await stage.standing()).toEqual([parent]);
    await stage.sql("DELETE FROM t WHERE a = 'bad'");
    expect(done((await stage.up(mixed)).rows["t"])).toBe(99);
  });

  test("gives the plain statement to a script", async () => {
    const project = await refactored(failing);
    const script = await alembic.run({
      config: project.config,
      command: "upgrade",
      revision: `${parent}:${mixed}`,
      sql: true,
    });
    expect(script).toContain("UPDATE t SET b = a WHERE b IS NULL;");
    expect(script).not.toContain(":low");
  });
});

describe("a column that is renamed in place of being dropped", () => {
  const renamed: RefactoredMigration = {
    name: "adds one column and drops another",
    refactoring: "rename-not-drop-and-add",
    at: "drop_column",
    given: `CREATE TABLE users (id int PRIMARY KEY, name text, age int); INSERT INTO users VALUES (1, 'Ada', 36), (2, NULL, 1);`,
    upgrade: `
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("full_name", sa.Text()))
        batch_op.drop_column("name")`,
    downgrade: `
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("name", sa.Text()))
        batch_op.drop_column("full_name")`,
    parts: 1,
    makes: /new_column_name="full_name"/,
  };

  test("has the schema of the original, and what the old one held, up and down", async () => {
    const original = await open(whole(renamed));
    const changed = await open(await refactored(renamed));
    await original.up(parent);
    const before = await changed.up(parent);
    const after = await changed.up(mixed);
    expect(after.schema).toEqual((await original.up(mixed)).schema);
    expect(after.rows["users"]?.join()).toContain('"full_name": "Ada"');
    expect(await changed.down(parent)).toEqual(before);
  });
});
