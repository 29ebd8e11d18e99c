/** Whether a real PostgreSQL calls the types of columns what is read from the directives that made them. */
import type pg from "pg";
import { expect, test } from "vitest";
import { renderColumnType } from "../../server/src/sql/postgres/types.ts";
import { useDatabases } from "../database/postgres.ts";
import { types } from "./directive-cases.ts";
import { actionsOfPython, writeSql } from "./written.ts";

const databases = useDatabases();

/** Their types come with extensions that the server of the tests does not bring along. */
const needsExtension = /\b(?:CITEXT|HSTORE)\b/;

test("types are called as format_type() calls them", async () => {
  const codes = types
    .filter((type) => !needsExtension.test(type))
    .map((type) => `op.create_table("t", sa.Column("c", ${type}))`);
  const written = await writeSql(codes, "postgresql");
  const called = await databases.server().withClient(await databases.create(), async (client) => {
    await client.query("CREATE SCHEMA s");
    const found: (string | undefined)[] = [];
    for (const [i, code] of codes.entries()) found.push(await typeMadeBy(client, code, written[i]?.sql ?? ""));
    return found;
  });
  expect(codes.map((code) => [code, readFrom(code)])).toEqual(codes.map((code, i) => [code, called[i]]));
});

function readFrom(code: string): string | undefined {
  const type = actionsOfPython(code, "postgresql")[0]?.details.definitions?.[0]?.sqlType;
  return type && renderColumnType(type);
}

/** What the catalog calls the type of the table's only column; nothing is left behind. */
async function typeMadeBy(client: pg.Client, code: string, sql: string): Promise<string | undefined> {
  await client.query("BEGIN");
  if (code.includes("create_type=False")) await client.query("CREATE TYPE k AS ENUM ('a', 'b')");
  await client.query(sql);
  const { rows } = await client.query<{ type: string }>(
    `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum = 1`,
  );
  await client.query("ROLLBACK");
  return rows[0]?.type;
}
