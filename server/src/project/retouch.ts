/** The way of most edits: one file of a project has another text, and nothing but its own reading follows from that. */
import { withReplaced } from "../history/replaced.ts";
import { reviseHistory } from "../history/revise.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Dialect } from "../sql/action.ts";
import type { ProjectModules } from "./modules.ts";
import type { FileSource } from "./ports.ts";
import type { Readers } from "./readers.ts";
import type { Project } from "./snapshot.ts";

/**
 * The project after the edits, at a cost that does not grow with its history; itself where nothing follows from them.
 * Undefined where more may follow from them: another dialect, another graph, a file that came or went.
 */
export async function retouch(
  files: FileSource,
  { project, modules }: { readonly project: Project; readonly modules: ProjectModules },
  changed: ReadonlySet<string>,
  readers: Readers,
): Promise<Project | undefined> {
  let all = project.files;
  let history = project.history;
  for (const path of changed) {
    const before = project.files.get(path);
    const text = before && (await files.read(path).catch(() => undefined));
    if (!before || text === undefined) return undefined;
    // The dialect is told by what all files import, where nothing else tells it.
    if (!areSame(readers.imported(path, before.text), readers.imported(path, text))) return undefined;
    const read = (): RevisionFile => readers.revision(path, text, project.config.dialect, modules.modules);
    const after = await modules.complete(read, readers);
    const revised = after === before ? history : reviseHistory(history, before, after);
    if (revised === undefined) return undefined;
    history = revised;
    if (after !== before) all = withReplaced(all, path, after);
  }
  return all === project.files ? project : { ...project, files: all, history };
}

const areSame = (a: ReadonlySet<Dialect>, b: ReadonlySet<Dialect>): boolean =>
  a.size === b.size && [...a].every((dialect) => b.has(dialect));
