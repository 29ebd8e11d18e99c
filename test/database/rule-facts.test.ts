/** What rules say that PostgreSQL does or refuses, tried on servers of the oldest and the newest version. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import type { Postgres } from "../../scripts/demo/postgres.ts";
import { startVersion } from "../../scripts/locks/servers.ts";

const scope = createScope();
afterAll(() => scope.close());

type Claim = readonly [what: string, statements: readonly string[], outcome: string];

const mood = ["CREATE TYPE mood AS ENUM ('sad', 'ok')", "CREATE TABLE days (id int, note text, mood mood)"];
const glad = [...mood, "BEGIN", "ALTER TYPE mood ADD VALUE 'glad'"];
const unsafe = "55P04";
const dependents = "2BP01";

const claims: readonly Claim[] = [
  ["enum-value-in-transaction: it is added", [...glad, "COMMIT"], "done"],
  ["enum-used-before-commit: INSERT", [...glad, "INSERT INTO days (mood) VALUES ('glad')"], unsafe],
  ["enum-used-before-commit: UPDATE of no row", [...glad, "UPDATE days SET mood = 'glad'"], unsafe],
  ["enum-used-before-commit: a comparison", [...glad, "SELECT FROM days WHERE mood = 'glad'"], unsafe],
  ["enum-used-before-commit: as text", [...glad, "SELECT FROM days WHERE mood::text = 'glad'"], "done"],
  ["enum-used-before-commit: a default", [...glad, "ALTER TABLE days ALTER mood SET DEFAULT 'glad'"], unsafe],
  ["enum-used-before-commit: a new column", [...glad, "ALTER TABLE days ADD m mood DEFAULT 'glad'"], unsafe],
  ["enum-used-before-commit: a check", [...glad, "ALTER TABLE days ADD CHECK (mood <> 'glad')"], unsafe],
  ["enum-used-before-commit: an index", [...glad, "CREATE INDEX ON days (id) WHERE mood = 'glad'"], unsafe],
  ["enum-created-twice", [...mood, "CREATE TYPE mood AS ENUM ('sad')"], "42710"],
  [
    "enum-value-removed: rows that hold it",
    [
      ...mood,
      "INSERT INTO days (mood) VALUES ('ok')",
      "ALTER TYPE mood RENAME TO mood_old",
      "CREATE TYPE mood AS ENUM ('sad')",
      "ALTER TABLE days ALTER mood TYPE mood USING mood::text::mood",
    ],
    "22P02",
  ],
  [
    "enum-value-removed: out of the catalog",
    [
      ...mood,
      "INSERT INTO days (mood) VALUES ('ok')",
      "DELETE FROM pg_enum WHERE enumlabel = 'ok'",
      "SELECT * FROM days",
    ],
    "22P03",
  ],
  [
    "enum-value-renamed: the old name",
    [...mood, "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'", "SELECT 'ok'::mood"],
    "22P02",
  ],
  ["dropped-type: a column has it", [...mood, "DROP TYPE mood"], dependents],
  [
    "dropped-column: indexes and constraints on others beside it go",
    [
      "CREATE TABLE t (a int, b int, UNIQUE (a, b), CHECK (a < b))",
      "CREATE INDEX ix ON t (b) INCLUDE (a)",
      "ALTER TABLE t DROP COLUMN a",
      "SELECT 1 / (SELECT 1 - least(1, count(*)) FROM pg_index WHERE indrelid = 't'::regclass)",
    ],
    "done",
  ],
  [
    "cascade: refused without",
    ["CREATE TABLE t (a int)", "CREATE VIEW v AS SELECT a FROM t", "DROP TABLE t"],
    dependents,
  ],
  [
    "dropped-schema: refused without CASCADE",
    ["CREATE SCHEMA s", "CREATE TABLE s.t (a int)", "DROP SCHEMA s"],
    dependents,
  ],
  [
    "narrowing-type-change: too long",
    ["CREATE TABLE t AS SELECT 'abcdef'::text AS a", "ALTER TABLE t ALTER a TYPE varchar(3)"],
    "22001",
  ],
  [
    "narrowing-type-change: a cast cuts",
    [
      "CREATE TABLE t AS SELECT 'abcdef'::text AS a",
      "ALTER TABLE t ALTER a TYPE varchar(3) USING a::varchar(3)",
      "SELECT 1 / (SELECT count(*) FROM t WHERE a = 'abc')",
    ],
    "done",
  ],
  [
    "narrowing-type-change: too large",
    ["CREATE TABLE t AS SELECT 3000000000 AS a", "ALTER TABLE t ALTER a TYPE integer"],
    "22003",
  ],
  [
    "narrowing-type-change: rounded",
    [
      "CREATE TABLE t AS SELECT 1.2345::numeric(10,4) AS a",
      "ALTER TABLE t ALTER a TYPE numeric(10,2)",
      "SELECT 1 / (SELECT count(*) FROM t WHERE a = 1.23)",
    ],
    "done",
  ],
  [
    "collation-change: lost with a type",
    [
      `CREATE TABLE t (a varchar(10) COLLATE "C")`,
      "ALTER TABLE t ALTER a TYPE varchar(20)",
      "SELECT 1 / (SELECT count(*) FROM information_schema.columns WHERE table_name = 't' AND collation_name IS NULL)",
    ],
    "done",
  ],
  ["vacuum-full: not in a transaction", ["CREATE TABLE t (a int)", "BEGIN", "VACUUM FULL t"], "25001"],
  [
    "partitioned-index: not CONCURRENTLY",
    [
      "CREATE TABLE e (id int, k int) PARTITION BY LIST (k)",
      "CREATE TABLE e1 PARTITION OF e FOR VALUES IN (1)",
      "CREATE INDEX CONCURRENTLY ix ON e (id)",
    ],
    "0A000",
  ],
  [
    "renamed-table: a view of the old name takes rows",
    ["CREATE TABLE people (a int)", "CREATE VIEW users AS SELECT * FROM people", "INSERT INTO users VALUES (1)"],
    "done",
  ],
];

let databases = 0;

async function tryOut(server: Postgres, statements: readonly string[]): Promise<string> {
  const name = `facts_${++databases}`;
  await server.createDatabase(name);
  return server.withClient(name, async (client) => {
    for (const [i, statement] of statements.entries()) {
      const error = await client.query(statement).then(
        () => undefined,
        (caught: unknown) => caught as { readonly code: string },
      );
      if (error) return i === statements.length - 1 ? error.code : `${statement}: ${error.code}`;
    }
    return "done";
  });
}

describe.each([13, 18] as const)("PostgreSQL %d", (version) => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startVersion(scope, version);
  });
  test.each(claims)("%s", async (_, statements, outcome) => {
    expect(await tryOut(server, statements)).toBe(outcome);
  });
});

const own = [
  "BEGIN",
  "CREATE TYPE mood AS ENUM ('sad')",
  "CREATE TABLE days (mood mood)",
  "ALTER TYPE mood ADD VALUE 'glad'",
  "INSERT INTO days VALUES ('glad')",
];
test.each([
  [16, unsafe],
  [17, "done"],
] as const)("enum-used-before-commit: a type of the same transaction, on PostgreSQL %d", async (version, outcome) => {
  expect(await tryOut(await startVersion(scope, version), own)).toBe(outcome);
});
