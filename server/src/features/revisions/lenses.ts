/** What the lines of a revision can be told of: its id, its functions, and who its neighbours are. */
import type { RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import type { Range } from "../../text/range.ts";
import { namesOf, targetOf, type Reference } from "./links.ts";
import { homesOf } from "./named.ts";

export interface Lenses {
  readonly id: string;
  readonly range: Range;
  readonly upgrades: readonly Range[];
  readonly parents: readonly Reference[];
  readonly children: readonly Reference[];
}

export function lensesOf(project: Project, file: RevisionFile): Lenses | undefined {
  const { revision, downRevision } = file.identifiers;
  if (!file.isRevision || !revision) return undefined;
  const home = { id: revision.value, file };
  return {
    id: home.id,
    range: targetOf(home).range,
    upgrades: file.upgrades.flatMap(({ nameRange }) => nameRange ?? []),
    parents: (downRevision?.value ?? []).flatMap((id) => homesOf(project, id)).map(targetOf),
    children: namesOf(project, home).filter(({ as }) => as === "down_revision"),
  };
}
