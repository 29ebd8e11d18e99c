type Links = ReadonlyMap<string, readonly string[]>;

/** Those of `ids` whose every predecessor can run, in the order in which they were read. */
export function withoutCycles(ids: readonly string[], before: Links): ReadonlySet<string> {
  if (isAcyclic(ids, before)) return new Set(ids);
  const after = new Map<string, string[]>(ids.map((id) => [id, []]));
  const waits = new Map<string, number>();
  for (const id of ids) {
    const previous = before.get(id) ?? [];
    waits.set(id, previous.length);
    for (const one of previous) after.get(one)?.push(id);
  }
  const ready = ids.filter((id) => waits.get(id) === 0);
  const free = new Set<string>();
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    free.add(id);
    for (const next of after.get(id) ?? []) {
      const left = (waits.get(next) ?? 0) - 1;
      waits.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return new Set(ids.filter((id) => free.has(id)));
}

/** Taken away from the ends, all go. Needs no links the other way round, as the usual case should cost little. */
function isAcyclic(ids: readonly string[], before: Links): boolean {
  const uses = new Map<string, number>();
  for (const id of ids) for (const one of before.get(id) ?? []) uses.set(one, (uses.get(one) ?? 0) + 1);
  const ends = ids.filter((id) => !uses.has(id));
  let left = ids.length;
  for (let id = ends.pop(); id !== undefined; id = ends.pop()) {
    left -= 1;
    for (const one of before.get(id) ?? []) {
      const count = (uses.get(one) ?? 0) - 1;
      uses.set(one, count);
      if (count === 0) ends.push(one);
    }
  }
  return left === 0;
}

/**
 * Of each id that lies in a cycle a short way back to itself, both ends included.
 * @param stuck ids in a cycle or after one
 */
export function findCycles(stuck: readonly string[], before: Links): readonly (readonly string[])[] {
  const known = new Map<string, readonly string[]>();
  return withoutEnds(stuck, before).flatMap((id) => {
    const cycle = known.get(id) ?? cycleThrough(id, before);
    if (cycle === undefined) return [];
    for (const member of cycle) if (!known.has(member)) known.set(member, startingAt(member, cycle));
    return [cycle];
  });
}

/** Without those that nothing in a cycle comes after. */
function withoutEnds(stuck: readonly string[], before: Links): readonly string[] {
  const all = new Set(stuck);
  const after = new Map<string, string[]>(stuck.map((id) => [id, []]));
  for (const id of stuck) for (const previous of before.get(id) ?? []) after.get(previous)?.push(id);
  const ends = withoutCycles([...all], after);
  return stuck.filter((id) => !ends.has(id));
}

/** The same cycle, told from another of its members. */
function startingAt(id: string, cycle: readonly string[]): readonly string[] {
  const at = cycle.indexOf(id);
  return [...cycle.slice(at, -1), ...cycle.slice(0, at), id];
}

/** The shortest way from `id` over its predecessors back to itself, both ends included. */
function cycleThrough(id: string, before: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [id];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const previous of before.get(next) ?? []) {
      if (previous === id) return [...wayTo(next, cameFrom), id];
      if (cameFrom.has(previous)) continue;
      cameFrom.set(previous, next);
      queue.push(previous);
    }
  }
  return undefined;
}

function wayTo(id: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way: string[] = [];
  for (let at: string | undefined = id; at !== undefined; at = cameFrom.get(at)) way.push(at);
  return way.reverse();
}
