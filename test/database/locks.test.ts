/**
 * What the rule says of locks, held against a PostgreSQL server: a statement beside a long data change is found where
 * it keeps people from a table that existed, and nowhere else, unless the rule's page says why.
 */
import type pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { mixedSchemaAndData as rule } from "../../server/src/rules/mixed-schema-and-data.ts";
import { findsIn } from "../support/cases.ts";
import { useDatabases } from "./postgres.ts";

const databases = useDatabases();
let database = "";

const schema = `
CREATE ROLE reader;
CREATE TABLE teams (id integer PRIMARY KEY, name text);
CREATE TABLE users (id integer PRIMARY KEY, team_id integer, name text, hits integer DEFAULT 0);
CREATE TABLE logs (id integer, at date);
CREATE TABLE events (id integer, k integer) PARTITION BY LIST (k);
CREATE TABLE lone (id integer, k integer);
CREATE INDEX ix_users_name ON users (name);
ALTER TABLE users ADD CONSTRAINT ck CHECK (hits >= 0) NOT VALID;
ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES teams NOT VALID;
CREATE VIEW v AS SELECT id FROM users;
CREATE MATERIALIZED VIEW mv AS SELECT id FROM users;
CREATE SEQUENCE s;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE unused AS ENUM ('a');
CREATE TABLE moods (id integer, m mood);
CREATE DOMAIN positive AS integer;
CREATE TABLE amounts (id integer, p positive);
CREATE POLICY p ON users USING (true);
CREATE STATISTICS st ON name, hits FROM users;
CREATE SCHEMA old;
CREATE TABLE old.things (id integer);
`;

beforeAll(async () => {
  database = await databases.create();
  await databases.server().withClient(database, (client) => client.query(schema));
});

type Waits = "nobody" | "writers" | "everybody";

const againstReaders = ["AccessExclusiveLock"];
const againstWriters = ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", ...againstReaders];

/** Whom the tables that were there before keep waiting until the transaction of the statement ends. */
const waitsFor = (statement: string): Promise<Waits> =>
  databases.server().withClient(database, async (client) => {
    const before = await tablesIn(client);
    await client.query("BEGIN");
    await client.query(statement);
    const { rows } = await client.query<{ relation: number; mode: string }>(
      "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation IS NOT NULL",
    );
    await client.query("ROLLBACK");
    const modes = rows.filter(({ relation }) => before.has(relation)).map(({ mode }) => mode);
    if (modes.some((mode) => againstReaders.includes(mode))) return "everybody";
    return modes.some((mode) => againstWriters.includes(mode)) ? "writers" : "nobody";
  });

async function tablesIn(client: pg.Client): Promise<ReadonlySet<number>> {
  const { rows } = await client.query<{ oid: number }>("SELECT oid FROM pg_class WHERE relkind IN ('r', 'p')");
  return new Set(rows.map(({ oid }) => oid));
}

const isFound = async (statement: string): Promise<boolean> =>
  (await findsIn(rule, `op.execute("""${statement}""")\nop.execute("UPDATE logs SET at = now()")\n`)).length > 0;

describe("is found, and keeps people waiting:", () => {
  test.each<readonly [Waits, string]>([
    ["everybody", "ALTER TABLE users ADD COLUMN z integer"],
    ["everybody", "ALTER TABLE users DROP COLUMN hits"],
    ["everybody", "ALTER TABLE users RENAME COLUMN hits TO visits"],
    ["everybody", "ALTER TABLE users RENAME TO people"],
    ["everybody", "ALTER TABLE users ALTER COLUMN name SET NOT NULL"],
    ["everybody", "ALTER TABLE users ALTER COLUMN name SET DEFAULT 'x'"],
    ["everybody", "ALTER TABLE users ALTER COLUMN name TYPE varchar(200)"],
    ["everybody", "ALTER TABLE users ALTER COLUMN name SET STORAGE EXTERNAL"],
    ["everybody", "ALTER TABLE users ADD CONSTRAINT c CHECK (hits < 9) NOT VALID"],
    ["everybody", "ALTER TABLE users DROP CONSTRAINT fk"],
    ["everybody", "ALTER TABLE users ENABLE ROW LEVEL SECURITY"],
    ["everybody", "ALTER TABLE users OWNER TO CURRENT_USER"],
    ["everybody", "ALTER TABLE users SET (user_catalog_table = true)"],
    ["everybody", "CREATE POLICY q ON users USING (true)"],
    ["everybody", "DROP POLICY p ON users"],
    ["everybody", "CREATE RULE r AS ON DELETE TO users DO ALSO NOTHING"],
    ["everybody", "DROP TRIGGER t ON users"],
    ["everybody", "DROP FUNCTION touch() CASCADE"],
    ["everybody", "DROP TYPE mood CASCADE"],
    ["everybody", "DROP SCHEMA old CASCADE"],
    ["everybody", "DROP INDEX ix_users_name"],
    ["everybody", "DROP TABLE lone"],
    ["everybody", "CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)"],
    ["everybody", "ALTER TABLE events ATTACH PARTITION lone FOR VALUES IN (2)"],
    ["writers", "ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (team_id) REFERENCES teams"],
    ["writers", "ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (team_id) REFERENCES teams NOT VALID"],
    ["writers", "ALTER TABLE users DISABLE TRIGGER t"],
    ["writers", "ALTER DOMAIN positive ADD CHECK (value > 0)"],
    ["writers", "CREATE TRIGGER u AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()"],
    ["writers", "CREATE INDEX ix ON users (hits)"],
    ["writers", "CREATE TABLE members (id integer, user_id integer REFERENCES users)"],
    ["writers", "CREATE TABLE members (user_id integer, FOREIGN KEY (user_id) REFERENCES users (id))"],
    [
      "writers",
      "CREATE TABLE members (id integer); ALTER TABLE members ADD FOREIGN KEY (id) REFERENCES users NOT VALID",
    ],
    ["writers", "CREATE TABLE members (id integer); ALTER TABLE members ADD COLUMN u integer REFERENCES users"],
  ])("%s, %s", async (waits, statement) => {
    expect(await waitsFor(statement)).toBe(waits);
    expect(await isFound(statement)).toBe(true);
  });
});

describe("is not found, and keeps nobody waiting:", () => {
  test.each([
    "ALTER TABLE users VALIDATE CONSTRAINT ck",
    "ALTER TABLE users VALIDATE CONSTRAINT fk",
    "ALTER TABLE users SET (fillfactor = 70)",
    "ALTER TABLE users RESET (fillfactor)",
    "ALTER TABLE users ALTER COLUMN name SET STATISTICS 500",
    "ALTER TABLE users ALTER COLUMN name SET (n_distinct = 5)",
    "ALTER TABLE users CLUSTER ON ix_users_name",
    "ALTER TABLE users SET WITHOUT CLUSTER",
    "CREATE STATISTICS su ON id, hits FROM users",
    "DROP STATISTICS st",
    "COMMENT ON TABLE users IS 'people'",
    "COMMENT ON COLUMN users.name IS 'first and last'",
    "GRANT SELECT ON users TO reader",
    "ANALYZE users",
    "SELECT setval('s', 5)",
    "CREATE TABLE plain (id integer, m mood)",
    "CREATE TABLE plain (LIKE users)",
    "CREATE TABLE child () INHERITS (lone)",
    "CREATE TEMPORARY TABLE tmp AS SELECT id FROM users",
    "CREATE VIEW w AS SELECT name FROM users",
    "CREATE OR REPLACE VIEW v AS SELECT id FROM users",
    "DROP VIEW v",
    "CREATE MATERIALIZED VIEW mw AS SELECT name FROM users",
    "REFRESH MATERIALIZED VIEW mv",
    "CREATE SEQUENCE r OWNED BY users.id",
    "ALTER SEQUENCE s OWNED BY users.id",
    "DROP SEQUENCE s",
    "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN old; END'",
    "CREATE TYPE colour AS ENUM ('red')",
    "DROP TYPE unused",
  ])("%s", async (statement) => {
    expect(await waitsFor(statement)).toBe("nobody");
    expect(await isFound(statement)).toBe(false);
  });
});

describe("is an exception that the rule's page names:", () => {
  test.each<readonly [Waits, string, string]>([
    ["everybody", "LOCK TABLE users", "LOCK TABLE"],
    ["writers", "REINDEX TABLE users", "REINDEX"],
    ["everybody", "CLUSTER users USING ix_users_name", "CLUSTER"],
    ["everybody", "TRUNCATE lone", "TRUNCATE"],
    ["writers", "ALTER TABLE users DISABLE TRIGGER ALL; ALTER TABLE users ENABLE TRIGGER ALL", "trigger"],
  ])("%s, %s is not found", async (waits, statement, word) => {
    expect(await waitsFor(statement)).toBe(waits);
    expect(await isFound(statement)).toBe(false);
    expect([...(rule.allowed ?? []), ...(rule.counted ?? [])].join(" ")).toContain(word);
  });

  test.each(["ALTER TYPE mood ADD VALUE 'glad'", "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'"])(
    "nobody, %s is found",
    async (statement) => {
      expect(await waitsFor(statement)).toBe("nobody");
      expect(await isFound(statement)).toBe(true);
      expect((rule.counted ?? []).join(" ")).toContain("ALTER TYPE");
    },
  );

  test("a new value of an enum cannot be used before the transaction ends", async () => {
    const use = waitsFor("ALTER TYPE mood ADD VALUE 'glad'; UPDATE moods SET m = 'glad'");
    await expect(use).rejects.toThrow(/unsafe use of new value/);
  });
});

test("a foreign key of a new table lets everybody read the table it points at, and nobody write", async () => {
  const server = databases.server();
  await server.withClient(database, async (migration) => {
    await migration.query("BEGIN");
    await migration.query("CREATE TABLE members (user_id integer REFERENCES users)");
    const write = server.withClient(database, async (application) => {
      await application.query("SET lock_timeout = '100ms'");
      await application.query("SELECT count(*) FROM users");
      await application.query("INSERT INTO users (id) VALUES (1)");
    });
    await expect(write).rejects.toThrow(/lock timeout/);
    await migration.query("ROLLBACK");
  });
});
