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
    if (lines.giveWay()) continue;
    if (todo.delete(at)) order.push(at);
    lines.advance(before(at).filter((id) => todo.has(id) && !lines.has(id)));
  }
  return order;
}

/** A line from a head down, between its neighbours in the order in which the lines began. */
interface Line {
  at: string;
  readonly rank: number;
  previous: Line | undefined;
  next: Line | undefined;
}

class Lines {
  readonly #byId = new Map<string, Line>();
  readonly #before: Before;
  readonly #uses: Uses;
  #current: Line | undefined;
  #last: Line | undefined;

  constructor(heads: readonly string[], before: Before) {
    this.#before = before;
    this.#uses = new Uses(before);
    for (const head of heads) this.#begin(head);
  }

  at = (): string | undefined => this.#current?.at;

  has = (id: string): boolean => this.#byId.has(id);

  /** Goes over to the first other line that leads to where this one stands; false where there is none. */
  giveWay(): boolean {
    if (this.#current === undefined || this.#uses.count(this.#current.at) < 2) return false;
    this.#current = this.#firstAbove(this.#current.at);
    return true;
  }

  /** The line goes on at the first of `next`; the others begin lines of their own. Without any it ends. */
  advance([first, ...others]: readonly string[]): void {
    const line = this.#current;
    if (line === undefined) return;
    if (first !== undefined) this.#uses.retain(first);
    for (const id of others) this.#begin(id);
    this.#uses.release(line.at);
    this.#byId.delete(line.at);
    if (first === undefined) this.#end(line);
    else {
      line.at = first;
      this.#byId.set(first, line);
    }
  }

  #begin(id: string): void {
    const line: Line = { at: id, rank: (this.#last?.rank ?? 0) + 1, previous: this.#last, next: undefined };
    if (this.#last !== undefined) this.#last.next = line;
    this.#last = line;
    this.#current ??= line;
    this.#byId.set(id, line);
    this.#uses.retain(id);
  }

  #end({ previous, next }: Line): void {
    if (previous !== undefined) previous.next = next;
    if (next !== undefined) next.previous = previous;
    else this.#last = previous;
    this.#current = previous ?? next;
  }

  #firstAbove(id: string): Line | undefined {
    const after = this.#after();
    const seen = new Set<string>();
    const todo = [id];
    let first: Line | undefined;
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      for (const next of after.get(at) ?? []) {
        if (seen.has(next) || this.#uses.count(next) === 0) continue;
        seen.add(next);
        todo.push(next);
        const line = this.#byId.get(next);
        if (line !== undefined && (first === undefined || line.rank < first.rank)) first = line;
      }
    }
    return first;
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
