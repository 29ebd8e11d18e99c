/** Which databases may be changed without asking: those of this machine whose names do not say production. */
import { hostsOf, renderDatabase, type DatabaseUrl } from "../../../server/src/database/url.ts";

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

export const guard = (databases: readonly GuardedDatabase[], machine: Machine): Verdict => {
  const reasons = databases.flatMap((database) => reasonsFor(database, machine));
  return {
    reasons: [...new Set(databases.length === 0 ? [unknownReason] : reasons)],
    databases: databases.flatMap(({ url }) => (url === undefined ? [] : [describe(url, machine)])),
  };
};

const unknownReason = "Alembic did not say which database it uses.";

const reasonsFor = ({ url, calledBy = [] }: GuardedDatabase, machine: Machine): string[] => {
  if (url === undefined) return [unknownReason];
  const hosts = hostsOf(url, machine.environment);
  const remote = hosts.filter((host) => !isThisMachine(host, machine.names));
  const named = [...hosts, url.database, url.user, ...calledBy].find(
    (name): name is string => name !== undefined && saysProduction(name),
  );
  const service = url.query.get("service")?.[0] ?? (hosts.length === 0 ? machine.environment["PGSERVICE"] : undefined);
  return [
    ...(remote.length > 0 ? [`${remote.join(", ")} is not this machine.`] : []),
    ...(service === undefined || url.dialect !== "postgresql"
      ? []
      : [`The connection service "${service}" decides which server is used.`]),
    ...(named === undefined ? [] : [`The name "${named}" says production.`]),
  ];
};

const describe = (url: DatabaseUrl, machine: Machine): Verdict["databases"][number] => {
  const hosts = hostsOf(url, machine.environment);
  const port = url.port === undefined ? "" : `:${String(url.port)}`;
  return {
    host: hosts.length === 0 ? "this machine" : `${hosts.join(", ")}${port}`,
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
