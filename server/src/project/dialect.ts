import type { Dialect } from "../sql/action.ts";

/** Names that SQLAlchemy and third-party dialects register, by the dialect whose SQL they speak. */
const families: Readonly<Record<string, Dialect>> = {
  postgresql: "postgresql",
  postgres: "postgresql",
  cockroachdb: "postgresql",
  redshift: "postgresql",
  mysql: "mysql",
  mariadb: "mariadb",
  sqlite: "sqlite",
  mssql: "mssql",
  oracle: "oracle",
};

const drivers: Readonly<Record<string, Dialect>> = {
  psycopg: "postgresql",
  psycopg2: "postgresql",
  asyncpg: "postgresql",
  pg8000: "postgresql",
  pymysql: "mysql",
  MySQLdb: "mysql",
  aiomysql: "mysql",
  asyncmy: "mysql",
  mariadb: "mariadb",
  sqlite3: "sqlite",
  aiosqlite: "sqlite",
  pyodbc: "mssql",
  pymssql: "mssql",
  oracledb: "oracle",
  cx_Oracle: "oracle",
};

/** Of `postgresql+asyncpg://…` the dialect before the plus sign; undefined for a name that is not known. */
export function dialectOfUrl(url: string): Dialect | undefined {
  const name = /^\s*([A-Za-z0-9_]+)(?:\+[A-Za-z0-9_]+)?:\/\//.exec(url)?.[1];
  return name === undefined ? undefined : lookUp(families, name.toLowerCase());
}

/** What a Python text imports or names that belongs to one dialect: driver imports, and URLs in strings. */
export function dialectOfPython(text: string): Dialect | undefined {
  for (const [, name] of text.matchAll(/^[ \t]*(?:import|from)[ \t]+([A-Za-z0-9_]+)/gm)) {
    const dialect = lookUp(drivers, name ?? "");
    if (dialect !== undefined) return dialect;
  }
  for (const [, url] of text.matchAll(/["']([a-z0-9_]+(?:\+[a-z0-9_]+)?:\/\/)/g)) {
    const dialect = dialectOfUrl(url ?? "");
    if (dialect !== undefined) return dialect;
  }
  return undefined;
}

/**
 * The dialect whose module revision files import: only where they agree, since a file that serves several servers
 * imports several. `sqlite` imports say little: types of it are used for tests beside the real server.
 */
export function dialectOfRevisions(texts: Iterable<string>): Dialect | undefined {
  const counts = new Map<Dialect, number>();
  for (const text of texts) {
    const seen = new Set<Dialect>();
    for (const [, after, imported] of text.matchAll(
      /\bsqlalchemy\.dialects(?:\.([a-z0-9_]+)|[ \t]+import[ \t]+\(?([A-Za-z0-9_, \t]+))/g,
    )) {
      for (const name of after === undefined ? (imported ?? "").split(/[ ,\t]+/) : [after]) {
        const dialect = lookUp(families, name);
        if (dialect !== undefined) seen.add(dialect);
      }
    }
    for (const dialect of seen) counts.set(dialect, (counts.get(dialect) ?? 0) + 1);
  }
  const others = [...counts].filter(([dialect]) => dialect !== "sqlite" || counts.size === 1);
  const [first, second] = others.sort((a, b) => b[1] - a[1]);
  if (first === undefined) return undefined;
  return second === undefined || first[1] >= 4 * second[1] ? first[0] : undefined;
}

const lookUp = (table: Readonly<Record<string, Dialect>>, name: string): Dialect | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
