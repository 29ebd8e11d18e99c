/** A SQLAlchemy URL in the terms of the driver `pg`. */
import type { ConnectionOptions } from "node:tls";
import { hostsOf, type DatabaseUrl } from "./url.ts";

export interface PgConfig {
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

export type SslMode = "disable" | "prefer" | "require" | "verify-ca" | "verify-full";

export interface PgTarget {
  readonly config: PgConfig;
  readonly sslMode: SslMode;
  readonly rootCertificateFile?: string;
}

/** Undefined where the URL is not PostgreSQL's. What the URL leaves out comes from the environment, as with libpq. */
export const toPgTarget = (
  url: DatabaseUrl,
  environment: Readonly<Record<string, string | undefined>> = {},
): PgTarget | undefined => {
  if (url.dialect !== "postgresql") return undefined;
  const first = (key: string): string | undefined => url.query.get(key)?.[0];
  const host = hostsOf(url, environment)[0];
  const queryPort = first("port")?.split(",")[0];
  const portText = queryPort ?? environment["PGPORT"];
  const port = url.port ?? (portText === undefined ? undefined : Number(portText));
  const user = url.user ?? first("user") ?? environment["PGUSER"];
  const password = url.password ?? first("password") ?? environment["PGPASSWORD"];
  const database = url.database ?? first("dbname") ?? environment["PGDATABASE"];
  const rootCertificateFile = first("sslrootcert");
  return {
    config: {
      ...(host === undefined ? {} : { host }),
      ...(port === undefined || !Number.isInteger(port) ? {} : { port }),
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
      ...(database === undefined ? {} : { database }),
    },
    sslMode: toSslMode(first("sslmode") ?? first("ssl") ?? environment["PGSSLMODE"]),
    ...(rootCertificateFile === undefined ? {} : { rootCertificateFile }),
  };
};

/** libpq's words; asyncpg's `ssl=true` and `ssl=require` too. `allow` and what is unknown count as libpq's default, `prefer`. */
const toSslMode = (word: string | undefined): SslMode => {
  switch (word?.toLowerCase()) {
    case "disable":
    case "false":
    case "0":
      return "disable";
    case "require":
    case "true":
    case "1":
      return "require";
    case "verify-ca":
      return "verify-ca";
    case "verify-full":
      return "verify-full";
    default:
      return "prefer";
  }
};

/** The attempts in order: `prefer` tries without encryption first, as most dev databases have none, and then with it. */
export const sslAttempts = (mode: SslMode, rootCertificate?: string): readonly (ConnectionOptions | false)[] => {
  const ca = rootCertificate === undefined ? {} : { ca: rootCertificate };
  switch (mode) {
    case "disable":
      return [false];
    case "prefer":
      return [false, { rejectUnauthorized: false }];
    case "require":
      return [{ rejectUnauthorized: false }];
    case "verify-ca":
      return [{ rejectUnauthorized: true, ...ca, checkServerIdentity: () => undefined }];
    case "verify-full":
      return [{ rejectUnauthorized: true, ...ca }];
  }
};
