/** For which server the migrations of a project are, and what tells it. */
import type { Dialect } from "../sql/action.ts";
import type { Environment } from "./env.ts";
import type { DialectSource, ProjectConfig } from "./snapshot.ts";

export type Told = Pick<ProjectConfig, "dialect" | "dialectFrom">;

export interface Signs {
  /** By the person. */
  readonly chosen: Dialect | undefined;
  /** Names of the version locations. */
  readonly folders: readonly string[];
  /** Of the config, as good as they could be read. */
  readonly urls: readonly string[];
  readonly environment: Pick<Environment, "url" | "dialect"> | undefined;
  /** Of each revision, what `importedDialects` finds; asked last. */
  imported(): Iterable<ReadonlySet<Dialect>>;
}

/**
 * What the person chose, else what the project tells. A URL of SQLite is often only there so that the project runs
 * somewhere: revisions for another server count more. Folders named for servers say for which each of them is.
 */
export function tellDialect({ chosen, folders, urls, environment, imported }: Signs): Told {
  const told = (dialect: Dialect, dialectFrom: DialectSource): Told => ({ dialect, dialectFrom });
  if (chosen !== undefined) return told(chosen, "setting");
  const [ofFolder, ...others] = folders.map(dialectOfName);
  if (ofFolder !== undefined && others.every((one) => one === ofFolder)) return told(ofFolder, "folder");
  const inUrl = urls.map(dialectOfUrl).find((dialect) => dialect !== undefined);
  const ofConfig = inUrl && told(inUrl, "url");
  const ofEnvironment = environment?.dialect && told(environment.dialect.name, environment.dialect.from);
  const isOverridden = environment?.url.isConfig === false;
  const served = isOverridden ? (ofEnvironment ?? ofConfig) : (ofConfig ?? ofEnvironment);
  if (served !== undefined && served.dialect !== "sqlite") return served;
  const ofRevisions = dialectOfRevisions(imported());
  if (ofRevisions !== undefined && ofRevisions !== served?.dialect) return told(ofRevisions, "revisions");
  return served ?? told("postgresql", "assumed");
}

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

/** Of `psycopg2.extras` PostgreSQL: the server that a driver speaks to. */
export const dialectOfDriver = (module: string): Dialect | undefined => lookUp(drivers, module.split(".")[0] ?? module);

/** Below this share of the files an import is an exception for one of several servers. PostgreSQL needs no more than one. */
const leastShare = 0.05;
/** How often the others may be imported beside it. */
const clearly = 4;

/**
 * The dialect whose module revision files import (`importedDialects` of each): only where they agree, since a project
 * that serves several servers imports several. `sqlite` says little beside another: its types are there for tests.
 */
export function dialectOfRevisions(imported: Iterable<ReadonlySet<Dialect>>): Dialect | undefined {
  const counts = new Map<Dialect, number>();
  let total = 0;
  for (const dialects of imported) {
    total += 1;
    for (const dialect of dialects) counts.set(dialect, (counts.get(dialect) ?? 0) + 1);
  }
  if (counts.size > 1) counts.delete("sqlite");
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  if (first === undefined) return undefined;
  const [dialect, count] = first;
  if (second !== undefined && count < clearly * second[1]) return undefined;
  return dialect === "postgresql" || count >= leastShare * total ? dialect : undefined;
}

/** Keywords of SQLAlchemy and Alembic that only one dialect takes, after its name: `postgresql_using="gin"`. */
const keywords: Readonly<Record<string, string>> = {
  postgresql: "using|where|ops|include|concurrently|with|tablespace|nulls_not_distinct|partition_by|inherits|not_valid",
  mysql: "engine|charset|default_charset|collate|length|prefix|using|with_parser|row_format|key_block_size",
  mariadb: "engine|charset|default_charset|collate|length|prefix|using|with_parser|row_format|key_block_size",
  sqlite: "autoincrement|where|with_rowid|strict|on_conflict",
  mssql: "clustered|include|where|columnstore|drop_check|drop_default|drop_foreign_key",
  oracle: "compress|bitmap|tablespace|on_commit",
};

const imports = /\bsqlalchemy\.dialects[ \t]+import[ \t]+\(?([A-Za-z0-9_, \t]+)/g;
const attributes = /\bdialects\.([a-z0-9_]+)/g;
const options = new RegExp(
  Object.entries(keywords)
    .map(([name, own]) => `\\b${name}_(?:${own})\\s*=(?!=)`)
    .join("|"),
  "g",
);

/**
 * What of one dialect a revision uses: the module of its types, keywords that it alone takes. Asked of every revision
 * before it is read, since the dialect is needed for that: hence no syntax tree.
 */
export function importedDialects(text: string): ReadonlySet<Dialect> {
  const names = [
    ...[...text.matchAll(imports)].flatMap(([, imported = ""]) => imported.split(/[ ,\t]+/)),
    ...[...text.matchAll(attributes)].map(([, name = ""]) => name),
    ...[...text.matchAll(options)].map(([keyword]) => keyword.slice(0, keyword.indexOf("_"))),
  ];
  return new Set(names.flatMap((name) => dialectOfName(name) ?? []));
}

/** `postgresql` of `versions/postgresql`. */
export const dialectOfName = (name: string): Dialect | undefined => lookUp(families, name.toLowerCase());

const lookUp = (table: Readonly<Record<string, Dialect>>, name: string): Dialect | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
