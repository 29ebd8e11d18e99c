import type { RevisionFile } from "../model/revision.ts";
import { range, type Range } from "../text/range.ts";
import type { History, HistoryProblem, Revision } from "./history.ts";
import { alembicOrder } from "./order.ts";

/** The graph of the revisions in `files`; files that are no revisions are left out. Never throws: what Alembic would refuse is in `problems`. */
export function buildHistory(files: Iterable<RevisionFile>): History {
  const all = [...files].flatMap(toRevision);
  const revisions = new Map(all.map((revision) => [revision.id, revision]));
  const labels = labelsOf(all);
  const kept = [...revisions.values()];
  const dependencies = new Map(kept.map((r) => [r.id, dependenciesOf(r, revisions, labels)]));
  const before = new Map(kept.map((r) => [r.id, predecessorsOf(r, revisions, dependencies)]));
  const children = childrenOf(revisions);
  const { order, stuck } = alembicOrder(revisions, dependencies, before);
  return {
    revisions,
    heads: kept.filter((r) => children.get(r.id)?.length === 0).map((r) => r.id),
    bases: kept.filter((r) => r.parents.length === 0).map((r) => r.id),
    children,
    before,
    order: [...order, ...stuck],
    problems: [
      ...duplicateIds(all),
      ...illegalIds(all),
      ...missingDownRevisions(all),
      ...missingParents(all, revisions, labels),
      ...unknownDependencies(all, revisions, labels),
      ...cycles(stuck, revisions, before),
      ...duplicateLabels(all, revisions),
    ],
  };
}

function toRevision(file: RevisionFile): Revision[] {
  const { revision, downRevision, branchLabels, dependsOn } = file.identifiers;
  if (!file.isRevision || revision === undefined) return [];
  return [
    {
      id: revision.value,
      file,
      parents: downRevision?.value ?? [],
      dependsOn: dependsOn?.value ?? [],
      branchLabels: branchLabels?.value ?? [],
      message: messageOf(file),
    },
  ];
}

export const messageOf = (file: RevisionFile): string => file.header?.message.value ?? "";

/** Of a label used twice the first revision counts. */
function labelsOf(all: readonly Revision[]): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const revision of all) {
    for (const label of revision.branchLabels) if (!labels.has(label)) labels.set(label, revision.id);
  }
  return labels;
}

/** `depends_on` may name a branch label; `down_revision` may not. */
const dependenciesOf = (
  { dependsOn }: Revision,
  revisions: ReadonlyMap<string, Revision>,
  labels: ReadonlyMap<string, string>,
): readonly string[] => [
  ...new Set(dependsOn.flatMap((name) => (revisions.has(name) ? name : (labels.get(name) ?? [])))),
];

const predecessorsOf = (
  { id, parents }: Revision,
  revisions: ReadonlyMap<string, Revision>,
  dependencies: ReadonlyMap<string, readonly string[]>,
): readonly string[] => [...new Set([...parents.filter((p) => revisions.has(p)), ...(dependencies.get(id) ?? [])])];

function childrenOf(revisions: ReadonlyMap<string, Revision>): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>([...revisions.keys()].map((id) => [id, []]));
  for (const revision of revisions.values()) {
    for (const parent of new Set(revision.parents)) children.get(parent)?.push(revision.id);
  }
  return children;
}

const nameOf = (file: RevisionFile): string => file.path.slice(file.path.lastIndexOf("/") + 1);

const at = (revision: Revision, where: Range | undefined): { path: string; range: Range } => ({
  path: revision.file.path,
  range: where ?? revision.file.identifiers.revision?.range ?? range(0, 0),
});

function duplicateIds(all: readonly Revision[]): HistoryProblem[] {
  const byId = groupBy(all, (revision) => [revision.id]);
  return all.flatMap((revision) => {
    const others = (byId.get(revision.id) ?? []).filter((other) => other !== revision);
    if (others.length === 0) return [];
    const names = others.map((other) => nameOf(other.file)).join(", ");
    const message = `Revision id "${revision.id}" is also used by ${names}.`;
    return [{ code: "duplicate-revision", message, ...at(revision, revision.file.identifiers.revision?.range) }];
  });
}

function illegalIds(all: readonly Revision[]): HistoryProblem[] {
  return all.flatMap((revision) => {
    const illegal = [...new Set(revision.id)].filter((c) => "@-+:".includes(c));
    if (illegal.length === 0) return [];
    const message = `Alembic does not allow "${illegal.join('", "')}" in a revision id.`;
    return [{ code: "illegal-revision-id", message, ...at(revision, revision.file.identifiers.revision?.range) }];
  });
}

/** Said only where no statement of the file binds the name: a value that could not be read is not missing. */
function missingDownRevisions(all: readonly Revision[]): HistoryProblem[] {
  return all.flatMap((revision) => {
    const bound = revision.file.module.some((item) => item.binds.includes("down_revision"));
    if (bound || revision.file.identifiers.downRevision !== undefined) return [];
    const message = `This revision has no "down_revision" variable, which Alembic requires; a first revision says "down_revision = None".`;
    return [{ code: "missing-down-revision", message, ...at(revision, revision.file.identifiers.revision?.range) }];
  });
}

function missingParents(
  all: readonly Revision[],
  revisions: ReadonlyMap<string, Revision>,
  labels: ReadonlyMap<string, string>,
): HistoryProblem[] {
  return all.flatMap((revision) =>
    revision.parents
      .filter((parent) => !revisions.has(parent))
      .map((parent) => ({
        code: "missing-parent" as const,
        message: `${missing(parent, "Parent revision")}${hint(parent, revisions, labels)}`,
        ...at(revision, revision.file.identifiers.downRevision?.range),
      })),
  );
}

function unknownDependencies(
  all: readonly Revision[],
  revisions: ReadonlyMap<string, Revision>,
  labels: ReadonlyMap<string, string>,
): HistoryProblem[] {
  return all.flatMap((revision) =>
    revision.dependsOn
      .filter((name) => !revisions.has(name) && !labels.has(name))
      .map((name) => ({
        code: "unknown-dependency" as const,
        message: `"depends_on" names "${name}", which is neither a revision nor a branch label of this project${hint(name, revisions, labels)}`,
        ...at(revision, revision.file.identifiers.dependsOn?.range),
      })),
  );
}

const missing = (id: string, what: string): string => `${what} "${id}" does not exist in this project`;

/** Abbreviated ids and branch labels work on Alembic's command line but not in a file. */
function hint(name: string, revisions: ReadonlyMap<string, Revision>, labels: ReadonlyMap<string, string>): string {
  const labelled = labels.get(name);
  if (labelled !== undefined) return `; it is the branch label of "${labelled}", and Alembic needs the id here.`;
  const longer = name === "" ? [] : [...revisions.keys()].filter((id) => id.startsWith(name));
  const [only] = longer;
  return only !== undefined && longer.length === 1 ? `; Alembic needs the whole id here: "${only}".` : ".";
}

function cycles(
  stuck: readonly string[],
  revisions: ReadonlyMap<string, Revision>,
  before: ReadonlyMap<string, readonly string[]>,
): HistoryProblem[] {
  const known = new Map<string, readonly string[]>();
  return stuck.flatMap((id) => {
    const revision = revisions.get(id);
    const cycle = known.get(id) ?? cycleThrough(id, before);
    if (revision === undefined || cycle === undefined) return [];
    for (const member of cycle) if (!known.has(member)) known.set(member, startingAt(member, cycle));
    const { downRevision, dependsOn } = revision.file.identifiers;
    const viaParent = revision.parents.includes(cycle[1] ?? id);
    const message =
      cycle.length === 2
        ? `Revision "${id}" names itself as what must run before it.`
        : `Revisions form a cycle: ${inWords(cycle)}.`;
    return [{ code: "revision-cycle", message, ...at(revision, (viaParent ? downRevision : dependsOn)?.range) }];
  });
}

/** The same cycle, told from another of its members. */
function startingAt(id: string, cycle: readonly string[]): readonly string[] {
  const at = cycle.indexOf(id);
  return [...cycle.slice(at, -1), ...cycle.slice(0, at), id];
}

const mostNamed = 8;

const inWords = (cycle: readonly string[]): string =>
  cycle.length <= mostNamed + 1
    ? cycle.join(" after ")
    : `${cycle.slice(0, mostNamed - 1).join(" after ")} after … after ${cycle.at(-1) ?? ""} (${cycle.length - 1} revisions)`;

/** The shortest way from `id` over its predecessors back to itself, both ends included. */
function cycleThrough(id: string, before: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [id];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const previous of before.get(next) ?? []) {
      if (previous === id) return [...wayTo(next, cameFrom), id];
      if (cameFrom.has(previous)) continue;
      cameFrom.set(previous, next);
      queue.push(previous);
    }
  }
  return undefined;
}

function wayTo(id: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way: string[] = [];
  for (let at: string | undefined = id; at !== undefined; at = cameFrom.get(at)) way.push(at);
  return way.reverse();
}

/** Labels share one space of names with ids. */
function duplicateLabels(all: readonly Revision[], revisions: ReadonlyMap<string, Revision>): HistoryProblem[] {
  const byLabel = groupBy(all, (revision) => revision.branchLabels);
  return all.flatMap((revision) =>
    [...new Set(revision.branchLabels)].flatMap((label): HistoryProblem[] => {
      const other = (byLabel.get(label) ?? []).find((r) => r !== revision && r.id !== revision.id);
      const place = at(revision, revision.file.identifiers.branchLabels?.range);
      if (other !== undefined) {
        const message = `Branch label "${label}" is also used by revision "${other.id}".`;
        return [{ code: "duplicate-branch-label", message, ...place }];
      }
      if (!revisions.has(label)) return [];
      return [{ code: "duplicate-branch-label", message: `Branch label "${label}" is also a revision id.`, ...place }];
    }),
  );
}

function groupBy<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  return groups;
}
