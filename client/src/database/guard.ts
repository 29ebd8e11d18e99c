/** Which databases may be changed without asking: those of this machine whose names do not say production. */
import { hostsOf, renderDatabase, type DatabaseUrl } from "../../../server/src/database/url.ts";
import { t } from "../l10n.ts";

export interface Machine {
  /** Names and addresses by which this machine knows itself. */
  readonly names: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A database that a run would change; `url` is undefined where nobody could tell which one it is. */
export interface GuardedDatabase {
  readonly url: DatabaseUrl | undefined;
  /** Names by which it is called: a section of the config, a variable of the environment. */
  readonly calledBy?: readonly string[];
}

export interface Verdict {
  /** One sentence each; empty: nothing to ask. */
  readonly reasons: readonly string[];
  /** What a person should read before saying yes. */
  readonly databases: readonly { readonly host: string; readonly database: string; readonly user: string }[];
}

/** @param listed what a person has listed as not for development: `host`, `database`, `host/database`, with `*` */
export const guard = (
  databases: readonly GuardedDatabase[],
  machine: Machine,
  listed: readonly string[] = [],
): Verdict => {
  const reasons = databases.flatMap((database) => [
    ...reasonsFor(database, machine),
    ...reasonsFromList(database, machine, listed),
  ]);
  return {
    reasons: [...new Set(databases.length === 0 ? [unknownReason] : reasons)],
    databases: databases.flatMap(({ url }) => (url === undefined ? [] : [describe(url, machine)])),
  };
};

const unknownReason = t("Alembic did not say which database it uses.");

const reasonsFor = ({ url, calledBy = [] }: GuardedDatabase, machine: Machine): string[] => {
  if (url === undefined) return [unknownReason];
  const hosts = hostsOf(url, machine.environment);
  const remote = hosts.filter((host) => !isThisMachine(host, machine.names));
  const named = [...hosts, url.database, url.user, ...calledBy].find(
    (name): name is string => name !== undefined && saysProduction(name),
  );
  const service = url.query.get("service")?.[0] ?? (hosts.length === 0 ? machine.environment["PGSERVICE"] : undefined);
  return [
    ...(remote.length > 0 ? [t("{0} is not this machine.", remote.join(", "))] : []),
    ...(service === undefined || url.dialect !== "postgresql"
      ? []
      : [t("The connection service “{0}” decides which server is used.", service)]),
    ...(named === undefined ? [] : [t("The name “{0}” says production.", named)]),
  ];
};

/** Every spelling by which a person may have listed it; a server of this machine is called `localhost` too. */
const reasonsFromList = (
  { url }: GuardedDatabase,
  { environment }: Machine,
  listed: readonly string[],
): readonly string[] => {
  if (url === undefined) return [];
  const hosts = hostsOf(url, environment);
  const names = hosts.length === 0 ? ["localhost"] : hosts;
  const database = url.database ?? url.user ?? "";
  const spellings = [...names, database, ...names.map((host) => `${host}/${database}`)];
  const pattern = listed.find((one) => spellings.some((name) => matchesListed(one, name)));
  return pattern === undefined ? [] : [t("“{0}” in {1} is about this database.", pattern, "retort.protectedDatabases")];
};

/** `*` stands for anything; upper and lower case are the same. */
export const matchesListed = (pattern: string, name: string): boolean => {
  const parts = pattern.trim().toLowerCase().split("*");
  const text = name.toLowerCase();
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return first !== "" && text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
};

const describe = (url: DatabaseUrl, machine: Machine): Verdict["databases"][number] => {
  const hosts = hostsOf(url, machine.environment);
  const port = url.port === undefined ? "" : `:${String(url.port)}`;
  return {
    host: hosts.length === 0 ? t("this machine") : `${hosts.join(", ")}${port}`,
    database: url.database ?? url.user ?? renderDatabase(url, machine.environment),
    user: url.user ?? "",
  };
};

/** Loopback, a socket, or one of this machine's own names and addresses. */
export const isThisMachine = (host: string, names: readonly string[] = []): boolean => {
  if (host.startsWith("/") || host.startsWith("@")) return true;
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .replace(/^::ffff:(?=\d+\.)/, "");
  if (name === "localhost" || name.endsWith(".localhost") || name === "localhost.localdomain") return true;
  if (/^127(\.\d{1,3}){1,3}$/.test(name) || name === "0.0.0.0" || /^(0{1,4}:){7}0{0,3}1$|^::1$/.test(name)) return true;
  return names.some((own) => own.toLowerCase() === name);
};

const productionWords = new Set(["prod", "production", "prd", "live", "primary"]);

/** True where one of the words of a name says production: `app_prod`, `prod-db-1`, `appProduction`; not `product` or `delivery`. */
export const saysProduction = (name: string): boolean =>
  name
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((word) => productionWords.has(word));
