/** The database that a person names on the command line. Nothing that is said holds the URL: it may have a password. */
import { buildMask } from "../database/mask.ts";
import { toPgTarget, type PgTarget } from "../database/pg-target.ts";
import { parseDatabaseUrl, renderDatabase } from "../database/url.ts";
import { InputError, type Io } from "./io.ts";

export interface Source {
  readonly text: string;
  /** Where the URL comes from, in words. */
  readonly from: string;
}

export interface NamedDatabase {
  readonly target: PgTarget;
  /** Without its password. */
  readonly shown: string;
  readonly mask: (text: string) => string;
}

/** `what` is read of it, as the beginning of a sentence: "statistics are read". @throws InputError where it cannot be asked */
export function toDatabase({ text, from }: Source, what: string, { environment = {} }: Io): NamedDatabase {
  const url = parseDatabaseUrl(text);
  if (url === undefined) throw new InputError(`what ${from} gives is no database URL`);
  if (url.dialect !== "postgresql")
    throw new InputError(`${what} from PostgreSQL only, and ${from} names ${url.dialect}`);
  const target = toPgTarget(url, environment);
  if (target === undefined) throw new InputError(`what ${from} gives is no database URL`);
  return {
    target,
    shown: renderDatabase(url, environment),
    mask: buildMask([text], [environment["PGPASSWORD"]]),
  };
}
