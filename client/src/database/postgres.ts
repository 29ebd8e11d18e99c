/** Reads the version table of a PostgreSQL database, and nothing else. */
import type pg from "pg";
import { ask, impatient } from "../../../server/src/database/connect.ts";
import type { PgTarget } from "../../../server/src/database/pg-target.ts";
import { t } from "../l10n.ts";

export interface VersionTable {
  readonly name: string;
  readonly schema?: string;
}

export type VersionsRead =
  | { readonly kind: "versions"; readonly versions: readonly string[] }
  | { readonly kind: "unreachable"; readonly reason: string }
  /** Several schemas have a version table and the connection's search path names none of them. */
  | { readonly kind: "ambiguous" };

export const readVersions = async (target: PgTarget, table: VersionTable): Promise<VersionsRead> => {
  const answer = await ask(target, t("The version table"), (client) => queryVersions(client, table));
  return answer.ok ? answer.value : { kind: "unreachable", reason: answer.reason };
};

const queryVersions = async (client: pg.Client, table: VersionTable): Promise<VersionsRead> => {
  await client.query(`SET statement_timeout = ${String(impatient.query)}`);
  const found = await client.query<{ schema: string; visible: boolean }>(
    `SELECT n.nspname AS schema, pg_table_is_visible(c.oid) AS visible
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'v') AND ($2::text IS NULL OR n.nspname = $2)`,
    [table.name, table.schema ?? null],
  );
  const visible = found.rows.filter((row) => row.visible);
  const candidates = visible.length > 0 ? visible : found.rows;
  if (candidates.length > 1) return { kind: "ambiguous" };
  const [only] = candidates;
  if (only === undefined) return { kind: "versions", versions: [] };
  const rows = await client.query<{ version_num: string }>(
    `SELECT version_num FROM ${client.escapeIdentifier(only.schema)}.${client.escapeIdentifier(table.name)}`,
  );
  return { kind: "versions", versions: rows.rows.map((row) => row.version_num) };
};
