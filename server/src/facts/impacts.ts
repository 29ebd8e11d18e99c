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
  const groups: { servers: Server[]; impact: Impact | undefined }[] = [];
  for (const server of servers) {
    const found = impact(server);
    const last = groups.at(-1);
    if (last && isSame(last.impact, found)) last.servers.push(server);
    else groups.push({ servers: [server], impact: found });
  }
  return groups;
}

/** Of values such as JSON tells. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const [ofA, ofB] = [Object.entries(a), Object.entries(b)];
  return (
    ofA.length === ofB.length &&
    ofA.every(([name, value]) => name in b && isSame(value, (b as Readonly<Record<string, unknown>>)[name]))
  );
}

/** What an operation meets beside the schema. */
interface Meeting {
  readonly index: number;
  /** What its transaction has made before, which others have not seen. */
  readonly created: readonly QualifiedName[];
}

function meetingsIn(direction: Direction, dialect: Dialect): ReadonlyMap<Operation, Meeting> {
  const meetings = new Map<Operation, Meeting>();
  let created: readonly QualifiedName[] = [];
  for (const [index, operation] of direction.operations.entries()) {
    if (!appliesTo(operation, dialect)) continue;
    // An autocommit block ends the transaction that was open, and each of its statements is one of its own.
    if (isAutocommit(operation)) created = [];
    meetings.set(operation, { index, created });
    const made = isAutocommit(operation) ? [] : createdBy(operation);
    if (made.length > 0) created = [...created, ...made];
  }
  return meetings;
}

const noImpacts: readonly ServerImpact[] = [];

/** Answers for single operations of the direction, each worked out when it is asked for. */
export function impactFinder(
  project: Project,
  file: RevisionFile,
  direction: Direction,
  versions?: readonly PostgresVersion[],
): (operation: Operation) => readonly ServerImpact[] {
  const { dialect } = project.config;
  const servers = serversOf(dialect, versions);
  const played = servers.length > 0 ? playedIn(project, file, direction) : undefined;
  if (!played) return () => noImpacts;
  const meetings = meetingsIn(direction, dialect);
  const found = new Map<Operation, readonly ServerImpact[]>();
  return (operation) => {
    const known = found.get(operation);
    const meeting = meetings.get(operation);
    if (known || !meeting) return known ?? noImpacts;
    const { index, created } = meeting;
    const met = { schema: played.met[index] ?? played.before, created, inBatch: isInBatch(operation) };
    const isOpaque = operation.confidence === "opaque";
    const impacts = grouped(servers, (server) => (isOpaque ? undefined : impactOf(operation, { server, ...met })));
    found.set(operation, impacts);
    return impacts;
  };
}

/** By operation; those of a branch for another dialect have none. */
export function impactsIn(
  project: Project,
  file: RevisionFile,
  direction: Direction,
  versions?: readonly PostgresVersion[],
): ReadonlyMap<Operation, readonly ServerImpact[]> {
  const find = impactFinder(project, file, direction, versions);
  return new Map(
    direction.operations.flatMap((operation) => {
      const impacts = find(operation);
      return impacts === noImpacts ? [] : [[operation, impacts] as const];
    }),
  );
}
