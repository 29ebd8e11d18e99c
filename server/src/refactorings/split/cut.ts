/** The whole of the thinking: from a revision file to its parts, or to the reason why there can be none. */
import type { Direction, Operation, RevisionFile, Statement } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import { partByTable } from "./by-table.ts";
import { buildGraph, type Graph } from "./edges.ts";
import { findRebuild, judgeHalves, type Half, type Halves } from "./halves.ts";
import { describe, holds, readLeaves, type Leaf, type MustOpen } from "./leaves.ts";
import { readNames, type Names } from "./names.ts";
import { findPhases } from "./phases.ts";
import { lineOf, Refused } from "../../rewrite/refused.ts";
import { findReversals, type Appended, type CutPart } from "./reverse.ts";
import { selectParts, type Selection } from "./selection.ts";
import { assignUndo, wishOf, type UpgradePart } from "./undo.ts";
import { leftBehind, refuseEmptied, refuseOpaque, refuseRepeats } from "./steps.ts";
import { joinUnits, type Unit } from "./units.ts";

export interface PlannedPart {
  /** `expand`, `backfill`, `contract`, numbered where there are several. */
  readonly name: string;
  readonly half: Half;
  readonly upgrade: Selection;
  /** Absent where the downgrade keeps its form in every part. */
  readonly downgrade?: Selection;
  readonly append?: Appended;
}

export interface Cut {
  readonly parts: readonly PlannedPart[];
  /** Statements of the upgrade that were not understood, or not wholly. */
  readonly doubtful: readonly Operation[];
  /** By part: what is still there when its downgrade has run, because the original undoes it with something else. */
  readonly left: readonly (readonly string[])[];
}

interface CutUpgrade {
  readonly parts: readonly (UpgradePart & { readonly leaves: readonly Leaf[] })[];
  readonly selections: readonly Selection[];
  readonly names: Names;
}

/** More would keep an editor waiting; such a file is a table written as code. */
const mostStatements = 1_000;

/**
 * `undefined` where one phase holds everything.
 * @throws Refused where it cannot be cut.
 */
export function cutRevision(
  file: RevisionFile,
  upgrade: Direction,
  downgrade: Direction,
  project: Project,
): Cut | undefined {
  const rebuild = findRebuild(upgrade.operations);
  if (rebuild !== undefined) throw new Refused(whyWhole(file, rebuild));
  const up = cutUpgrade(file, upgrade, judgeHalves(upgrade, upgrade, project));
  return up && withDowngrade(file, upgrade, downgrade, project, { ...up, titles: nameParts(up.parts) });
}

/**
 * Statements of the upgrade's own body, or of a block in it that can be repeated, become a part of their own: the last one, where all else may come before them,
 * else the first.
 * @throws Refused where the rest needs them both before and after it.
 */
export function cutOut(
  file: RevisionFile,
  upgrade: Direction,
  downgrade: Direction,
  project: Project,
  chosen: ReadonlySet<Statement>,
): Cut & { readonly place: "first" | "last" } {
  const rebuild = findRebuild(upgrade.operations);
  if (rebuild !== undefined) throw new Refused(whyWhole(file, rebuild));
  const { parts, selections, names, place } = takeOut(file, upgrade, judgeHalves(upgrade, upgrade, project), chosen);
  const titles = ["part 1", "part 2"];
  return { ...withDowngrade(file, upgrade, downgrade, project, { parts, selections, names, titles }), place };
}

/**
 * One part for each table, in an order that keeps what depends on each other.
 * @throws Refused where all tables hang together.
 */
export function cutByTable(file: RevisionFile, upgrade: Direction, downgrade: Direction, project: Project): Cut {
  const rebuild = findRebuild(upgrade.operations);
  if (rebuild !== undefined) throw new Refused(whyWhole(file, rebuild));
  const strange = upgrade.operations.find(({ confidence }) => confidence === "opaque");
  if (strange !== undefined)
    throw new Refused(
      `It is not understood what stands on ${lineOf(file, strange.range)}, so it is not known which table it is about.`,
    );
  const { leaves, names, graph } = graphOf(file, upgrade, judgeHalves(upgrade, upgrade, project));
  const tables = partByTable(graph);
  if (tables.length < 2) throw new Refused("What the revision does to one table hangs together with all the others.");
  const partOf = new Map(
    tables.flatMap(({ units }, part) =>
      units.flatMap((i) => (graph.units[i]?.leaves ?? []).map((leaf) => [leaf, part] as const)),
    ),
  );
  const parts = partsOf(upgrade, leaves, graph.units, partOf, tables.length);
  const selections = selectParts(file, leaves, names, parts.length, partOf);
  return withDowngrade(file, upgrade, downgrade, project, {
    parts,
    selections,
    names,
    titles: tables.map(({ name }) => name),
  });
}

/** What the halves are is of no matter here, as in a downgrade. */
function graphOf(file: RevisionFile, direction: Direction, halves: Halves, mustOpen: MustOpen = () => false): Whole {
  const leaves = readLeaves(file, direction, halves, "allowed", mustOpen);
  if (leaves.length > mostStatements) throw new Refused("The revision is too long to be cut.");
  const names = readNames(file, leaves);
  const units = joinUnits(file, leaves, names, halves, "allowed");
  return { leaves, names, graph: buildGraph(file, names, units, direction.operations, halves, "allowed") };
}

interface Whole {
  readonly leaves: readonly Leaf[];
  readonly names: Names;
  readonly graph: Graph;
}

const partsOf = (
  { operations }: Direction,
  leaves: readonly Leaf[],
  units: readonly Unit[],
  partOf: ReadonlyMap<Leaf, number>,
  count: number,
): CutUpgrade["parts"] =>
  Array.from({ length: count }, (_, part) => {
    const own = units.filter((unit) => unit.leaves.some((leaf) => partOf.get(leaf) === part));
    return {
      half: own.every(({ half }) => half === "data") ? ("data" as const) : ("schema" as const),
      operations: operations.filter((operation) => own.some((unit) => unit.operations.includes(operation))),
      leaves: leaves.filter((leaf) => partOf.get(leaf) === part),
    };
  });

const whyWhole = (file: RevisionFile, rebuild: Operation): string =>
  `The table rebuilt on ${lineOf(file, rebuild.range)} is copied and replaced in one piece, which is never to be split.`;

function withDowngrade(
  file: RevisionFile,
  upgrade: Direction,
  downgrade: Direction,
  project: Project,
  up: CutUpgrade & { readonly titles: readonly string[] },
): Cut {
  refuseEmptied(file, up.parts);
  const down = cutDowngrade(file, downgrade, judgeHalves(downgrade, upgrade, project), up.parts);
  if (down) refuseRepeats(file, up.parts, down.undo);
  const cutParts: CutPart[] = up.parts.map((part, i) => ({
    half: part.half,
    operations: part.operations,
    leaves: part.leaves,
    undo: down?.undo[i] ?? [],
  }));
  const reversals = findReversals(file, downgrade, cutParts, up.names, project.config.dialect);
  const parts = up.parts.map((part, i): PlannedPart => {
    const selection = down?.selections[i];
    const append = reversals.get(i);
    return {
      name: up.titles[i] ?? "",
      half: part.half,
      upgrade: up.selections[i] ?? { keep: new Map(), leaves: [], before: new Map(), uses: new Set() },
      ...(selection && { downgrade: selection }),
      ...(append && { append }),
    };
  });
  return {
    parts,
    doubtful: upgrade.operations.filter(({ confidence }) => confidence !== "certain"),
    left: down ? leftBehind(up.parts, down.undo) : [],
  };
}

function takeOut(
  file: RevisionFile,
  direction: Direction,
  halves: Halves,
  chosen: ReadonlySet<Statement>,
): CutUpgrade & { readonly place: "first" | "last" } {
  const {
    leaves,
    names,
    graph: { units, before },
  } = graphOf(file, direction, halves, (statement) => holds(statement, chosen));
  const isOut = units.map((unit) => isTaken(file, unit, chosen));
  if (!isOut.includes(true)) throw new Refused("The block around what is to be moved cannot be taken apart.");
  if (!isOut.includes(false)) throw new Refused("There is nothing else in upgrade().");
  const waits = (from: boolean): readonly [Unit, Unit] | undefined => {
    for (const [i, earlier] of before.entries()) {
      const j = [...earlier].find((one) => isOut[i] === from && isOut[one] === !from);
      const [unit, other] = [units[i], j === undefined ? undefined : units[j]];
      if (unit && other) return [unit, other];
    }
    return undefined;
  };
  const needsOut = waits(false);
  const needsRest = waits(true);
  if (needsOut && needsRest) throw new Refused(whyBetween(file, needsRest, needsOut));
  const place = needsOut ? "first" : "last";
  const partOf = new Map<Leaf, number>();
  units.forEach((unit, i) => {
    for (const leaf of unit.leaves) partOf.set(leaf, (isOut[i] === true) === (place === "last") ? 1 : 0);
  });
  const parts = partsOf(direction, leaves, units, partOf, 2);
  return { parts, selections: selectParts(file, leaves, names, 2, partOf), names, place };
}

function isTaken(file: RevisionFile, { leaves }: Unit, chosen: ReadonlySet<Statement>): boolean {
  const out = leaves.find(({ statement }) => chosen.has(statement));
  const kept = leaves.find(({ statement }) => !chosen.has(statement));
  if (out && kept)
    throw new Refused(
      `${describe(file, out)} cannot be parted from ${describe(file, kept)}: one needs what the other makes.`,
    );
  return out !== undefined;
}

const whyBetween = (
  file: RevisionFile,
  [out, earlier]: readonly [Unit, Unit],
  [later, needed]: readonly [Unit, Unit],
): string => {
  const words = ({ leaves: [leaf] }: Unit): string => (leaf ? describe(file, leaf) : "a statement");
  return `${words(out)} must stay after ${words(earlier)}, and ${words(later)} after ${words(needed)}, so the rest has no place before or after them.`;
};

function cutUpgrade(file: RevisionFile, direction: Direction, halves: Halves): CutUpgrade | undefined {
  const leaves = readLeaves(file, direction, halves, "refused", () => false);
  if (leaves.length > mostStatements) throw new Refused("The revision is too long to be cut.");
  const names = readNames(file, leaves);
  const graph = buildGraph(
    file,
    names,
    joinUnits(file, leaves, names, halves, "refused"),
    direction.operations,
    halves,
    "refused",
  );
  const phases = findPhases(graph.units, graph.before);
  if (phases.halves.length < 2) return undefined;
  const partOf = new Map<Leaf, number>();
  graph.units.forEach((unit, i) => {
    for (const leaf of unit.leaves) partOf.set(leaf, phases.of[i] ?? 0);
  });
  const parts = phases.halves.map((half, part) => {
    const units = graph.units.filter((_, i) => phases.of[i] === part);
    return {
      half,
      operations: direction.operations.filter((operation) => units.some((unit) => unit.operations.includes(operation))),
      leaves: leaves.filter((leaf) => partOf.get(leaf) === part),
    };
  });
  return { parts, selections: selectParts(file, leaves, names, parts.length, partOf), names };
}

interface CutDowngrade {
  readonly selections: readonly Selection[];
  readonly undo: readonly (readonly Operation[])[];
}

/** `undefined`: `pass`, `raise` or no function at all, which stays so in every part. */
function cutDowngrade(
  file: RevisionFile,
  direction: Direction,
  halves: Halves,
  parts: readonly UpgradePart[],
): CutDowngrade | undefined {
  if (direction.form !== "body") return undefined;
  const severalParts = (_: unknown, operations: readonly Operation[]): boolean =>
    wishOf(operations, parts).certain.size > 1;
  const leaves = readLeaves(file, direction, halves, "allowed", severalParts);
  if (leaves.length > mostStatements) throw new Refused("The downgrade is too long to be cut.");
  refuseOpaque(file, leaves);
  const names = readNames(file, leaves);
  const graph = buildGraph(
    file,
    names,
    joinUnits(file, leaves, names, halves, "allowed"),
    direction.operations,
    halves,
    "allowed",
  );
  const assigned = assignUndo(file, graph, parts);
  const partOf = new Map<Leaf, number>();
  graph.units.forEach((unit, i) => {
    for (const leaf of unit.leaves) partOf.set(leaf, assigned[i] ?? 0);
  });
  const undo = parts.map((_, part) => graph.units.flatMap((unit, i) => (assigned[i] === part ? unit.operations : [])));
  return { selections: selectParts(file, leaves, names, parts.length, partOf), undo };
}

/** The schema that comes last, after data, is what was waited for: contract. */
export function nameParts(parts: readonly { readonly half: Half }[]): readonly string[] {
  const lastSchema = parts.map(({ half }) => half).lastIndexOf("schema");
  const bases = parts.map(({ half }, i) => {
    if (half === "data") return "backfill";
    return i === lastSchema && i > 0 ? "contract" : "expand";
  });
  return bases.map((base, i) => {
    if (bases.filter((other) => other === base).length === 1) return base;
    return `${base} ${bases.slice(0, i + 1).filter((other) => other === base).length}`;
  });
}
