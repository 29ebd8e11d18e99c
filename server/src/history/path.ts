import type { History } from "./history.ts";

type Links = ReadonlyMap<string, readonly string[]>;

/** Every revision that must have run before `id`: parents and dependencies, and theirs. `id` itself is not included. */
export const ancestors = (history: History, id: string): ReadonlySet<string> => reach(id, history.before);

/** Every revision whose ancestor `id` is. */
export function descendants(history: History, id: string): ReadonlySet<string> {
  const after = new Map<string, string[]>();
  for (const [next, previous] of history.before) {
    for (const p of previous) {
      const list = after.get(p);
      if (list === undefined) after.set(p, [next]);
      else list.push(next);
    }
  }
  return reach(id, after);
}

/**
 * What an upgrade from a database that stands at `from` (undefined: an empty one) to `to` runs, in that order.
 * Undefined where `to` does not exist or `from` is not an ancestor of it.
 */
export function pathBetween(history: History, from: string | undefined, to: string): readonly string[] | undefined {
  if (!history.revisions.has(to)) return undefined;
  const needed = new Set([...ancestors(history, to), to]);
  if (from !== undefined) {
    if (!needed.has(from)) return undefined;
    needed.delete(from);
    for (const done of ancestors(history, from)) needed.delete(done);
  }
  return history.order.filter((id) => needed.has(id));
}

/**
 * The revision that a person means: by id, by branch label, or by the first four or more characters of one id only,
 * as on Alembic's command line.
 */
export function findRevision(history: History, name: string): string | undefined {
  if (history.revisions.has(name)) return name;
  for (const revision of history.revisions.values()) if (revision.branchLabels.includes(name)) return revision.id;
  if (name.length < 4) return undefined;
  const matches = [...history.revisions.keys()].filter((id) => id.startsWith(name));
  return matches.length === 1 ? matches[0] : undefined;
}

function reach(id: string, links: Links): ReadonlySet<string> {
  const seen = new Set<string>();
  const todo = [...(links.get(id) ?? [])];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    todo.push(...(links.get(next) ?? []));
  }
  seen.delete(id);
  return seen;
}
