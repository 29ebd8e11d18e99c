/** The revisions that a revision can come after: the newest heads first. */
import type { Typing } from "../../model/typing.ts";
import { limited } from "./limit.ts";
import type { Completion, CompletionPlace, Completions } from "./place.ts";

export function completeRevisions(
  { project: { history }, file }: CompletionPlace,
  { slot, written }: Extract<Typing, { readonly kind: "revision" }>,
): Completions {
  const own = file.identifiers.revision?.value;
  const following = own === undefined ? new Set<string>() : descendantsOf(own, history.children);
  const made = (id: string): string => history.revisions.get(id)?.file.header?.createDate?.value ?? "";
  const heads = history.order
    .filter((id) => history.heads.includes(id))
    .reverse()
    .sort((a, b) => (made(a) < made(b) ? 1 : made(a) > made(b) ? -1 : 0));
  const isHead = new Set(heads);
  const others = history.order.filter((id) => !isHead.has(id)).reverse();
  const fitting = [...heads, ...others].filter((id) => {
    const revision = history.revisions.get(id);
    // What comes after this one cannot come before it.
    return revision !== undefined && id !== own && !following.has(id);
  });
  const { items, isIncomplete } = limited(
    fitting,
    written,
    (id) => `${id} ${history.revisions.get(id)?.message ?? ""}`,
  );
  return {
    items: items.flatMap((id): readonly Completion[] => {
      const newText = slot.escape(id);
      const message = history.revisions.get(id)?.message ?? "";
      if (newText === undefined) return [];
      return [
        {
          kind: "revision",
          label: id,
          range: slot.range,
          newText,
          filterText: `${id} ${message}`,
          detail: `${message}${isHead.has(id) ? " (head)" : ""}`.trim(),
        },
      ];
    }),
    isIncomplete,
  };
}

function descendantsOf(id: string, children: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...(children.get(id) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(children.get(next) ?? []));
  }
  return found;
}
