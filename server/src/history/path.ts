/** What must run before a revision, and what needs it: also in a history that Alembic refuses. */
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
