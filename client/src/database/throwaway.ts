/** A database of its own for a test of migrations, on the server of the dev database, gone afterwards. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ask } from "../../../server/src/database/connect.ts";
import { toPgTarget } from "../../../server/src/database/pg-target.ts";
import { parseDatabaseUrl } from "../../../server/src/database/url.ts";
import { t } from "../l10n.ts";

export interface Throwaway {
  /** As SQLAlchemy wants it, with the driver that the project uses. */
  readonly url: string;
  /** What the database is called, by which Alembic's own word is checked. */
  readonly name: string;
  readonly remove: () => Promise<void>;
}

export type ThrowawayMade =
  { readonly ok: true; readonly throwaway: Throwaway } | { readonly ok: false; readonly reason: string };

/** Creating a database is quick, unless somebody copies the template at that moment. */
const patience = { connect: 5_000, query: 30_000 };

export const makeThrowaway = async (url: string, environment: NodeJS.ProcessEnv): Promise<ThrowawayMade> => {
  const parsed = parseDatabaseUrl(url);
  if (parsed === undefined) return { ok: false, reason: t("The URL of the dev database cannot be read.") };
  if (parsed.dialect === "sqlite") return inFile(url);
  const target = toPgTarget(parsed, environment);
  if (target === undefined)
    return {
      ok: false,
      reason: t("A throwaway database is made for PostgreSQL and SQLite, not for {0}.", parsed.dialect),
    };
  const name = `retort_${randomBytes(6).toString("hex")}`;
  const made = await ask(target, t("A new database"), (client) => client.query(`CREATE DATABASE ${name}`), patience);
  if (!made.ok) return made;
  return {
    ok: true,
    throwaway: {
      name,
      url: withDatabase(url, name),
      remove: async () => {
        await ask(
          target,
          t("The throwaway database"),
          (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
          patience,
        );
      },
    },
  };
};

const inFile = async (url: string): Promise<ThrowawayMade> => {
  const folder = await mkdtemp(path.join(tmpdir(), "retort-throwaway-"));
  const file = path.join(folder, "retort.db").replaceAll("\\", "/");
  const scheme = url.slice(0, url.indexOf("://"));
  return {
    ok: true,
    throwaway: {
      name: "retort.db",
      url: `${scheme}:///${file}`,
      remove: () => rm(folder, { recursive: true, force: true }),
    },
  };
};

/** The path of a URL is its database; everything else stays as it is, a `dbname` in the query excepted. */
export const withDatabase = (url: string, name: string): string => {
  const [, before = "", , query = ""] = /^([^:]+:\/\/[^/?]*)(\/[^?]*)?(\?.*)?$/s.exec(url.trim()) ?? [];
  const kept = query
    .slice(1)
    .split("&")
    .filter((part) => part !== "" && !part.startsWith("dbname="));
  return `${before}/${name}${kept.length > 0 ? `?${kept.join("&")}` : ""}`;
};
