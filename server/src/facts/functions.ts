/** Functions that earlier revisions have made. */
import { positionsOf } from "../history/ancestry.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { keyOf } from "../schema/replay/schema.ts";
import type { QualifiedName } from "../sql/action.ts";
import { gather, upgradesOnce } from "./gathered.ts";
import { defineInquiry } from "./inquiry.ts";

const namesMadeIn = (file: RevisionFile): readonly string[] => [
  ...new Set(
    upgradesOnce(file)
      .flatMap(({ operations }) => operations)
      .filter(({ kind }) => kind === "create_function")
      .flatMap(({ touches }) =>
        touches.flatMap(({ how, on }) => (how === "create" && on.type === "function" ? [keyOf(on.name)] : [])),
      ),
  ),
];

/** By name, the revisions that make it. */
const makersIn = gather<readonly string[], Map<string, Set<string>>>({
  share: namesMadeIn,
  empty: () => new Map(),
  put(makers, names, id) {
    for (const name of names) makers.set(name, (makers.get(name) ?? new Set()).add(id));
  },
  take(makers, names, id) {
    for (const name of names) makers.get(name)?.delete(id);
  },
});

export function isFunctionMadeBefore(project: Project, file: RevisionFile, name: QualifiedName): boolean {
  return isMadeBefore(project, { revision: file.identifiers.revision?.value ?? "", key: keyOf(name) });
}

const isMadeBefore = defineInquiry(
  "function",
  (project, { revision, key }: { readonly revision: string; readonly key: string }) => {
    const positions = positionsOf(project.history);
    const own = positions.get(revision) ?? -1;
    return [...(makersIn(project).get(key) ?? [])].some((id) => (positions.get(id) ?? Infinity) < own);
  },
);
