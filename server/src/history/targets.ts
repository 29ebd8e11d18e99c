/** What `upgrade` and `downgrade` are told to go to, seen from where the database stands. */
import { refuse } from "./error.ts";
import { reach, toBefore, type Graph, type Node } from "./graph.ts";
import { parseRelative, type Relative } from "./identifier.ts";
import { inLineage, isRevision, revisionNamed, type Place } from "./lookup.ts";
import { allNamed, revisionsNamed } from "./resolve.ts";
import { walk } from "./walk.ts";

/** A text; the rows of `alembic_version`; or, undefined, the base. */
export type Names = string | readonly string[] | undefined;

export const textOf = (names: Names): string =>
  names === undefined ? "base" : typeof names === "string" ? names : names.join(", ");

export const rowsOf = (names: Names): readonly string[] =>
  names === undefined ? [] : typeof names === "string" ? [names] : names;

export const placesOf = (graph: Graph, names: Names): readonly Place[] =>
  names === undefined || typeof names === "string" ? revisionsNamed(graph, names) : allNamed(graph, names);

const tooShort = ({ written, steps }: Relative): never =>
  refuse("RevisionError", `There are not ${Math.abs(steps)} revisions to go for "${written}".`);

/** As `RevisionMap._parse_upgrade_target`. */
export function upgradeTargets(graph: Graph, current: Names, target: Names, stopsAtEnd: boolean): readonly Place[] {
  const relative = typeof target === "string" ? parseRelative(target) : undefined;
  if (relative === undefined) return placesOf(graph, target);
  const { branch, symbol, steps } = relative;
  if (steps <= 0) {
    if (symbol === undefined) tooShort(relative);
    return [walk(graph, symbolOnBranch(graph, relative), { steps, stopsAtEnd })];
  }
  if (symbol !== undefined) return [walk(graph, revisionNamed(graph, symbol), { steps, branch, stopsAtEnd })];
  const found = walk(graph, startOfUpgrade(graph, rowsOf(current), branch), { steps, branch, stopsAtEnd });
  return [found ?? tooShort(relative)];
}

const symbolOnBranch = (graph: Graph, { branch, symbol = "" }: Relative): Node | undefined =>
  revisionNamed(graph, branch === undefined ? symbol : `${branch}@${symbol}`);

/** The one revision that the database stands at, on the branch where there is one. */
function startOfUpgrade(graph: Graph, rows: readonly string[], branch: string | undefined): Node | undefined {
  const starts: readonly (Node | string)[] = branch ? startsOnBranch(graph, rows, branch) : rows;
  if (starts.length > 1) {
    const ids = starts.map((start) => (typeof start === "string" ? start : start.id)).sort();
    refuse("RevisionError", `The database stands at more than one revision to go up from: ${ids.join(", ")}.`, ids);
  }
  const [start] = starts;
  return typeof start === "string" ? revisionNamed(graph, start) : start;
}

function startsOnBranch(graph: Graph, rows: readonly string[], branch: string): readonly Node[] {
  const places = allNamed(graph, rows);
  const isOnBranch = inLineage(graph, branch);
  const starts = places.filter((place) => isOnBranch(place ?? isRevision(place, branch)));
  const current = (starts.length > 0 ? starts : places).map((place) => isRevision(place, branch));
  if (starts.length > 0) return current;
  const active = [...reach(graph, current, toBefore)].filter(isOnBranch);
  const below = new Set(active.flatMap(({ before }) => before));
  return active.filter(({ id }) => !below.has(id));
}

export interface DowngradeTarget {
  /** Only this branch is meant. */
  readonly branch: string | undefined;
  readonly place: Place;
  readonly warning?: string;
}

/** As `RevisionMap._parse_downgrade_target`. */
export function downgradeTarget(graph: Graph, current: Names, target: Names, stopsAtEnd: boolean): DowngradeTarget {
  if (target === undefined) return { branch: undefined, place: undefined };
  if (typeof target !== "string") return refuse("AlembicFails", "A downgrade needs one text as its target.");
  const relative = parseRelative(target);
  if (relative === undefined) return absoluteTarget(graph, target);
  if (relative.symbol === undefined) return stepsDown(graph, rowsOf(current), relative, stopsAtEnd);
  const { branch, symbol, steps } = relative;
  const place =
    steps >= 0
      ? walk(graph, revisionNamed(graph, symbol), { steps, branch, stopsAtEnd })
      : walk(graph, symbolOnBranch(graph, relative), { steps, stopsAtEnd });
  return { branch, place: place ?? refuse("RevisionError", `"${target}" leads past the end of the history.`) };
}

/** Whether the revision is of the branch is not asked, as in Alembic. */
function absoluteTarget(graph: Graph, target: string): DowngradeTarget {
  const at = target.lastIndexOf("@");
  return { branch: target.slice(0, Math.max(at, 0)) || undefined, place: revisionNamed(graph, target.slice(at + 1)) };
}

function stepsDown(graph: Graph, rows: readonly string[], relative: Relative, stopsAtEnd: boolean): DowngradeTarget {
  const { branch, steps } = relative;
  if (steps >= 0) tooShort(relative);
  const start = branch ? rowOnBranch(graph, rows, branch) : (rows[0] ?? tooShort(relative));
  // Without a branch, the line of the first row is taken for one.
  const name = branch ?? start;
  const place = walk(graph, revisionNamed(graph, `${name}@${start}`), { steps, stopsAtEnd }) ?? tooShort(relative);
  const isAmbiguous = branch === undefined && new Set(rows).size > 1;
  const warning = `The database stands at ${rows.length} revisions; "${relative.written}" goes down from ${start}.`;
  return { branch: name, place, ...(isAmbiguous ? { warning } : {}) };
}

function rowOnBranch(graph: Graph, rows: readonly string[], branch: string): string {
  const isOnBranch = inLineage(graph, branch);
  const onBranch = rows.filter(isOnBranch);
  const found =
    onBranch.length > 0
      ? onBranch
      : branchHeads(graph, rows)
          .filter(isOnBranch)
          .map(({ id }) => id);
  const [start, ...others] = found;
  if (start !== undefined && others.length === 0) return start;
  return refuse("AlembicFails", `The database stands at ${found.length} revisions of branch "${branch}", not at one.`);
}

/** What has run and has nothing above it, along parents, that has run too: the rows, and what they depend on. */
export function branchHeads(graph: Graph, rows: readonly string[]): readonly Node[] {
  const text = textOf(rows);
  const current = allNamed(graph, rows).map((place) => isRevision(place, text));
  const active = reach(graph, current, toBefore);
  const below = new Set([...active].flatMap(({ parents }) => parents));
  return [...active].filter(({ id }) => !below.has(id));
}
