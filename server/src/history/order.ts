/** The order in which Alembic walks a history, as `RevisionMap._topological_sort` makes it: heads first. */

import { Uses, type Before } from "./uses.ts";

/**
 * The ids of `wanted` from the heads down. A line is followed as far as no other line still needs its next revision.
 * @param heads where the lines start, in the order in which their revisions were read
 * @param before without cycles
 * @returns fewer than are wanted where not all of them lie on lines from the heads
 */
export function orderFromHeads(
  wanted: ReadonlySet<string>,
  heads: readonly string[],
  before: Before,
): readonly string[] {
  const todo = new Set(wanted);
  const lines = new Lines(heads, before);
  const order: string[] = [];
  for (let at = lines.at(); at !== undefined; at = lines.at()) {
    if (lines.yield()) continue;
    if (todo.delete(at)) order.push(at);
    lines.advance(before(at).filter((id) => todo.has(id) && !lines.has(id)));
  }
  return order;
}

/** The current heads, and what they lead to. */
class Lines {
  readonly #heads: string[];
  readonly #isHead: Set<string>;
  readonly #before: Before;
  readonly #uses: Uses;
  #current = 0;

  constructor(heads: readonly string[], before: Before) {
    this.#heads = [...heads];
    this.#isHead = new Set(heads);
    this.#before = before;
    this.#uses = new Uses(before);
    for (const head of heads) this.#uses.retain(head);
  }

  at = (): string | undefined => this.#heads[this.#current];

  has = (id: string): boolean => this.#isHead.has(id);

  /** Goes over to the first other line that leads to where this one stands; false where there is none. */
  yield(): boolean {
    const at = this.at();
    if (at === undefined || this.#uses.count(at) < 2) return false;
    const above = this.#above(at);
    this.#current = this.#heads.findIndex((head, index) => index !== this.#current && above.has(head));
    return true;
  }

  advance(next: readonly string[]): void {
    const at = this.at();
    if (at === undefined) return;
    for (const id of next) this.#uses.retain(id);
    this.#uses.release(at);
    this.#isHead.delete(at);
    const [first, ...others] = next;
    if (first === undefined) {
      this.#heads.splice(this.#current, 1);
      this.#current = Math.max(this.#current - 1, 0);
    } else {
      this.#heads[this.#current] = first;
      this.#heads.push(...others);
    }
    for (const id of next) this.#isHead.add(id);
  }

  /** The ids that lead to `id` and that a head leads to. */
  #above(id: string): ReadonlySet<string> {
    const after = this.#after();
    const seen = new Set<string>();
    const todo = [id];
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      for (const next of after.get(at) ?? []) {
        if (seen.has(next) || this.#uses.count(next) === 0) continue;
        seen.add(next);
        todo.push(next);
      }
    }
    return seen;
  }

  #links: ReadonlyMap<string, readonly string[]> | undefined;

  /** `before` the other way round, of all that the first heads lead to; made when it is first needed. */
  #after(): ReadonlyMap<string, readonly string[]> {
    if (this.#links !== undefined) return this.#links;
    const links = new Map<string, string[]>();
    for (const id of this.#uses.ids()) {
      for (const previous of this.#before(id)) {
        const list = links.get(previous);
        if (list === undefined) links.set(previous, [id]);
        else list.push(id);
      }
    }
    this.#links = links;
    return links;
  }
}
