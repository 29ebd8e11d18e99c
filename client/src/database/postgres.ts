/** Reads the version table of a PostgreSQL database, and nothing else. */
import { readFile } from "node:fs/promises";
import pg from "pg";
import { sslAttempts, type PgTarget } from "./pgConfig.ts";

/** Long enough for a database across the sea, short enough for a person who waits. */
const connectTimeout = 5_000;

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
  const certificate =
    target.rootCertificateFile === undefined
      ? undefined
      : await readFile(target.rootCertificateFile, "utf8").catch(() => undefined);
  let reason = "";
  for (const ssl of sslAttempts(target.sslMode, certificate)) {
    const client = new pg.Client({
      ...target.config,
      ssl,
      application_name: "retort",
      connectionTimeoutMillis: connectTimeout,
      query_timeout: connectTimeout,
      statement_timeout: connectTimeout,
    });
    // A connection that breaks between two answers is reported by the query that waits for it.
    client.on("error", () => undefined);
    try {
      await client.connect();
      return await queryVersions(client, table);
    } catch (error) {
      reason = explainConnectionError(error, target);
      if (!mayNeedEncryption(error)) break;
    } finally {
      void client.end().catch(() => undefined);
    }
  }
  return { kind: "unreachable", reason };
};

const queryVersions = async (client: pg.Client, table: VersionTable): Promise<VersionsRead> => {
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

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : "";

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const mayNeedEncryption = (error: unknown): boolean =>
  codeOf(error) === "28000" && /no encryption|SSL off|hostssl/i.test(messageOf(error));

/** One sentence for a person; the password is nowhere in it. */
export const explainConnectionError = (error: unknown, target: PgTarget): string => {
  const host = target.config.host ?? "localhost";
  const place = host.startsWith("/") ? host : `${host}:${String(target.config.port ?? 5432)}`;
  switch (codeOf(error)) {
    case "ECONNREFUSED":
      return `Nothing answers at ${place}. Is the server running?`;
    case "ENOENT":
      return `There is no PostgreSQL socket at ${place}. Is the server running?`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `No machine is known by the name ${host}.`;
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `${place} cannot be reached.`;
    case "28P01":
      return `The server at ${place} refuses the password${forUser(target)}.`;
    case "28000":
      return `The server at ${place} refuses the login${forUser(target)}: ${messageOf(error)}`;
    case "3D000":
      return `The server at ${place} has no database "${target.config.database ?? target.config.user ?? ""}".`;
    case "42501":
      return `The version table may not be read${forUser(target)}: ${messageOf(error)}`;
    default:
      return explainByMessage(messageOf(error), place);
  }
};

const explainByMessage = (message: string, place: string): string => {
  if (/timeout/i.test(message)) return `${place} did not answer within ${String(connectTimeout / 1000)} seconds.`;
  if (/SASL|password must be a string/i.test(message))
    return `The server at ${place} asks for a password, and the URL has none.`;
  return `${place}: ${message}`;
};

const forUser = (target: PgTarget): string =>
  target.config.user === undefined ? "" : ` of user "${target.config.user}"`;
