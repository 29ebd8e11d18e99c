/** The order in which Alembic walks a history, as `RevisionMap._topological_sort` makes it. */
import type { Revision } from "./history.ts";

export interface Order {
  /** Predecessors first. */
  readonly order: readonly string[];
  /** Revisions in a cycle or after one: Alembic refuses the whole history. In the order in which they were read. */
  readonly stuck: readonly string[];
}

type Links = ReadonlyMap<string, readonly string[]>;

/** `dependencies` are the ids that `depends_on` comes to, `before` those and the parents; only ids that exist. */
export function alembicOrder(revisions: ReadonlyMap<string, Revision>, dependencies: Links, before: Links): Order {
  const free = withoutCycles(revisions, before);
  const links = new Map([...free].map((id) => [id, normalised(id, revisions, dependencies)]));
  const walk = new Walk(links, realHeads(free, before));
  return { order: walk.run().reverse(), stuck: [...revisions.keys()].filter((id) => !free.has(id)) };
}

/** Those whose every predecessor can run, in the order in which they were read. */
function withoutCycles(revisions: ReadonlyMap<string, Revision>, before: Links): ReadonlySet<string> {
  const after = new Map<string, string[]>([...revisions.keys()].map((id) => [id, []]));
  const waits = new Map<string, number>();
  for (const [id, previous] of before) {
    waits.set(id, previous.length);
    for (const p of previous) after.get(p)?.push(id);
  }
  const ready = [...revisions.keys()].filter((id) => waits.get(id) === 0);
  const free = new Set<string>();
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    free.add(id);
    for (const next of after.get(id) ?? []) {
      const left = (waits.get(next) ?? 0) - 1;
      waits.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return new Set([...revisions.keys()].filter((id) => free.has(id)));
}

/** Parents, and of the dependencies those that no ancestor along the parents has already, as Alembic reduces them. */
function normalised(id: string, revisions: ReadonlyMap<string, Revision>, dependencies: Links): readonly string[] {
  const parents = parentsOf(id, revisions);
  const own = dependencies.get(id) ?? [];
  if (own.length === 0) return parents;
  const inherited = new Set<string>();
  const seen = new Set<string>([id]);
  const todo = [...parents];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const dependency of dependencies.get(next) ?? []) inherited.add(dependency);
    todo.push(...parentsOf(next, revisions));
  }
  return [...new Set([...parents, ...own.filter((dependency) => !inherited.has(dependency))])];
}

const parentsOf = (id: string, revisions: ReadonlyMap<string, Revision>): readonly string[] => [
  ...new Set((revisions.get(id)?.parents ?? []).filter((p) => revisions.has(p))),
];

function realHeads(free: ReadonlySet<string>, before: Links): string[] {
  const heads = new Set(free);
  for (const id of free) for (const previous of before.get(id) ?? []) heads.delete(previous);
  return [...heads];
}

/** Down from the heads: a line is followed as far as no other line still needs its next revision. */
class Walk {
  readonly #links: Links;
  readonly #todo: Set<string>;
  readonly #lines: { at: string; ancestors: Set<string> }[];

  constructor(links: Links, heads: readonly string[]) {
    this.#links = links;
    this.#todo = new Set(links.keys());
    this.#lines = heads.map((at) => ({ at, ancestors: this.#ancestors(at) }));
  }

  run(): string[] {
    const out: string[] = [];
    let current = 0;
    for (let line = this.#lines[current]; line !== undefined; line = this.#lines[current]) {
      const { at } = line;
      const blocker = this.#lines.findIndex((other, index) => index !== current && other.ancestors.has(at));
      if (blocker !== -1) {
        current = blocker;
        continue;
      }
      if (this.#todo.delete(at)) out.push(at);
      if (!this.#advance(current)) {
        this.#lines.splice(current, 1);
        current = Math.max(current - 1, 0);
      }
    }
    return out;
  }

  #advance(current: number): boolean {
    const line = this.#lines[current];
    if (line === undefined) return false;
    const previous = this.#links.get(line.at) ?? [];
    const [first, ...others] = previous.filter((p) => this.#todo.has(p) && !this.#lines.some((l) => l.at === p));
    if (first === undefined) return false;
    if (previous.length === 1) line.ancestors.delete(line.at);
    else line.ancestors = this.#ancestors(first);
    line.at = first;
    this.#lines.push(...others.map((at) => ({ at, ancestors: this.#ancestors(at) })));
    return true;
  }

  /** Itself included. */
  #ancestors(id: string): Set<string> {
    const seen = new Set<string>();
    const todo = [id];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      todo.push(...(this.#links.get(next) ?? []));
    }
    return seen;
  }
}
