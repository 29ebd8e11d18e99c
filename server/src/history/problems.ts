/** What is wrong with a history, at the place where a person can put it right. */
import type { RevisionFile } from "../model/revision.ts";
import { distance, findNearest } from "../text/nearest.ts";
import { range, type Range } from "../text/range.ts";
import { findCycles } from "./cycles.ts";
import type { HistoryProblem, Revision } from "./history.ts";
import { lacksDownRevision } from "./unread.ts";
import { illegalCharacters, lengthOf, longestStoredId } from "./identifier.ts";

export interface Suspects {
  /** Every file's, also those whose id a later file takes over. */
  readonly all: readonly Revision[];
  readonly revisions: ReadonlyMap<string, Revision>;
  /** Ids by branch label. */
  readonly labels: ReadonlyMap<string, string>;
  readonly before: ReadonlyMap<string, readonly string[]>;
  /** Ids in a cycle or after one. */
  readonly stuck: readonly string[];
}

export const findProblems = ({ all, revisions, labels, before, stuck }: Suspects): readonly HistoryProblem[] => [
  ...duplicateIds(all, revisions),
  ...illegalIds(all),
  ...longIds(all),
  ...missingDownRevisions(all),
  ...missingParents(all, revisions, labels),
  ...unknownDependencies(all, revisions, labels),
  ...cycles(stuck, revisions, before),
  ...duplicateLabels(all, revisions),
];

const nameOf = (file: RevisionFile): string => file.path.slice(file.path.lastIndexOf("/") + 1);

const at = (revision: Revision, where: Range | undefined): { path: string; range: Range } => ({
  path: revision.file.path,
  range: where ?? revision.file.identifiers.revision?.range ?? range(0, 0),
});

function duplicateIds(all: readonly Revision[], revisions: ReadonlyMap<string, Revision>): HistoryProblem[] {
  if (revisions.size === all.length) return [];
  const byId = groupBy(all, (revision) => [revision.id]);
  return all.flatMap((revision) => {
    const others = (byId.get(revision.id) ?? []).filter((other) => other !== revision);
    if (others.length === 0) return [];
    const names = others.map((other) => nameOf(other.file)).join(", ");
    const message = `Revision id "${revision.id}" is also used by ${names}.`;
    const related = others.map((other) => ({ ...at(other, undefined), message: "It is used here, too." }));
    return [{ code: "duplicate-revision", message, related, ...at(revision, undefined) }];
  });
}

function illegalIds(all: readonly Revision[]): HistoryProblem[] {
  return all.flatMap((revision) => {
    const illegal = illegalCharacters(revision.id);
    if (illegal === "") return [];
    const message = `Alembic does not allow "${[...illegal].join('", "')}" in a revision id.`;
    return [{ code: "illegal-revision-id", message, ...at(revision, revision.file.identifiers.revision?.range) }];
  });
}

/** Alembic itself reads such a file: the server refuses the row, once the revision has run. SQLite stores ids of any length. */
function longIds(all: readonly Revision[]): HistoryProblem[] {
  return all.flatMap((revision) => {
    if (revision.id.length <= longestStoredId || lengthOf(revision.id) <= longestStoredId) return [];
    const message = `Revision id "${revision.id}" has ${lengthOf(revision.id)} characters; alembic_version.version_num holds ${longestStoredId}.`;
    return [{ code: "revision-id-too-long", message, ...at(revision, revision.file.identifiers.revision?.range) }];
  });
}

/** Said only where no statement of the file binds the name: a value that could not be read is not missing. */
function missingDownRevisions(all: readonly Revision[]): HistoryProblem[] {
  return all.flatMap((revision) => {
    if (!lacksDownRevision(revision.file)) return [];
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
  if (only !== undefined && longer.length === 1) return `; Alembic needs the whole id here: "${only}".`;
  const [near] = findNearest(name, [...revisions.keys()]);
  return near !== undefined && distance(near, name) <= mostSlips ? `; did you mean "${near}"?` : ".";
}

/** Ids are random: what is alike by more than a slip is alike by chance. */
const mostSlips = 2;

function cycles(
  stuck: readonly string[],
  revisions: ReadonlyMap<string, Revision>,
  before: ReadonlyMap<string, readonly string[]>,
): HistoryProblem[] {
  return findCycles(stuck, before).flatMap((cycle): HistoryProblem[] => {
    const [id = "", next = id] = cycle;
    const revision = revisions.get(id);
    if (revision === undefined) return [];
    const { downRevision, dependsOn } = revision.file.identifiers;
    const viaParent = revision.parents.includes(next);
    const message =
      cycle.length === 2
        ? `Revision "${id}" names itself as what must run before it.`
        : `Revisions form a cycle: ${inWords(cycle)}.`;
    const related = cycle.slice(1, -1).flatMap((name, index) => {
      const other = revisions.get(name);
      const after = cycle[index + 2] ?? "";
      return other === undefined ? [] : [{ ...at(other, linkOf(other, after)), message: `"${name}" after "${after}"` }];
    });
    return [
      {
        code: "revision-cycle",
        message,
        ...(related.length > 0 ? { related } : {}),
        ...at(revision, (viaParent ? downRevision : dependsOn)?.range),
      },
    ];
  });
}

/** Where a revision says that it comes after another. */
const linkOf = ({ parents, file }: Revision, name: string): Range | undefined =>
  (parents.includes(name) ? file.identifiers.downRevision : file.identifiers.dependsOn)?.range;

const mostNamed = 8;

const inWords = (cycle: readonly string[]): string =>
  cycle.length <= mostNamed + 1
    ? cycle.join(" after ")
    : `${cycle.slice(0, mostNamed - 1).join(" after ")} after … after ${cycle.at(-1) ?? ""} (${cycle.length - 1} revisions)`;

/** Labels share one space of names with ids. */
function duplicateLabels(all: readonly Revision[], revisions: ReadonlyMap<string, Revision>): HistoryProblem[] {
  const byLabel = groupBy(all, (revision) => revision.branchLabels);
  return all.flatMap((revision) =>
    [...new Set(revision.branchLabels)].flatMap((label): HistoryProblem[] => {
      const other = (byLabel.get(label) ?? []).find((r) => r !== revision && r.id !== revision.id);
      const place = at(revision, revision.file.identifiers.branchLabels?.range);
      if (other !== undefined) {
        const message = `Branch label "${label}" is also used by revision "${other.id}".`;
        const there = at(other, other.file.identifiers.branchLabels?.range);
        return [
          {
            code: "duplicate-branch-label",
            message,
            related: [{ ...there, message: "It is used here, too." }],
            ...place,
          },
        ];
      }
      if (revision.branchLabels.indexOf(label) !== revision.branchLabels.lastIndexOf(label)) {
        return [{ code: "duplicate-branch-label", message: `Branch label "${label}" is given twice.`, ...place }];
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
