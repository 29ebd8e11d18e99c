/** A connection to a PostgreSQL server for a few questions, and in words why there is none. */
import { readFile } from "node:fs/promises";
import type { Client } from "pg";
import { sslAttempts, type PgTarget } from "./pg-target.ts";

export type Answered<T> =
  | { readonly ok: true; readonly value: T }
  /** One sentence; the password is nowhere in it. */
  | { readonly ok: false; readonly reason: string };

export interface Patience {
  /** Milliseconds until the server has to answer at all: enough for a database across the sea. */
  readonly connect: number;
  /** Milliseconds for each question. */
  readonly query: number;
}

/** Short enough for a person who waits. */
export const impatient: Patience = { connect: 5_000, query: 5_000 };

/** Tries what the URL allows of encryption, one after the other. `what` is not allowed, in words: "The version table". */
export async function ask<T>(
  target: PgTarget,
  what: string,
  question: (client: Client) => Promise<T>,
  patience: Patience = impatient,
): Promise<Answered<T>> {
  const certificate =
    target.rootCertificateFile === undefined
      ? undefined
      : await readFile(target.rootCertificateFile, "utf8").catch(() => undefined);
  // Loaded where somebody asks a database: not when the extension or the command line starts.
  const { default: pg } = await import("pg");
  let reason = "";
  for (const ssl of sslAttempts(target.sslMode, certificate)) {
    const client = new pg.Client({
      ...target.config,
      ssl,
      application_name: "retort",
      connectionTimeoutMillis: patience.connect,
      query_timeout: patience.query,
    });
    // A connection that breaks between two answers is reported by the query that waits for it.
    client.on("error", () => undefined);
    try {
      await client.connect();
      return { ok: true, value: await question(client) };
    } catch (error) {
      reason = explainConnectionError(error, target, what, patience);
      if (!mayNeedEncryption(error)) break;
    } finally {
      void client.end().catch(() => undefined);
    }
  }
  return { ok: false, reason };
}

export const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : "";

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const mayNeedEncryption = (error: unknown): boolean =>
  codeOf(error) === "28000" && /no encryption|SSL off|hostssl/i.test(messageOf(error));

function explainConnectionError(error: unknown, target: PgTarget, what: string, patience: Patience): string {
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
      return `${what} may not be read${forUser(target)}: ${messageOf(error)}`;
    default:
      return explainByMessage(messageOf(error), place, patience);
  }
}

function explainByMessage(message: string, place: string, { connect }: Patience): string {
  if (/timeout/i.test(message)) return `${place} did not answer within ${String(connect / 1000)} seconds.`;
  if (/SASL|password must be a string/i.test(message))
    return `The server at ${place} asks for a password, and the URL has none.`;
  return `${place}: ${message}`;
}

const forUser = (target: PgTarget): string =>
  target.config.user === undefined ? "" : ` of user "${target.config.user}"`;
