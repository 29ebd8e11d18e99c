/**
 * The proof of the refactorings: the original and what is made of it, run by the real Alembic on two real databases with
 * the same rows, give the same schema and the same rows: up, down, and up again.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { retort } from "../cli/retort.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { child, mixed, parent, type SmallProject } from "./project.ts";
import { refactoredMigrations, type RefactoredMigration } from "./refactored.ts";
import { buildOnce } from "./retort.ts";
import { contents, refactored as refactoredIn, whole as wholeIn } from "./rewritten.ts";
import { useStages, type State } from "./stage.ts";

const databases = useDatabases();
const alembic = useAlembic();
beforeAll(buildOnce);
const open = useStages(databases, alembic);
const scope = createScope();
afterAll(() => scope.close());

const whole = (migration: RefactoredMigration): SmallProject => wholeIn(scope, migration);
const refactored = (migration: RefactoredMigration): Promise<SmallProject> => refactoredIn(scope, migration);

describe.each(refactoredMigrations)("$refactoring of a migration that $name", (migration) => {
  const facts = ({ schema, rows }: State): State => ({
    schema: schema.filter((fact) => migration.except?.test(fact) !== true),
    rows,
  });

  test.each([false, true])("gives the same, with a transaction per migration: %s", async (perMigration) => {
    const project = await refactored(migration);
    const original = await open(whole(migration), perMigration);
    const changed = await open(project, perMigration);
    const before = facts(await original.up(parent));
    expect(facts(await changed.up(parent))).toEqual(before);
    const after = facts(await original.up(mixed));
    expect(facts(await changed.up(mixed)), contents(project)).toEqual(after);
    if (migration.restores) {
      const { schema } = await changed.down(parent);
      expect(schema, contents(project)).toEqual(before.schema);
      expect((await changed.up("head")).schema, contents(project)).toEqual((await original.up("head")).schema);
      return;
    }
    const undone = facts(await original.down(parent));
    expect(facts(await changed.down(parent)), contents(project)).toEqual(undone);
    const again = facts(await original.up("head"));
    expect(facts(await changed.up("head")), contents(project)).toEqual(again);
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

describe("batches beside somebody who holds rows locked", () => {
  const locked: RefactoredMigration = {
    name: "fills a column",
    refactoring: "batch-past-locks",
    given: `
      CREATE TABLE t (id int PRIMARY KEY, a text, b text);
      INSERT INTO t SELECT n, 'a' || n FROM generate_series(1, 100) n;
      CREATE TABLE seen (filled int);`,
    upgrade: `    op.execute("UPDATE t SET b = a WHERE b IS NULL")`,
    downgrade: "    pass",
    parts: 1,
    makes: /SKIP LOCKED/,
    batchSize: 10,
  };
  /** Holds two rows, and changes one, until somebody waits for them; notes what that one has done so far. */
  const holding = `
    DO $$ BEGIN
      PERFORM 1 FROM t WHERE id IN (5, 55) FOR UPDATE;
      UPDATE t SET a = 'new' WHERE id = 55;
      LOOP
        PERFORM pg_stat_clear_snapshot();
        EXIT WHEN EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database());
        PERFORM pg_sleep(0.02);
      END LOOP;
      INSERT INTO seen SELECT count(*) FROM t WHERE b IS NOT NULL;
    END $$`;

  test.each([
    ["batch-past-locks", 98],
    ["batch-data-change", 0],
  ])("%s has changed %s rows when it waits for them, and all in the end", async (refactoring, filled) => {
    const stage = await open(await refactored({ ...locked, refactoring, makes: /BATCH_SIZE/ }));
    await stage.up(parent);
    const holder = stage.sql(holding);
    const isHeld = "SELECT count(*) FROM pg_locks WHERE relation = 't'::regclass AND mode = 'RowExclusiveLock'";
    while (Number(await stage.ask(isHeld)) === 0);
    const { rows } = await stage.up(mixed);
    await holder;
    expect(rows["t"]?.filter((row) => row.includes('"b": null'))).toEqual([]);
    expect(rows["t"]?.join()).toContain('"a": "new", "b": "new"');
    expect(rows["seen"]).toEqual([`{"filled": ${filled}}`]);
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

describe("the command line, told of a database", () => {
  const revision = (id: string, below: string, body: string): string =>
    `-- migrations/versions/${id}.py --\nfrom alembic import op\nimport sqlalchemy as sa\nrevision = "${id}"\ndown_revision = ${below}\ndef upgrade():\n${body}\ndef downgrade():\n    pass\n`;
  const body = `    op.add_column("t", sa.Column("b", sa.Integer()))\n    op.execute("UPDATE t SET b = 1")`;
  const source = (url: string): string =>
    `-- alembic.ini --\n[alembic]\nscript_location = migrations\nsqlalchemy.url = ${url}\n${revision("a1", "None", `    op.create_table("t", sa.Column("a", sa.Integer()))`)}${revision("b2", '"a1"', body)}${revision("c3", '"b2"', body.replaceAll("b", "c"))}`;

  test("asks where it stands, and changes what has run there only on purpose", async () => {
    const name = await databases.create();
    const server = databases.server();
    const url = server.url(name).replace("postgresql://", "postgresql+psycopg://");
    const split = (file: string, ...more: readonly string[]) =>
      retort(["split", `migrations/versions/${file}.py`, "--write", ...more], source(url));
    expect((await split("b2", "--database", url)).code).toBe(0);
    await server.withClient(name, (client) =>
      client.query("CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('b2')"),
    );
    const refused = await split("b2", "--database", url);
    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/b2 has run on .*Nothing was written/)]);
    expect((await split("b2", "--database", "config")).code).toBe(2);
    expect((await split("b2", "--database", url, "--published")).code).toBe(0);
    expect((await split("c3", "--database", url)).code).toBe(0);
    await server.withClient(name, (client) => client.query("UPDATE alembic_version SET version_num = 'gone'"));
    expect((await split("c3", "--database", url)).err).toMatch(/is at a revision that no file has \(gone\)/);
  });
});
