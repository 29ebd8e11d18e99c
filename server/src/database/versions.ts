/** Reads the version table of a PostgreSQL database, and nothing else. */
import type pg from "pg";
import { ask, impatient, type Answered } from "./connect.ts";
import type { PgTarget } from "./pg-target.ts";

export interface VersionTable {
  readonly name: string;
  readonly schema?: string;
}

/** `undefined`: several schemas have a version table, and the connection's search path names none of them. */
export type Versions = readonly string[] | undefined;

/** `what` is read, in the words of whoever asks. */
export const readVersions = (target: PgTarget, table: VersionTable, what: string): Promise<Answered<Versions>> =>
  ask(target, what, (client) => queryVersions(client, table));

const queryVersions = async (client: pg.Client, table: VersionTable): Promise<Versions> => {
  await client.query(`SET statement_timeout = ${String(impatient.query)}`);
  const found = await client.query<{ schema: string; visible: boolean }>(
    `SELECT n.nspname AS schema, pg_table_is_visible(c.oid) AS visible
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'v') AND ($2::text IS NULL OR n.nspname = $2)`,
    [table.name, table.schema ?? null],
  );
  const visible = found.rows.filter((row) => row.visible);
  const candidates = visible.length > 0 ? visible : found.rows;
  if (candidates.length > 1) return undefined;
  const [only] = candidates;
  if (only === undefined) return [];
  const rows = await client.query<{ version_num: string }>(
    `SELECT version_num FROM ${client.escapeIdentifier(only.schema)}.${client.escapeIdentifier(table.name)}`,
  );
  return rows.rows.map((row) => row.version_num);
};
