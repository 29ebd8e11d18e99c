/** What each operation of a revision does to the project's server. */
import { createdBy, impactOf } from "../locks/predict.ts";
import { postgresVersions, type Impact, type PostgresVersion, type Server } from "../locks/impact.ts";
import { appliesTo } from "../model/applies.ts";
import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import type { Dialect, QualifiedName } from "../sql/action.ts";
import { playedIn } from "./played.ts";

/** Servers that agree, the oldest first, and what is known of them. */
export interface ServerImpact {
  readonly servers: readonly Server[];
  readonly impact: Impact | undefined;
}

const isAutocommit = ({ context }: Operation): boolean => context.some(({ kind }) => kind === "autocommit");
const isInBatch = ({ context }: Operation): boolean => context.some(({ kind }) => kind === "batch");

/** The newest of what the manuals tell apart only in notes. */
const documented: Partial<Record<Dialect, Server>> = {
  mysql: { dialect: "mysql", version: "8.4" },
  mariadb: { dialect: "mariadb", version: "11" },
  sqlite: { dialect: "sqlite" },
};

function serversOf(dialect: Dialect, versions: readonly PostgresVersion[] | undefined): readonly Server[] {
  if (dialect !== "postgresql") return documented[dialect] ? [documented[dialect]] : [];
  const asked = versions && versions.length > 0 ? versions : postgresVersions;
  return asked.map((version): Server => ({ dialect: "postgresql", version }));
}

function grouped(servers: readonly Server[], impact: (server: Server) => Impact | undefined): readonly ServerImpact[] {
  const groups: { servers: Server[]; impact: Impact | undefined; key: string }[] = [];
  for (const server of servers) {
    const found = impact(server);
    const key = JSON.stringify(found ?? null);
    const last = groups.at(-1);
    if (last?.key === key) last.servers.push(server);
    else groups.push({ servers: [server], impact: found, key });
  }
  return groups;
}

/**
 * By operation; those of a branch for another dialect have none. What the same transaction has made before counts as
 * unseen by others.
 */
export function impactsIn(
  project: Project,
  file: RevisionFile,
  direction: Direction,
  versions?: readonly PostgresVersion[],
): ReadonlyMap<Operation, readonly ServerImpact[]> {
  const impacts = new Map<Operation, readonly ServerImpact[]>();
  const { dialect } = project.config;
  const servers = serversOf(dialect, versions);
  const played = servers.length > 0 ? playedIn(project, file, direction) : undefined;
  if (!played) return impacts;
  let created: readonly QualifiedName[] = [];
  for (const [index, operation] of direction.operations.entries()) {
    if (!appliesTo(operation, dialect)) continue;
    // An autocommit block ends the transaction that was open, and each of its statements is one of its own.
    if (isAutocommit(operation)) created = [];
    const met = { schema: played.met[index] ?? played.before, created, inBatch: isInBatch(operation) };
    const isOpaque = operation.confidence === "opaque";
    impacts.set(
      operation,
      grouped(servers, (server) => (isOpaque ? undefined : impactOf(operation, { server, ...met }))),
    );
    if (!isAutocommit(operation)) created = [...created, ...createdBy(operation)];
  }
  return impacts;
}
