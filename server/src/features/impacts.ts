/** What each operation of a revision does to the project's server. */
import { createdBy, impactOf } from "../locks/predict.ts";
import { postgresVersions, type Impact, type PostgresVersion } from "../locks/impact.ts";
import { appliesTo } from "../model/applies.ts";
import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import type { QualifiedName } from "../sql/action.ts";
import { playedIn } from "./played.ts";

/** Versions that agree, oldest first, and what is known of them. */
export interface VersionedImpact {
  readonly versions: readonly PostgresVersion[];
  readonly impact: Impact | undefined;
}

const isAutocommit = ({ context }: Operation): boolean => context.some(({ kind }) => kind === "autocommit");

const asked = (given: readonly PostgresVersion[] | undefined): readonly PostgresVersion[] =>
  given && given.length > 0 ? given : postgresVersions;

function byVersion(versions: readonly PostgresVersion[], impact: (version: PostgresVersion) => Impact | undefined) {
  const groups: { versions: PostgresVersion[]; impact: Impact | undefined; key: string }[] = [];
  for (const version of versions) {
    const found = impact(version);
    const key = JSON.stringify(found ?? null);
    const last = groups.at(-1);
    if (last?.key === key) last.versions.push(version);
    else groups.push({ versions: [version], impact: found, key });
  }
  return groups.map(({ versions: own, impact: found }): VersionedImpact => ({ versions: own, impact: found }));
}

/**
 * By operation; those of a branch for another dialect have none, nor have projects that do not run on PostgreSQL. What
 * the same transaction has made before counts as unseen by others.
 */
export function impactsIn(
  project: Project,
  file: RevisionFile,
  direction: Direction,
  versions?: readonly PostgresVersion[],
): ReadonlyMap<Operation, readonly VersionedImpact[]> {
  const impacts = new Map<Operation, readonly VersionedImpact[]>();
  const played = project.config.dialect === "postgresql" ? playedIn(project, file, direction) : undefined;
  if (!played) return impacts;
  let created: readonly QualifiedName[] = [];
  for (const [index, operation] of direction.operations.entries()) {
    if (!appliesTo(operation, project.config.dialect)) continue;
    // An autocommit block ends the transaction that was open, and each of its statements is one of its own.
    if (isAutocommit(operation)) created = [];
    const schema = played.met[index] ?? played.before;
    impacts.set(
      operation,
      byVersion(asked(versions), (version) =>
        operation.confidence === "opaque"
          ? undefined
          : impactOf(operation, { server: { dialect: "postgresql", version }, schema, created }),
      ),
    );
    if (!isAutocommit(operation)) created = [...created, ...createdBy(operation)];
  }
  return impacts;
}
