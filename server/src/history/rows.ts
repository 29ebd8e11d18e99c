/** The rows of `alembic_version` from step to step, as `HeadMaintainer` keeps them. */
import { refuse } from "./error.ts";
import type { Graph, Node } from "./graph.ts";
import { Uses } from "./uses.ts";

export interface RowChange {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

export class VersionRows {
  readonly #graph: Graph;
  readonly #rows = new Set<string>();
  /** The rows, and what they imply to have run. */
  readonly #active: Uses;

  constructor(graph: Graph, rows: Iterable<string>) {
    this.#graph = graph;
    this.#active = new Uses((id) => graph.names.get(id)?.before ?? []);
    for (const row of new Set(rows)) this.change({ removed: [], added: [row] });
  }

  /** In no order that counts. */
  rows = (): readonly string[] => [...this.#rows];

  has = (row: string): boolean => this.#rows.has(row);

  /** What is added is counted first, so that what both imply is not walked twice. */
  change(change: RowChange): RowChange {
    for (const row of change.added) {
      if (this.#rows.has(row)) refuse("AlembicFails", `"${row}" is a row of alembic_version already.`);
      this.#active.retain(row);
    }
    for (const row of change.removed) {
      if (!this.#rows.delete(row)) refuse("AlembicFails", `"${row}" is not a row of alembic_version.`);
      this.#active.release(row);
    }
    for (const row of change.added) this.#rows.add(row);
    return change;
  }

  /** `upgrade()` of a revision has run: its row takes the place of those of its parents that no other row implies. */
  upgrade({ id, before }: Node): RowChange {
    const present = before.filter((one) => this.#rows.has(one));
    const removed = present.length < 2 ? present : this.#merged(before, present);
    if (present.length > 0 && removed.length === 0) refuse("AlembicFails", `Other rows imply all that "${id}" merges.`);
    return this.change({ removed, added: [id] });
  }

  #merged(before: readonly string[], present: readonly string[]): readonly string[] {
    if (this.#rows.size === present.length) return before;
    return this.#notImplied(before, present, (id) => (this.#rows.has(id) ? 1 : 0));
  }

  /** `downgrade()` of a revision has run: of its parents and dependencies the rows that nothing else implies come back. */
  downgrade({ id, before }: Node): RowChange {
    if (!this.#rows.has(id)) refuse("AlembicFails", `"${id}" is not a row of alembic_version.`);
    const added = this.#notImplied(before, [id], () => 1);
    return this.change({ removed: [id], added });
  }

  /**
   * Those of `ids` that no row but `own` implies; where there is no other row, those that none of `ids` implies.
   * @param ownUses how often an id is used if nothing else implies it
   */
  #notImplied(ids: readonly string[], own: readonly string[], ownUses: (id: string) => number): readonly string[] {
    return ids.filter((id) => {
      if (this.#active.count(id) === ownUses(id)) return true;
      return ids.length > 1 && this.#rows.size > own.length && !this.#isBelowRow(id, own);
    });
  }

  /** Climbs to the rows; what lies between is little, since steps are made from the rows on. */
  #isBelowRow(id: string, own: readonly string[]): boolean {
    const seen = new Set<string>();
    const todo = [id];
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      if (this.#rows.has(at) && !own.includes(at)) return true;
      for (const next of this.#graph.names.get(at)?.dependents ?? []) if (this.#active.count(next) > 0) todo.push(next);
    }
    return false;
  }
}
