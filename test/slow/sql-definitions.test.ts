/**
 * What is read of DDL, held against a PostgreSQL server: the same statements written anew from what was read of them
 * must leave the same catalog behind.
 */
import fc from "fast-check";
import type pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import type { Action } from "../../server/src/sql/action.ts";
import { parseSql } from "../../server/src/sql/parse.ts";
import { canonicalType, renderColumnType } from "../../server/src/sql/postgres/types.ts";
import { useDatabases } from "../database/postgres.ts";
import { renderDdl } from "../sql/ddl.ts";
import { history } from "../sql/generated.ts";

const databases = useDatabases();
let database = "";

beforeAll(async () => {
  database = await databases.create();
  await databases.server().withClient(database, (client) =>
    client.query(`CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE SCHEMA other; CREATE TYPE other.kind AS ENUM ('ok'); CREATE TYPE "Kind" AS ENUM ('ok', 'no');
      CREATE TABLE u (id integer PRIMARY KEY, k text UNIQUE)`),
  );
});

const read = (sql: string): readonly Action[] => {
  const statements = parseSql(sql, "postgresql");
  expect(
    statements.map(({ confidence, why }) => why ?? confidence),
    sql,
  ).toEqual(["parsed"]);
  return statements.flatMap(({ actions }) => actions);
};

/** Runs what the server takes; gives what it took, and what then stands in the catalog. */
async function run(client: pg.Client, statements: readonly string[], refusable: boolean): Promise<Made> {
  const taken: string[] = [];
  await client.query("BEGIN");
  try {
    for (const sql of statements) {
      await client.query("SAVEPOINT before");
      const error = await client.query(sql).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined) taken.push(sql);
      else if (!refusable) throw new Error(`${String(error)}\n${statements.join(";\n")}`);
      else await client.query("ROLLBACK TO before");
      if (taken.length === 0) break;
    }
    return { taken, catalog: taken.length > 0 ? await readCatalog(client) : {} };
  } finally {
    await client.query("ROLLBACK");
  }
}

interface Made {
  readonly taken: readonly string[];
  readonly catalog: Readonly<Record<string, readonly unknown[]>>;
}

/** A default of NULL is none, though the server keeps it for types with a length. */
const catalogQueries = {
  columns: `SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull, a.attidentity, a.attgenerated,
      c.collname, CASE WHEN pg_get_expr(d.adbin, d.adrelid) NOT LIKE 'NULL::%' THEN pg_get_expr(d.adbin, d.adrelid) END AS default
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
    WHERE a.attrelid = 't'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
  constraints: `SELECT conname, contype, pg_get_constraintdef(oid) AS definition, convalidated, connoinherit
    FROM pg_constraint WHERE conrelid = 't'::regclass AND contype <> 'n' ORDER BY conname`,
  indexes: `SELECT pg_get_indexdef(indexrelid) AS definition FROM pg_index WHERE indrelid = 't'::regclass ORDER BY 1`,
  sequences: `SELECT sequencename, data_type::text, start_value, increment_by, cycle FROM pg_sequences ORDER BY 1`,
} as const;

/** Of everything that the tests below make: it is in the schema `made`. */
const schemaQueries = {
  relations: `SELECT c.oid::regclass::text AS name, relkind, relpersistence, relreplident, relrowsecurity, pg_get_partkeydef(c.oid) AS key,
      pg_get_expr(relpartbound, c.oid) AS bound, i.inhparent::regclass::text AS parent, obj_description(c.oid, 'pg_class') AS comment
    FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
    WHERE relnamespace = 'made'::regnamespace ORDER BY 1, 8`,
  columns: `SELECT attrelid::regclass::text AS table, attname, format_type(atttypid, atttypmod) AS type, attnotnull,
      col_description(attrelid, attnum) AS comment, pg_get_expr(adbin, adrelid) AS default
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
    WHERE relnamespace = 'made'::regnamespace AND attnum > 0 AND NOT attisdropped ORDER BY 1, attnum`,
  constraints: `SELECT conname, pg_get_constraintdef(oid) AS definition, obj_description(oid, 'pg_constraint') AS comment
    FROM pg_constraint WHERE connamespace = 'made'::regnamespace AND contype <> 'n' ORDER BY 1, 2`,
  types: `SELECT typname, typtype, typnotnull, typdefault, format_type(typbasetype, typtypmod) AS base, obj_description(oid, 'pg_type') AS comment
    FROM pg_type WHERE typnamespace = 'made'::regnamespace ORDER BY 1`,
  values: `SELECT enumtypid::regtype::text AS type, enumlabel FROM pg_enum JOIN pg_type t ON t.oid = enumtypid
    WHERE typnamespace = 'made'::regnamespace ORDER BY 1, enumsortorder`,
  sequences: `SELECT sequencename, data_type::text, start_value, min_value, max_value, increment_by, cycle, cache_size,
      pg_get_serial_sequence('made.t', 'id') AS owner FROM pg_sequences WHERE schemaname = 'made' ORDER BY 1`,
} as const;

async function readCatalog(
  client: pg.Client,
  queries: Readonly<Record<string, string>> = catalogQueries,
): Promise<Made["catalog"]> {
  const found: Record<string, readonly unknown[]> = {};
  for (const [name, query] of Object.entries(queries))
    found[name] = (await client.query<Record<string, unknown>>(query)).rows;
  return found;
}

describe("DDL written anew from what was read of it", () => {
  test("leaves the same catalog behind", async () => {
    let [given, kept] = [0, 0];
    await databases.server().withClient(database, async (client) => {
      await fc.assert(
        fc.asyncProperty(history, async (statements) => {
          const { taken, catalog } = await run(client, statements, true);
          given++;
          if (taken.length === 0) return;
          kept++;
          const again = await run(
            client,
            taken.flatMap((sql) => read(sql).map(renderDdl)),
            false,
          );
          expect(again.catalog, taken.join(";\n")).toEqual(catalog);
          expectColumns(read(taken[0] ?? "")[0], taken.length === 1 ? catalog["columns"] : undefined);
        }),
        { numRuns: 400 },
      );
    });
    // Else it would be a test of nothing.
    expect(kept).toBeGreaterThan(given / 4);
  });
});

describe("Other DDL written anew from what was read of it", () => {
  test.each<readonly [title: string, statements: readonly string[]]>([
    [
      "partitions",
      [
        "CREATE TABLE t (id int NOT NULL, k text NOT NULL) PARTITION BY RANGE (id, k)",
        "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1, MINVALUE) TO (5, 'x')",
        "CREATE TABLE t2 PARTITION OF t (CHECK (id > 3)) DEFAULT PARTITION BY HASH (id)",
        "CREATE TABLE t3 PARTITION OF t2 FOR VALUES WITH (MODULUS 3, REMAINDER 1)",
        "CREATE TABLE t4 (id int NOT NULL, k text NOT NULL)",
        "ALTER TABLE t ATTACH PARTITION t4 FOR VALUES FROM (7, 'a') TO (7, 'b')",
        "ALTER TABLE t DETACH PARTITION t1",
      ],
    ],
    [
      "inheritance, kinds of tables and names",
      [
        "CREATE TABLE p (a int)",
        "CREATE UNLOGGED TABLE t (id serial) INHERITS (p)",
        "CREATE TABLE q (a int)",
        "ALTER TABLE q INHERIT p",
        "ALTER TABLE t SET LOGGED, NO INHERIT p, ENABLE ROW LEVEL SECURITY, REPLICA IDENTITY FULL",
        "CREATE UNIQUE INDEX i ON t (id)",
        "ALTER TABLE t ALTER id SET NOT NULL, REPLICA IDENTITY USING INDEX i",
        "ALTER INDEX i RENAME TO j",
        'ALTER TABLE q RENAME TO "Q é"',
        'DROP TABLE IF EXISTS nowhere, "Q é"',
      ],
    ],
    [
      "types",
      [
        "CREATE TYPE mood AS ENUM ('sad', 'it''s ok')",
        "ALTER TYPE mood ADD VALUE 'fine' BEFORE 'it''s ok'",
        "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'worst' AFTER 'sad'",
        "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
        "CREATE TYPE c AS (a int, b varchar(3)[], m mood)",
        "ALTER TYPE c ADD ATTRIBUTE d numeric(4,1), DROP ATTRIBUTE b, ALTER ATTRIBUTE a TYPE bigint",
        "ALTER TYPE c RENAME ATTRIBUTE a TO z",
        "CREATE DOMAIN d AS varchar(5) DEFAULT 'x' NOT NULL CONSTRAINT k CHECK (VALUE <> '') CHECK (length(VALUE) > 0)",
        "ALTER DOMAIN d DROP NOT NULL",
        "ALTER DOMAIN d SET DEFAULT lower('Y')",
        "ALTER DOMAIN d ADD CONSTRAINT n CHECK (VALUE <> 'no') NOT VALID",
        "ALTER DOMAIN d RENAME CONSTRAINT k TO kk",
        "ALTER DOMAIN d DROP CONSTRAINT n",
        "CREATE DOMAIN e int",
        "DROP DOMAIN e",
        "ALTER TYPE mood RENAME TO humour",
        "CREATE TABLE t (id int, c c, d d, h humour DEFAULT 'blue')",
      ],
    ],
    [
      "sequences",
      [
        "CREATE TABLE t (id int)",
        "CREATE SEQUENCE s AS smallint INCREMENT BY -2 MINVALUE -100 MAXVALUE -1 START WITH -5 CACHE 3 CYCLE OWNED BY t.id",
        "CREATE SEQUENCE r",
        "ALTER SEQUENCE r AS integer INCREMENT 5 NO CYCLE RESTART OWNED BY t.id",
        "ALTER SEQUENCE r OWNED BY NONE",
        "ALTER TABLE t ALTER id SET DEFAULT nextval('s'::regclass)",
      ],
    ],
    [
      "comments",
      [
        "CREATE TABLE t (id int CONSTRAINT k CHECK (id > 0))",
        "COMMENT ON TABLE t IS 'it''s é'",
        "COMMENT ON COLUMN t.id IS 'c'",
        "COMMENT ON CONSTRAINT k ON t IS 'k'",
        "CREATE INDEX i ON t (id)",
        "COMMENT ON INDEX i IS 'i'",
        "COMMENT ON INDEX i IS NULL",
        "CREATE TYPE m AS ENUM ()",
        "COMMENT ON TYPE m IS 'm'",
      ],
    ],
  ])("leaves the same catalog behind: %s", async (_, statements) => {
    const built = async (client: pg.Client, all: readonly string[]): Promise<Made["catalog"]> => {
      await client.query("DROP SCHEMA IF EXISTS made CASCADE; CREATE SCHEMA made; SET search_path TO made;");
      for (const sql of all) await client.query(sql);
      const catalog = await readCatalog(client, schemaQueries);
      return catalog;
    };
    await databases.server().withClient(database, async (client) => {
      const original = await built(client, statements);
      const anew = statements.flatMap((sql) => read(sql).map(renderDdl)).filter((sql) => !sql.includes("nowhere"));
      expect(await built(client, anew)).toEqual(original);
      expect(original["relations"]?.length).toBeGreaterThan(0);
    });
  });
});

/** Of CREATE TABLE alone: what is read of a column is what the catalog shows of it. */
function expectColumns(action: Action | undefined, columns: readonly unknown[] | undefined): void {
  if (!columns) return;
  const seen = (action?.details.definitions ?? []).map((column) => ({
    attname: column.name,
    type: column.sqlType && renderColumnType(column.sqlType),
    attnotnull: column.nullable === false,
    attidentity: column.identity ? (column.identity.always ? "a" : "d") : "",
    attgenerated: column.computed ? (column.computed.stored ? "s" : "v") : "",
  }));
  expect(columns).toMatchObject(seen);
}

test("a type is called what the server calls it, from the tree and from the text alone", async () => {
  const written = await databases.server().withClient(database, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT typname AS name FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm')
        AND typcategory <> 'A' AND typname NOT LIKE 'pg\\_%' AND typname <> 'unknown' ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  });
  const spellings = [...written.map((name) => `"${name}"`), ...written.filter((name) => name !== "char"), ...spelled];
  await databases.server().withClient(database, async (client) => {
    for (const type of spellings) {
      await client.query(`CREATE TEMP TABLE x (c ${type})`);
      const shown = await client.query<{ type: string }>(
        "SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'pg_temp.x'::regclass AND attnum = 1",
      );
      await client.query("DROP TABLE pg_temp.x");
      const [fromTree] = read(`CREATE TABLE x (c ${type})`)[0]?.details.definitions ?? [];
      const fromText = canonicalType(type);
      expect([type, fromTree?.sqlType && renderColumnType(fromTree.sqlType)]).toEqual([type, shown.rows[0]?.type]);
      expect([type, fromText]).toEqual([type, fromTree?.sqlType]);
    }
  });
});

const spelled = [
  ...[
    "int",
    "INTEGER",
    "dec(5,1)",
    "DECIMAL(4)",
    "numeric(3,-2)",
    "float",
    "float(24)",
    "float(25)",
    "double precision",
  ],
  ...[
    "char",
    "CHARACTER (4)",
    "varchar",
    "char varying(3)",
    "national char(2)",
    "nchar varying(9)",
    "bit",
    "bit varying",
  ],
  ...["timestamp(3)", "timestamp with time zone", "timestamptz(2)", "TIME WITHOUT TIME ZONE", "time(1) with time zone"],
  ...["interval(3)", "interval year", "interval day to second(2)", "interval hour to minute", "INTERVAL SECOND(1)"],
  ...["int[]", "text[][]", "varchar(3)[4]", "bigint array", "text array[3]", "mood", "mood[]", '"Kind"', "other.kind"],
  ...["serial", "bigserial", "smallserial", "serial8", "pg_catalog.int4", "pg_catalog.bpchar", "pg_catalog.varchar(3)"],
];
