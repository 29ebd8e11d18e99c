/** Compiled revisions without their source, which Alembic loads where `sourceless = true`. */
import { isRevisionName } from "./continuation.ts";
import { joinPath } from "./paths.ts";
import type { FileSource } from "./ports.ts";
import type { ProjectProblem } from "./snapshot.ts";
import { listFolder, type Folder } from "./walk.ts";

const named = 3;

/** One problem for a folder that holds some: they are part of the history, and nothing can be told of them. */
export async function findCompiled(files: FileSource, folder: Folder): Promise<readonly ProjectProblem[]> {
  const cache = folder.folders.includes("__pycache__")
    ? await listFolder(files, joinPath(folder.path, "__pycache__"))
    : undefined;
  const compiled = [...besideSource(folder), ...inCache(folder, cache?.files ?? [])];
  const [first] = compiled;
  if (first === undefined) return [];
  const more = compiled.length > named ? ` and ${compiled.length - named} more` : "";
  const message = `Alembic also loads revisions here that are compiled and have no source, which cannot be read: ${compiled.slice(0, named).join(", ")}${more}.`;
  return [{ code: "compiled", message, file: joinPath(folder.path, first), range: { start: 0, end: 0 } }];
}

/** `x.pyc` and `x.pyo` without `x.py`; of the two the former. */
const besideSource = ({ files }: Folder): readonly string[] =>
  files.filter((name) => {
    const source = /\.py[co]$/.test(name) ? name.slice(0, -1) : undefined;
    if (source === undefined || !isRevisionName(source) || files.includes(source)) return false;
    return !name.endsWith("o") || !files.includes(`${source}c`);
  });

/** `__pycache__/x.cpython-312.pyc`, where the folder has nothing that is called `x`. */
function inCache({ files }: Folder, cached: readonly string[]): readonly string[] {
  const stem = (name: string): string => name.split(".")[0] ?? "";
  const known = new Set(files.map(stem));
  const isCompiled = (name: string): boolean => /\.py[co]$/.test(name) && isRevisionName(name.slice(0, -1));
  return cached.filter((name) => isCompiled(name) && !known.has(stem(name))).map((name) => `__pycache__/${name}`);
}
