/** Database URLs as SQLAlchemy reads them: `dialect+driver://user:password@host:port/database?key=value`. */
export interface DatabaseUrl {
  /** `postgresql`, `mysql`, `sqlite` …; the alias `postgres` is given as `postgresql`. */
  readonly dialect: string;
  readonly driver?: string;
  readonly user?: string;
  readonly password?: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  /** A key may be given more than once. */
  readonly query: ReadonlyMap<string, readonly string[]>;
}

const pattern =
  /^([\w+]+):\/\/(?:([^:/]*)(?::([^@]*))?@)?(?:(?:\[([^/?]+)\]|([^/:?]+))?(?::([^/?]*))?)?(?:\/([^?]*))?(?:\?(.*))?$/s;

/** Percent signs that encode nothing stay as they are, as in Python's `unquote`. */
const unquote = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
};

/** Undefined where the text is no database URL. */
export const parseDatabaseUrl = (text: string): DatabaseUrl | undefined => {
  const match = pattern.exec(text.trim());
  if (!match) return undefined;
  const [, name = "", user, password, ipv6, plainHost, port, database, query] = match;
  const [dialect = "", driver] = name.toLowerCase().split("+");
  const host = ipv6 ?? plainHost;
  const portNumber = port ? Number(port) : undefined;
  if (portNumber !== undefined && !Number.isInteger(portNumber)) return undefined;
  return {
    dialect: dialect === "postgres" ? "postgresql" : dialect,
    ...(driver === undefined ? {} : { driver }),
    ...(user ? { user: unquote(user) } : {}),
    ...(password === undefined ? {} : { password: unquote(password) }),
    ...(host === undefined ? {} : { host: unquote(host) }),
    ...(portNumber === undefined ? {} : { port: portNumber }),
    ...(database ? { database: unquote(database) } : {}),
    query: parseQuery(query ?? ""),
  };
};

const parseQuery = (text: string): Map<string, string[]> => {
  const query = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(text)) query.set(key, [...(query.get(key) ?? []), value]);
  return query;
};

/**
 * Every host that a connection by this URL may reach. PostgreSQL's client library takes hosts from the query too, several of
 * them even, and from `PGHOST` where the URL names none. Empty: a socket or a file of this machine.
 */
export const hostsOf = (url: DatabaseUrl, environment: Readonly<Record<string, string | undefined>> = {}): string[] => {
  const named = [
    ...(url.host === undefined ? [] : [url.host]),
    ...(url.query.get("host") ?? []),
    ...(url.query.get("hostaddr") ?? []),
  ];
  const inherited =
    named.length === 0 && url.dialect === "postgresql" ? [environment["PGHOSTADDR"], environment["PGHOST"]] : [];
  return [...named, ...inherited]
    .flatMap((host) => (host ?? "").split(","))
    .map((host) => withoutPort(host.trim()))
    .filter((host) => host !== "");
};

/** SQLAlchemy allows `host=name:port` in the query; an IPv6 address has more than one colon and stays as it is. */
const withoutPort = (host: string): string => /^([^:]+):\d+$/.exec(host)?.[1] ?? host;

const defaultPorts: Readonly<Record<string, number>> = { postgresql: 5432, mysql: 3306, mariadb: 3306, mssql: 1433 };

/** For people: `dev@localhost/app`. Never the password. */
export const renderDatabase = (
  url: DatabaseUrl,
  environment: Readonly<Record<string, string | undefined>> = {},
): string => {
  if (url.dialect === "sqlite") return url.database ?? "SQLite in memory";
  const hosts = hostsOf(url, environment);
  const host = hosts.length === 0 || hosts.every((one) => one.startsWith("/")) ? "local socket" : hosts.join(",");
  const port = url.port !== undefined && url.port !== defaultPorts[url.dialect] ? `:${String(url.port)}` : "";
  const user = url.user === undefined ? "" : `${url.user}@`;
  return `${user}${host}${port}/${url.database ?? url.user ?? ""}`;
};

/** The database alone: `app`, `dev.db`. */
export const nameDatabase = (url: DatabaseUrl): string =>
  (url.dialect === "sqlite" ? url.database?.split(/[\\/]/).at(-1) : (url.database ?? url.user)) ?? "Database";

/** Same server and database, whatever driver, password or spelling of "this machine" the two URLs use. */
export const sameDatabase = (
  a: DatabaseUrl,
  b: DatabaseUrl,
  environment: Readonly<Record<string, string | undefined>> = {},
): boolean => {
  const key = (url: DatabaseUrl): string => {
    if (url.dialect === "sqlite") return `sqlite:${url.database ?? ""}`;
    const hosts = hostsOf(url, environment).map((host) => (loopback.test(host) ? "localhost" : host.toLowerCase()));
    const port = url.port ?? url.query.get("port")?.[0] ?? defaultPorts[url.dialect];
    return JSON.stringify([
      url.dialect,
      hosts.length === 0 ? ["localhost"] : hosts,
      String(port),
      url.database ?? url.user,
    ]);
  };
  return key(a) === key(b);
};

const loopback = /^(localhost|127(\.\d+){3}|::1)$/i;
