/** A revision of several tables becomes one for each of them. */
import { keyOf } from "../../schema/replay/schema.ts";
import { renderName } from "../../sql/action.ts";
import type { Graph } from "./edges.ts";
import type { Unit } from "./units.ts";

export interface TablePart {
  /** The tables, as a name for the part. */
  readonly name: string;
  readonly units: readonly number[];
}

/** Sets of units, by the smallest index of each. */
class Groups {
  readonly #parent: number[];

  constructor(count: number) {
    this.#parent = Array.from({ length: count }, (_, i) => i);
  }

  find(i: number): number {
    let at = i;
    for (let next = this.#parent[at]; next !== undefined && next !== at; next = this.#parent[at]) at = next;
    return at;
  }

  join(i: number, j: number): void {
    const [a = i, b = j] = [this.find(i), this.find(j)].sort((x, y) => x - y);
    this.#parent[b] = a;
  }

  /** Units by group, in the order of the text. */
  get all(): ReadonlyMap<number, readonly number[]> {
    const groups = new Map<number, number[]>();
    for (const i of this.#parent.keys()) {
      const own = groups.get(this.find(i));
      if (own) own.push(i);
      else groups.set(this.find(i), [i]);
    }
    return groups;
  }
}

const tablesOf = ({ operations }: Unit): ReadonlyMap<string, string> =>
  new Map(operations.flatMap(({ table }) => (table ? [[keyOf(table), renderName(table)] as const] : [])));

/**
 * The parts in an order that keeps every pair that must keep its own. Tables of which each waits for the other are one
 * part; what is about no table goes with what waits for it, where that is one part.
 */
export function partByTable({ units, before }: Graph): readonly TablePart[] {
  const groups = new Groups(units.length);
  const first = new Map<string, number>();
  const tables = units.map(tablesOf);
  for (const [i, own] of tables.entries())
    for (const key of own.keys()) {
      const other = first.get(key);
      if (other === undefined) first.set(key, i);
      else groups.join(other, i);
    }
  joinWaiting(groups, before);
  for (const [i, own] of tables.entries()) {
    if (own.size > 0) continue;
    const after = new Set(units.flatMap((_, j) => (before[j]?.has(i) === true ? [groups.find(j)] : [])));
    const [only] = after;
    if (after.size === 1 && only !== undefined) groups.join(only, i);
  }
  joinWaiting(groups, before);
  return inOrder(groups, before).map((own) => ({ name: nameOf(own.map((i) => tables[i] ?? new Map())), units: own }));
}

/** What each waits for, by group. */
function waitsOf(groups: Groups, before: Graph["before"]): ReadonlyMap<number, ReadonlySet<number>> {
  const waits = new Map<number, Set<number>>();
  for (const [i, earlier] of before.entries()) {
    const own = waits.get(groups.find(i)) ?? new Set<number>();
    for (const j of earlier) if (groups.find(j) !== groups.find(i)) own.add(groups.find(j));
    waits.set(groups.find(i), own);
  }
  return waits;
}

function joinWaiting(groups: Groups, before: Graph["before"]): void {
  const waits = waitsOf(groups, before);
  const reach = new Map(
    [...waits.keys()].map((start) => {
      const seen = new Set<number>();
      const open = [...(waits.get(start) ?? [])];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (seen.has(next)) continue;
        seen.add(next);
        open.push(...(waits.get(next) ?? []));
      }
      return [start, seen] as const;
    }),
  );
  for (const [one, seen] of reach)
    for (const other of seen) if (reach.get(other)?.has(one) === true) groups.join(one, other);
}

/** Of those that wait for nothing more the one that comes first in the text. */
function inOrder(groups: Groups, before: Graph["before"]): readonly (readonly number[])[] {
  const { all } = groups;
  const waits = waitsOf(groups, before);
  const done = new Set<number>();
  const order: (readonly number[])[] = [];
  while (done.size < all.size) {
    const next = [...all].find(
      ([group]) => !done.has(group) && [...(waits.get(group) ?? [])].every((one) => done.has(one)),
    );
    if (!next) return [];
    done.add(next[0]);
    order.push(next[1]);
  }
  return order;
}

function nameOf(tables: readonly ReadonlyMap<string, string>[]): string {
  const names = [...new Set(tables.flatMap((own) => [...own.values()]))];
  if (names.length === 0) return "other";
  return names.length > 2 ? `${names[0] ?? ""} and ${names.length - 1} more` : names.join(" and ");
}
