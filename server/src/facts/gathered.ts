/**
 * What is gathered from all revisions of a project, kept up with edits: of a revision that was edited the share that it had
 * is taken out and the one that it has is put in, so that asking again costs what was edited.
 */
import { changedKeys } from "../history/replaced.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Project, ProjectConfig } from "../project/snapshot.ts";

export interface Gathering<Share, Whole> {
  /** What one file brings; kept as long as the file is what it is. */
  share(file: RevisionFile, config: ProjectConfig): Share;
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
  const shares = new WeakMap<ProjectConfig, WeakMap<RevisionFile, Share>>();
  const gathered = new WeakMap<ProjectConfig, WeakMap<readonly string[], Gathered<Whole>>>();
  const shareOf = (file: RevisionFile, config: ProjectConfig): Share => {
    const byFile = within(shares, config);
    const known = byFile.get(file);
    if (known !== undefined) return known;
    const made = gathering.share(file, config);
    byFile.set(file, made);
    return made;
  };
  return ({ history: { order, revisions }, config }) => {
    const byOrder = within(gathered, config);
    const known = byOrder.get(order);
    if (known === undefined) {
      const whole = gathering.empty();
      for (const [id, { file }] of revisions) gathering.put(whole, shareOf(file, config), id);
      byOrder.set(order, { revisions, whole });
      return whole;
    }
    for (const id of changedKeys(known.revisions, revisions)) {
      const [before, after] = [known.revisions.get(id)?.file, revisions.get(id)?.file];
      if (before === after) continue;
      if (before) gathering.take(known.whole, shareOf(before, config), id);
      if (after) gathering.put(known.whole, shareOf(after, config), id);
    }
    known.revisions = revisions;
    return known.whole;
  };
}

function within<K extends object, V extends object, T>(all: WeakMap<K, WeakMap<V, T>>, key: K): WeakMap<V, T> {
  const known = all.get(key) ?? new WeakMap<V, T>();
  all.set(key, known);
  return known;
}

/** The operations of all upgrades, of which the caller keeps nothing. */
export const upgradesOnce = (file: RevisionFile): RevisionFile["upgrades"] => file.upgradesOnce?.() ?? file.upgrades;
