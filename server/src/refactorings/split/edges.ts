/** Which unit must stay before which, and why: over tables and columns, and round the bodies of loops. */
import { mustKeepOrder } from "../../model/order.ts";
import type { Operation, RevisionFile } from "../../model/revision.ts";
import { range, slice } from "../../text/range.ts";
import type { Halves } from "./halves.ts";
import { describe, hasPureHeads, type Leaf, type Mixing } from "./leaves.ts";
import type { Unit, Units } from "./units.ts";
import { inOtherArm, type Names } from "./names.ts";
import { Refused } from "../../rewrite/refused.ts";

interface Edge {
  readonly first: Leaf;
  readonly second: Leaf;
  readonly why: string;
}

export interface Graph {
  /** Units, with those joined that wait for each other and are of one half. */
  readonly units: readonly Unit[];
  /** For each unit the indexes of those before it. */
  readonly before: readonly ReadonlySet<number>[];
}

/** SET, COMMIT and the like are repeated or stay with their neighbour; they do not order what they have no part in. */
const orders = ({ effect }: Operation): boolean => effect !== "session" && effect !== "transaction";

export function buildGraph(
  file: RevisionFile,
  names: Names,
  { units, unitOf }: Units,
  operations: readonly Operation[],
  halves: Halves,
  mixing: Mixing,
): Graph {
  const edges = findEdges(units, unitOf, operations, halves);
  addTests(file, names, unitOf, edges, halves);
  return joinCycles(file, units, edges, mixing);
}

/** More would keep an editor waiting; such files are dumps, not migrations. */
const mostPairs = 400_000;

const nowhere: Leaf = {
  index: -1,
  statement: {
    range: range(0, 0),
    lines: range(0, 0),
    shared: false,
    kind: "other",
    binds: [],
    uses: [],
    purity: "pure",
    operations: [],
  },
  frames: [],
  operations: [],
  half: undefined,
  exits: false,
};

type Table = Map<Unit, Map<Unit, Edge>>;

function findEdges(
  units: readonly Unit[],
  unitOf: ReadonlyMap<Leaf, Unit>,
  operations: readonly Operation[],
  { known, complete }: Halves,
): Table {
  const edges: Table = new Map(units.map((unit) => [unit, new Map<Unit, Edge>()]));
  const leafOf = new Map(
    [...unitOf.keys()].flatMap((leaf) => leaf.operations.map((operation) => [operation, leaf] as const)),
  );
  const placed = operations.filter((operation) => orders(operation) && leafOf.has(operation));
  if (placed.filter(({ effect }) => effect !== "data").length * placed.length > mostPairs)
    throw new Refused("The revision is too long to be cut.");
  const completed = new Map(placed.map((operation) => [operation, complete(operation)]));
  const note = (a: Operation, b: Operation): void => {
    const first = leafOf.get(a);
    const second = leafOf.get(b);
    const from = first && unitOf.get(first);
    const to = second && unitOf.get(second);
    if (
      !first ||
      !second ||
      !from ||
      !to ||
      from === to ||
      inOtherArm(first, second) ||
      edges.get(from)?.has(to) === true
    )
      return;
    const why = mustKeepOrder(completed.get(a) ?? a, completed.get(b) ?? b, known);
    if (why !== undefined) edges.get(from)?.set(to, { first, second, why });
  };
  const chained = (a: Operation): boolean =>
    a.effect === "data" && unitOf.get(leafOf.get(a) ?? nowhere)?.half === "data";
  let lastRows: Operation | undefined;
  for (const [i, b] of placed.entries()) {
    // Data changes never pass each other: an edge from the one before says it of all before that.
    const rows = chained(b);
    for (let j = 0; j < i; j++) {
      const a = placed[j];
      if (a !== undefined && (!rows || a === lastRows || !chained(a))) note(a, b);
    }
    if (rows) lastRows = b;
  }
  for (const [a, b] of roundLoops(placed, leafOf)) note(a, b);
  return edges;
}

/** A test of what the schema is stays in its place among the changes of the schema. */
function addTests(
  file: RevisionFile,
  names: Names,
  unitOf: ReadonlyMap<Leaf, Unit>,
  edges: Table,
  halves: Halves,
): void {
  const leaves = [...unitOf.keys()].sort((a, b) => a.index - b.index);
  const asks = new Set(leaves.filter((leaf) => asksSchema(file, names, leaf, halves)));
  const changes = new Set(leaves.filter(({ operations }) => operations.some(({ effect }) => effect === "schema")));
  for (const first of leaves) {
    for (const second of leaves) {
      if (second.index <= first.index) continue;
      const tested = (asks.has(first) && changes.has(second)) || (changes.has(first) && asks.has(second));
      const from = unitOf.get(first);
      const to = unitOf.get(second);
      if (!tested || !from || !to || from === to || inOtherArm(first, second) || edges.get(from)?.has(to) === true)
        continue;
      edges.get(from)?.set(to, { first, second, why: "one tests the schema that the other changes" });
    }
  }
}

const asksSchema = (file: RevisionFile, names: Names, leaf: Leaf, { keepsAnswers }: Halves): boolean =>
  leaf.operations.some(({ context }) =>
    context.some(
      (one) => one.kind === "branch" && one.on === "existence" && (one.asks === undefined || !keepsAnswers(one.asks)),
    ),
  ) ||
  (leaf.statement.kind === "if" && !hasPureHeads(file, leaf.statement)) ||
  (leaf.operations.length === 0 &&
    !names.isRepeatable(leaf) &&
    asksCatalog.test(slice(file.text, leaf.statement.range)));

/** Calls that answer what the schema is. */
const asksCatalog =
  /inspect|reflect|autoload|exist|\bhas_|\bget_(?:columns|table|indexes|foreign|unique|check|pk|view|schema|enum)/i;

/** The end of one round of a loop comes before the beginning of the next; where the rounds are not written out, both ways. */
function roundLoops(
  placed: readonly Operation[],
  leafOf: ReadonlyMap<Operation, Leaf>,
): readonly (readonly [Operation, Operation])[] {
  const seen = new Map<string, number>();
  const key = ({ range, kind }: Operation): string => `${range.start}:${range.end}:${kind}`;
  for (const operation of placed) seen.set(key(operation), (seen.get(key(operation)) ?? 0) + 1);
  const pairs: (readonly [Operation, Operation])[] = [];
  if (![...leafOf.values()].some(({ frames }) => frames.some(({ kind }) => kind === "for"))) return pairs;
  for (const [i, a] of placed.entries()) {
    for (const b of placed.slice(i + 1)) {
      const loops = leafOf.get(a)?.frames.filter(({ kind }) => kind === "for") ?? [];
      const shared = loops.some((loop) => leafOf.get(b)?.frames.includes(loop) === true);
      if (shared && (seen.get(key(a)) ?? 0) < 2 && (seen.get(key(b)) ?? 0) < 2) pairs.push([b, a]);
    }
  }
  return pairs;
}

function joinCycles(file: RevisionFile, units: readonly Unit[], edges: Table, mixing: Mixing): Graph {
  const components = findComponents(units, edges);
  const index = new Map<Unit, number>();
  const joined = components
    .map((members) => {
      const halves = new Set(members.map(({ half }) => half));
      if (halves.size > 1 && mixing === "refused") throw new Refused(whyCycle(file, members, edges));
      const leaves = members.flatMap((unit) => unit.leaves).sort((a, b) => a.index - b.index);
      const [first] = members;
      const unit: Unit =
        members.length === 1 && first
          ? first
          : {
              leaves,
              operations: members.flatMap((one) => one.operations),
              half: first?.half ?? "schema",
              contracts: members.some((one) => one.contracts),
            };
      return { unit, members };
    })
    .sort((a, b) => (a.unit.leaves[0]?.index ?? 0) - (b.unit.leaves[0]?.index ?? 0));
  joined.forEach(({ members }, i) => {
    for (const member of members) index.set(member, i);
  });
  const before = joined.map(() => new Set<number>());
  for (const [from, targets] of edges) {
    for (const to of targets.keys()) {
      const a = index.get(from);
      const b = index.get(to);
      if (a !== undefined && b !== undefined && a !== b) before[b]?.add(a);
    }
  }
  return { units: joined.map(({ unit }) => unit), before };
}

/** Strongly connected components, by who can be reached from whom. */
function findComponents(units: readonly Unit[], edges: Table): readonly (readonly Unit[])[] {
  const reachable = new Map<Unit, Set<Unit>>();
  for (const unit of units) {
    const seen = new Set<Unit>();
    const open = [unit];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const next of edges.get(at)?.keys() ?? []) {
        if (!seen.has(next)) {
          seen.add(next);
          open.push(next);
        }
      }
    }
    reachable.set(unit, seen);
  }
  const placed = new Set<Unit>();
  return units.flatMap((unit) => {
    if (placed.has(unit)) return [];
    const members = units.filter(
      (other) =>
        other === unit || (reachable.get(unit)?.has(other) === true && reachable.get(other)?.has(unit) === true),
    );
    for (const member of members) placed.add(member);
    return [members];
  });
}

function whyCycle(file: RevisionFile, members: readonly Unit[], edges: Table): string {
  for (const unit of members) {
    for (const [other, edge] of edges.get(unit) ?? []) {
      if (!members.includes(other) || unit.half === other.half) continue;
      const { first, second, why } = edge;
      if (first.frames.some(({ kind }) => kind === "for")) {
        return `In a loop, ${describe(file, first)} must stay before ${describe(file, second)} of the next round, because ${why}.`;
      }
      const reading = unit.leaves.find(
        (leaf) => leaf.statement.binds.length > 0 && leaf.operations.some(({ effect }) => effect === "read"),
      );
      if (reading !== undefined && unit.half === "data") {
        return `Rows read by ${describe(file, reading)} are carried in Python across the schema change ${describe(file, second)}.`;
      }
      return `${describe(file, first)} must stay before ${describe(file, second)} because ${why}, but it belongs to statements that come after that.`;
    }
  }
  return "Some statements wait for each other in both directions.";
}
