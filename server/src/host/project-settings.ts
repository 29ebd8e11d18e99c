import { FileUnreadable, type FileSource } from "../project/ports.ts";
import type { ProjectProblem } from "../project/snapshot.ts";
import { parseSettingsFile, settingsFileNames, type SettingsFile } from "../settings/file.ts";
import type { DeclaredRule } from "../settings/parse.ts";
import type { GivenSettings } from "../settings/settings.ts";
import { range } from "../text/range.ts";

export interface ProjectSettings {
  readonly given: GivenSettings;
  /** The file that they are from; undefined where there is none. */
  readonly file?: string;
  /** All with the code `settings`. */
  readonly problems: readonly ProjectProblem[];
}

const levels = 8;
const code = "settings";

const atStart = range(0, 0);

/**
 * What the team has written down: `retort.toml` or `[tool.retort]` in `pyproject.toml`, in the project's folder or the
 * nearest one above it within the same repository. `declared`: the rules that it may speak of.
 */
export async function readProjectSettings(
  files: FileSource,
  root: string,
  declared: readonly DeclaredRule[],
): Promise<ProjectSettings> {
  let folder = root;
  for (let level = 0; level < levels; level++) {
    const found = await readFolder(files, folder, declared);
    if (found) return { ...found, given: { ...found.given, ...placeWithin(folder, root) } };
    const isTop = (await files.list(folder).catch(() => undefined))?.some((entry) => entry.name === ".git") === true;
    const above = folder.slice(0, folder.lastIndexOf("/"));
    if (isTop || above === "" || above === folder) break;
    folder = above;
  }
  return { given: {}, problems: [] };
}

const placeWithin = (folder: string, root: string): GivenSettings =>
  root.startsWith(`${folder}/`) ? { within: root.slice(folder.length + 1) } : {};

/** The first of the files counts; one beside it that would be overlooked is said. */
async function readFolder(
  files: FileSource,
  folder: string,
  declared: readonly DeclaredRule[],
): Promise<ProjectSettings | undefined> {
  let counting: ProjectSettings | undefined;
  for (const name of settingsFileNames) {
    const file = `${folder === "/" ? "" : folder}/${name}`;
    const read = await readOne(files, file, name, declared);
    if (read === undefined) continue;
    if (counting === undefined) {
      counting = { given: read.given, file, problems: read.problems.map((problem) => ({ code, ...problem, file })) };
      continue;
    }
    const message = "This is overlooked, since there is a retort.toml beside this file: keep one of them.";
    counting = { ...counting, problems: [...counting.problems, { code, message, file, range: read.range }] };
  }
  return counting;
}

async function readOne(
  files: FileSource,
  file: string,
  name: (typeof settingsFileNames)[number],
  declared: readonly DeclaredRule[],
): Promise<SettingsFile | undefined> {
  try {
    const text = await files.read(file);
    return text === undefined ? undefined : parseSettingsFile(name, text, declared);
  } catch (error) {
    if (!(error instanceof FileUnreadable)) throw error;
    return { given: {}, range: atStart, problems: [{ message: error.message, range: atStart }] };
  }
}
