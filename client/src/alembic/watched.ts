import { toPgTarget, type PgTarget } from "../../../server/src/database/pg-target.ts";
import { parseDatabaseUrl, sameDatabase } from "../../../server/src/database/url.ts";
import type { UrlSource } from "../database/source.ts";
import type { Prepared } from "./prepare.ts";

/**
 * The database that a run changes, where it is PostgreSQL and Retort can connect to it as well: Alembic does not tell its
 * password, so this is the URL that Retort knows, if it names the same database. Undefined: the run is not watched.
 */
export const watchedDatabase = (
  { databases, tools }: Pick<Prepared, "databases" | "tools">,
  source: UrlSource | undefined,
): PgTarget | undefined => {
  const [only] = databases;
  if (only === undefined || databases.length > 1 || source === undefined) return undefined;
  const theirs = parseDatabaseUrl(only.url);
  const ours = parseDatabaseUrl(source.url);
  if (theirs === undefined || ours === undefined || !sameDatabase(ours, theirs, tools.environment)) return undefined;
  return toPgTarget(ours, tools.environment);
};
