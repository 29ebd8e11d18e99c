/** What the product reads of a real catalog, and what it finds to be different. */
import { expect, test } from "vitest";
import { compareCatalogs, readCatalog } from "../../server/src/database/catalog.ts";
import { useDatabases } from "./postgres.ts";

const databases = useDatabases();

const after = async (...steps: readonly string[]): Promise<readonly (readonly string[])[]> => {
  const database = await databases.create();
  return databases.server().withClient(database, async (client) => {
    const catalogs = [await readCatalog(client)];
    for (const step of steps) {
      await client.query(step);
      catalogs.push(await readCatalog(client));
    }
    return catalogs;
  });
};

test("an empty database, and one in which Alembic has its table, hold nothing of a project's", async () => {
  const [empty = [], begun = []] = await after(
    "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY)",
  );
  expect(compareCatalogs(empty, begun)).toEqual({ missing: [], added: [] });
});

const table = "CREATE TABLE t (a integer PRIMARY KEY, b text)";

test.each<[string, string, string, readonly string[]]>([
  [table, "CREATE TYPE mood AS ENUM ('sad', 'it''s ok')", "SELECT 1", ["enum mood: 'sad', 'it''s ok'"]],
  [
    table,
    "ALTER TABLE t ADD c timestamptz DEFAULT now() NOT NULL",
    "SELECT 1",
    ["column t.c timestamp with time zone NOT NULL DEFAULT now()"],
  ],
  [table, "CREATE INDEX ix ON t (b)", "SELECT 1", ["index CREATE INDEX ix ON public.t USING btree (b)"]],
  [table, "CREATE VIEW v AS SELECT a FROM t", "DROP VIEW v", []],
  [table, "ALTER TABLE t ADD c integer", "ALTER TABLE t DROP c", []],
  [table, "CREATE SEQUENCE s OWNED BY t.a", "SELECT 1", ["sequence s of bigint owned by t.a"]],
  [
    table,
    'CREATE SCHEMA other; CREATE TABLE other."T" ("A b" integer)',
    "SELECT 1",
    [`column other."T"."A b" integer`, "schema other", `table other."T"`],
  ],
  [
    table,
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
    "DROP TRIGGER g ON t; DROP FUNCTION f()",
    [],
  ],
  [table, "COMMENT ON COLUMN t.b IS 'words'", "SELECT 1", ["comment on t.b: words"]],
  [table, "CREATE DOMAIN d AS varchar(5)", "SELECT 1", ["domain d: character varying(5)"]],
  [
    table,
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (a > 1)",
    "SELECT 1",
    ["policy p of t: (a > 1) "],
  ],
])("%s; %s; %s leaves what it leaves", async (first, second, third, added) => {
  const catalogs = await after(first, second, third);
  expect(compareCatalogs(catalogs[1] ?? [], catalogs[3] ?? [])).toEqual({ missing: [], added });
});

test("what is gone or other is told on both sides", async () => {
  const [, before = [], then = []] = await after(table, "ALTER TABLE t ALTER b TYPE varchar(5)");
  expect(compareCatalogs(before, then)).toEqual({
    missing: ["column t.b text"],
    added: ["column t.b character varying(5)"],
  });
});
