/** The rows of `alembic_version` from step to step, as `HeadMaintainer` keeps them. */
import { refuse } from "./error.ts";
import { reach, toBefore, type Graph, type Node } from "./graph.ts";
import { revisionOf } from "./lookup.ts";
import { Uses } from "./uses.ts";

export class VersionRows {
  readonly #graph: Graph;
  readonly #rows = new Set<string>();
  /** What the rows imply to have run. */
  readonly #active: Uses;

  constructor(graph: Graph, rows: Iterable<string>) {
    this.#graph = graph;
    this.#active = new Uses((id) => graph.names.get(id)?.before ?? []);
    for (const row of new Set(rows)) this.insert(row);
  }

  /** In no order that counts. */
  rows = (): readonly string[] => [...this.#rows];

  has = (row: string): boolean => this.#rows.has(row);

  insert(row: string): void {
    if (this.#rows.has(row)) refuse("AlembicFails", `"${row}" is a row of alembic_version already.`);
    this.#rows.add(row);
    this.#active.retain(this.#idOf(row));
  }

  remove(row: string): void {
    if (!this.#rows.delete(row)) refuse("AlembicFails", `"${row}" is not a row of alembic_version.`);
    this.#active.release(this.#idOf(row));
  }

  /** `upgrade()` of a revision has run. */
  upgrade({ id, before }: Node): void {
    const present = before.filter((one) => this.#rows.has(one));
    if (this.#rows.has(id)) refuse("AlembicFails", `"${id}" is a row of alembic_version already.`);
    for (const row of present.length > 1 ? this.#merged(before, present) : present) this.remove(row);
    this.insert(id);
  }

  /** Those of several parents that no other row implies. */
  #merged(before: readonly string[], present: readonly string[]): readonly string[] {
    if (this.#rows.size === present.length) return before;
    for (const row of present) this.#active.release(row);
    const merged = before.filter((id) => this.#active.count(id) === 0);
    for (const row of present) this.#active.retain(row);
    return merged.length > 0 ? merged : refuse("AlembicFails", "Every parent of a merge is implied by another row.");
  }

  /** `downgrade()` of a revision has run: of its parents and dependencies the rows that nothing else implies come back. */
  downgrade({ id, before }: Node): void {
    this.remove(id);
    const implied = this.#rows.size > 0 || before.length < 2 ? undefined : this.#below(before);
    for (const row of before.filter((one) => this.#active.count(one) === 0 && !implied?.has(one))) this.insert(row);
  }

  /** What comes before one of several. */
  #below(ids: readonly string[]): ReadonlySet<string> {
    const nodes = ids
      .flatMap((id) => this.#graph.names.get(id)?.before ?? [])
      .flatMap((id) => this.#graph.names.get(id) ?? []);
    return new Set([...reach(this.#graph, nodes, toBefore)].map(({ id }) => id));
  }

  #idOf = (row: string): string => revisionOf(this.#graph, row, undefined)?.id ?? row;
}
