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

async function readCatalog(client: pg.Client): Promise<Made["catalog"]> {
  const found: Record<string, readonly unknown[]> = {};
  for (const [name, query] of Object.entries(catalogQueries))
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
