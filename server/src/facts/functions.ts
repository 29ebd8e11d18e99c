/** Functions that earlier revisions have made. */
import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { keyOf } from "../schema/replay/schema.ts";
import type { QualifiedName } from "../sql/action.ts";

const known = new WeakMap<RevisionFile, ReadonlySet<string>>();

function madeIn(file: RevisionFile): ReadonlySet<string> {
  const found =
    known.get(file) ??
    new Set(
      file.upgrades
        .flatMap(({ operations }) => operations)
        .filter(({ kind }) => kind === "create_function")
        .flatMap(({ touches }) =>
          touches.flatMap(({ how, on }) => (how === "create" && on.type === "function" ? [keyOf(on.name)] : [])),
        ),
    );
  known.set(file, found);
  return found;
}

export function isFunctionMadeBefore(project: Project, file: RevisionFile, name: QualifiedName): boolean {
  const { order, revisions } = project.history;
  const at = order.indexOf(file.identifiers.revision?.value ?? "");
  return order.slice(0, Math.max(0, at)).some((id) => {
    const other = revisions.get(id)?.file;
    return other !== undefined && madeIn(other).has(keyOf(name));
  });
}
