/**
 * What is gathered from all revisions of a project, kept up with edits: of a revision that was edited the share that it had
 * is taken out and the one that it has is put in, so that asking again costs what was edited.
 */
import { changedKeys } from "../history/replaced.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Project, ProjectConfig } from "../project/snapshot.ts";

export interface Gathering<Share, Whole> {
  /** What one file brings; kept as long as the file is what it is. Undefined where it brings nothing. */
  share(file: RevisionFile, config: ProjectConfig): Share | undefined;
  empty(): Whole;
  put(into: Whole, share: Share, id: string): void;
  take(from: Whole, share: Share, id: string): void;
}

interface Gathered<Whole> {
  revisions: Project["history"]["revisions"];
  readonly whole: Whole;
}

/** The whole is what it was asked for until the next snapshot asks: nobody may hold it. */
export function gather<Share, Whole>(gathering: Gathering<Share, Whole>): (project: Project) => Whole {
  const shares = new WeakMap<ProjectConfig, WeakMap<RevisionFile, { readonly share: Share | undefined }>>();
  const gathered = new WeakMap<ProjectConfig, WeakMap<readonly string[], Gathered<Whole>>>();
  const shareOf = (file: RevisionFile | undefined, config: ProjectConfig): Share | undefined => {
    if (file === undefined) return undefined;
    const byFile = within(shares, config);
    const known = byFile.get(file) ?? { share: gathering.share(file, config) };
    byFile.set(file, known);
    return known.share;
  };
  return ({ history: { order, revisions }, config }) => {
    const byOrder = within(gathered, config);
    const known = byOrder.get(order);
    if (known === undefined) {
      const whole = gathering.empty();
      for (const [id, { file }] of revisions) {
        const share = shareOf(file, config);
        if (share !== undefined) gathering.put(whole, share, id);
      }
      byOrder.set(order, { revisions, whole });
      return whole;
    }
    for (const id of changedKeys(known.revisions, revisions)) {
      const [before, after] = [known.revisions.get(id)?.file, revisions.get(id)?.file];
      if (before === after) continue;
      const [old, now] = [shareOf(before, config), shareOf(after, config)];
      if (old !== undefined) gathering.take(known.whole, old, id);
      if (now !== undefined) gathering.put(known.whole, now, id);
    }
    known.revisions = revisions;
    return known.whole;
  };
}

/** The shares themselves, by revision: of something that few bring. */
export const gatherShares = <Share>(
  share: Gathering<Share, never>["share"],
): ((project: Project) => ReadonlyMap<string, Share>) =>
  gather<Share, Map<string, Share>>({
    share,
    empty: () => new Map(),
    put: (into, one, id) => into.set(id, one),
    take: (from, _one, id) => from.delete(id),
  });

function within<K extends object, V extends object, T>(all: WeakMap<K, WeakMap<V, T>>, key: K): WeakMap<V, T> {
  const known = all.get(key) ?? new WeakMap<V, T>();
  all.set(key, known);
  return known;
}

/** The operations of all upgrades, of which the caller keeps nothing. */
export const upgradesOnce = (file: RevisionFile): RevisionFile["upgrades"] => file.upgradesOnce?.() ?? file.upgrades;
