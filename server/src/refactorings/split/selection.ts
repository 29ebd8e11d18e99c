/** What each part's function holds: its own work, and what that work needs to be repeated with it. */
import { maybeSame, relationsOf } from "../../model/footprint.ts";
import type { RevisionFile, Statement } from "../../model/revision.ts";
import type { Keep } from "../../rewrite/body.ts";
import { headNames, type Leaf } from "./leaves.ts";
import type { Names } from "./names.ts";
import { tableAgain } from "./tables.ts";
import { placeOf } from "./units.ts";

export interface Selection {
  readonly keep: ReadonlyMap<Statement, Keep>;
  readonly leaves: readonly Leaf[];
  /** Lines to stand before a statement: a table object whose creation is in another part. */
  readonly before: ReadonlyMap<Statement, string>;
  /** Names that the kept text uses. */
  readonly uses: ReadonlySet<string>;
}

/** One selection for each part, from the work that is in it. A leaf that no part needs stays beside its neighbour. */
export function selectParts(
  file: RevisionFile,
  leaves: readonly Leaf[],
  names: Names,
  count: number,
  partOf: ReadonlyMap<Leaf, number>,
): readonly Selection[] {
  const chosen = Array.from({ length: count }, (_, part) => {
    const work = new Set(leaves.filter((leaf) => partOf.get(leaf) === part));
    return complete(names, new Set([...work, ...accompany(file, leaves, names, work)]));
  });
  for (const leaf of leaves) {
    if (chosen.some((set) => set.has(leaf))) continue;
    // What is said of the whole stays in the original file.
    const part = leaf.statement.kind === "docstring" ? count - 1 : (neighbour(leaves, leaf, partOf) ?? count - 1);
    const set = chosen[part];
    if (set !== undefined) chosen[part] = complete(names, new Set([...set, leaf]));
  }
  const homes = new Map(leaves.map((leaf) => [leaf, homeOf(leaves, leaf, partOf, chosen)]));
  return chosen.map((set, part) =>
    toSelection(
      file,
      names,
      leaves.filter((leaf) => set.has(leaf)),
      part,
      homes,
      chosen,
    ),
  );
}

/** Exits and settings that hold for the work of a part. */
function accompany(
  file: RevisionFile,
  leaves: readonly Leaf[],
  names: Names,
  work: ReadonlySet<Leaf>,
): readonly Leaf[] {
  const last = Math.max(-1, ...[...work].map(({ index }) => index));
  const exits = leaves.filter((leaf) => leaf.index < last && placeOf(file, leaf, names) === "exit");
  const settings = leaves.filter((leaf) => placeOf(file, leaf, names) === "setting");
  const byKey = new Map<string, Leaf[]>();
  for (const leaf of settings) byKey.set(keyOf(leaf), [...(byKey.get(keyOf(leaf)) ?? []), leaf]);
  return [...exits, ...[...byKey.values()].flatMap((group) => settingsFor(group, work))];
}

const keyOf = ({ operations, index }: Leaf): string => {
  const sql = operations[0]?.sql ?? "";
  const named = /^\s*(?:set|reset|pragma)\s+(?:local\s+|session\s+|global\s+)?([\w.@]+)/i.exec(sql)?.[1];
  if (named !== undefined) return named.toLowerCase();
  return /advisory/i.test(sql) ? "advisory lock" : `#${index}`;
};

const resets = ({ operations }: Leaf): boolean => /^\s*reset\b|\bdefault\s*;?\s*$/i.test(operations[0]?.sql ?? "");

/** Of the statements that set one thing: those that some of the work runs under, and the one that sets it back. */
function settingsFor(group: readonly Leaf[], work: ReadonlySet<Leaf>): readonly Leaf[] {
  const found: Leaf[] = [];
  for (const [i, leaf] of group.entries()) {
    const end = group[i + 1]?.index ?? Infinity;
    const tables = leaf.operations.flatMap(relationsOf);
    const concerns = (other: Leaf): boolean =>
      tables.length === 0 ||
      other.operations.flatMap(relationsOf).some((one) => tables.some((table) => maybeSame(one, table)));
    const governs = [...work].some((other) => other.index > leaf.index && other.index < end && concerns(other));
    const closes = found.length > 0 && found.at(-1) === group[i - 1];
    if (governs ? !(resets(leaf) && found.length === 0) : closes) found.push(leaf);
  }
  return found;
}

function complete(names: Names, set: ReadonlySet<Leaf>): ReadonlySet<Leaf> {
  const all = new Set(set);
  const open = [...set];
  for (let leaf = open.pop(); leaf !== undefined; leaf = open.pop()) {
    for (const { by } of names.definitionsFor(leaf)) {
      if (!all.has(by) && names.isRepeatable(by)) {
        all.add(by);
        open.push(by);
      }
    }
  }
  return all;
}

/** Statements that only say something follow the work before them; definitions precede the work after them. */
function neighbour(leaves: readonly Leaf[], leaf: Leaf, partOf: ReadonlyMap<Leaf, number>): number | undefined {
  const at = (other: Leaf | undefined): number | undefined => other && partOf.get(other);
  const before = at(leaves.slice(0, leaf.index).findLast((other) => partOf.has(other)));
  const after = at(leaves.slice(leaf.index + 1).find((other) => partOf.has(other)));
  return leaf.statement.binds.length > 0 ? (after ?? before) : (before ?? after);
}

/** The part in which the comments above a statement stay. */
function homeOf(
  leaves: readonly Leaf[],
  leaf: Leaf,
  partOf: ReadonlyMap<Leaf, number>,
  chosen: readonly ReadonlySet<Leaf>[],
): number {
  const own = partOf.get(leaf);
  if (own !== undefined) return own;
  const next = leaves.slice(leaf.index + 1).find((other) => partOf.has(other));
  const wanted = next && partOf.get(next);
  if (wanted !== undefined && chosen[wanted]?.has(leaf) === true) return wanted;
  return chosen.findIndex((set) => set.has(leaf));
}

function toSelection(
  file: RevisionFile,
  names: Names,
  leaves: readonly Leaf[],
  part: number,
  homes: ReadonlyMap<Leaf, number>,
  chosen: readonly ReadonlySet<Leaf>[],
): Selection {
  const keep = new Map<Statement, Keep>();
  const before = new Map<Statement, string>();
  const uses = new Set<string>();
  const written = new Set<string>();
  for (const leaf of leaves) {
    for (const frame of leaf.frames) {
      const first = chosen.findIndex((set) => [...set].some((other) => other.frames.includes(frame)));
      keep.set(frame, { comments: first === part, entire: false });
      for (const name of headNames(file, frame)) uses.add(name);
    }
    keep.set(leaf.statement, { comments: homes.get(leaf) === part, entire: true });
    for (const name of leaf.statement.uses) uses.add(name);
    for (const { name, by } of names.definitionsFor(leaf)) {
      const again = leaves.includes(by) || written.has(name) ? undefined : tableAgain(file, name, by, leaf);
      if (again === undefined) continue;
      written.add(name);
      const place = leaf.frames[0] ?? leaf.statement;
      before.set(place, (before.get(place) ?? "") + again.lines);
      for (const one of again.uses) uses.add(one);
    }
  }
  return { keep, leaves, before, uses };
}
