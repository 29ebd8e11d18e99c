import { FileUnreadable, type FileSource } from "../project/ports.ts";
import { parseSettingsFile, settingsFileNames } from "../settings/file.ts";
import type { GivenSettings } from "../settings/settings.ts";

export interface ProjectSettings {
  readonly given: GivenSettings;
  /** The file that they are from; undefined where there is none. */
  readonly file?: string;
  /** Of that file; one sentence each. */
  readonly problems: readonly string[];
}

const levels = 8;

/**
 * What the team has written down: `retort.toml` or `[tool.retort]` in `pyproject.toml`, in the project's folder or the
 * nearest one above it within the same repository.
 */
export async function readProjectSettings(files: FileSource, root: string): Promise<ProjectSettings> {
  let folder = root;
  for (let level = 0; level < levels; level++) {
    for (const name of settingsFileNames) {
      const file = `${folder === "/" ? "" : folder}/${name}`;
      const found = await readOne(files, file, name);
      if (found) return found;
    }
    const isTop = (await files.list(folder).catch(() => undefined))?.some((entry) => entry.name === ".git") === true;
    const above = folder.slice(0, folder.lastIndexOf("/"));
    if (isTop || above === "" || above === folder) break;
    folder = above;
  }
  return { given: {}, problems: [] };
}

async function readOne(
  files: FileSource,
  file: string,
  name: (typeof settingsFileNames)[number],
): Promise<ProjectSettings | undefined> {
  try {
    const text = await files.read(file);
    const parsed = text === undefined ? undefined : parseSettingsFile(name, text);
    return parsed && { given: parsed.given, file, problems: parsed.problems.map(({ message }) => message) };
  } catch (error) {
    if (!(error instanceof FileUnreadable)) throw error;
    return { given: {}, file, problems: [error.message] };
  }
}
