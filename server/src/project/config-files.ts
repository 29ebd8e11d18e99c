/** The configs in a folder, and the ways in which Alembic may be started with them. */
import { parseIni, type Ini } from "./ini.ts";
import type { ConfigInput } from "./options.ts";
import { baseName, joinPath } from "./paths.ts";
import type { FileSource } from "./ports.ts";
import { readText } from "./read-text.ts";
import type { ProjectProblem } from "./snapshot.ts";
import { parseToml, type TomlTable } from "../text/toml.ts";
import type { Folder } from "./walk.ts";

/** Files that cannot be read, and those that do not parse and may be Alembic's, are problems. */
export async function readConfigs(
  files: FileSource,
  folder: Folder,
  problems: ProjectProblem[],
): Promise<readonly ConfigInput[]> {
  const toml = await readTomlOf(files, folder, problems);
  return inputsOf(await readInis(files, folder, toml !== undefined, problems), toml);
}

type TomlInput = NonNullable<ConfigInput["toml"]>;
type IniInput = NonNullable<ConfigInput["ini"]>;

/** Every way to start Alembic here: with each ini file and each of its sections, and without any. */
function inputsOf(inis: readonly IniInput[], toml: TomlInput | undefined): readonly ConfigInput[] {
  const isPlaced = toml?.table.entries.has("script_location") ?? false;
  const inputs = inis.flatMap((ini) =>
    sectionsOf(ini.parsed, true, isPlaced).map((section): ConfigInput => ({ section, ini, ...(toml ? { toml } : {}) })),
  );
  const isDefault = ({ section, ini }: ConfigInput): boolean =>
    section === "alembic" && ini !== undefined && baseName(ini.path) === "alembic.ini";
  if (toml === undefined || inputs.some(isDefault) || (inputs.length > 0 && !isPlaced)) return inputs;
  const ini = inis.find(({ path }) => baseName(path) === "alembic.ini");
  return [...inputs, { section: "alembic", toml, ...(ini ? { ini } : {}) }];
}

async function readTomlOf(
  files: FileSource,
  folder: Folder,
  problems: ProjectProblem[],
): Promise<TomlInput | undefined> {
  if (!folder.files.includes("pyproject.toml")) return undefined;
  const path = joinPath(folder.path, "pyproject.toml");
  const text = await readText(files, path, problems);
  if (!text?.includes("alembic")) return undefined;
  const { root, problem: broken } = parseToml(text);
  if (broken !== undefined) {
    if (text.includes("tool.alembic"))
      problems.push({ code: "config", message: broken.message, file: path, range: broken.range });
    return undefined;
  }
  const table = alembicTable(root);
  return table === undefined ? undefined : { path, table };
}

function alembicTable(root: TomlTable): TomlTable | undefined {
  const tool = root.entries.get("tool");
  const table = tool?.kind === "table" ? tool.entries.get("alembic") : undefined;
  return table?.kind === "table" ? table : undefined;
}

async function readInis(
  files: FileSource,
  folder: Folder,
  beside: boolean,
  problems: ProjectProblem[],
): Promise<readonly IniInput[]> {
  const found: IniInput[] = [];
  for (const name of folder.files.filter(isIni)) {
    const path = joinPath(folder.path, name);
    const text = await readText(files, path, problems);
    if (text === undefined) continue;
    // An alembic.ini counts without a script_location too: a program may set it, or pyproject.toml beside it.
    if (name !== "alembic.ini" && !text.includes("script_location")) continue;
    const parsed = parseIni(text);
    const isOurs = beside || name === "alembic.ini";
    if (sectionsOf(parsed, isOurs, false).length > 0 || (isOurs && parsed.problems.length === 0))
      found.push({ path, parsed });
    else
      problems.push(
        ...parsed.problems.map((one) => ({ code: "config", message: one.message, file: path, range: one.range })),
      );
  }
  return found;
}

/** Alembic takes any name after `-c`; these are the ones that are used. */
export const isIni = (name: string): boolean => name.endsWith(".ini") || name.endsWith(".cfg");

/** Signs that a section is meant for `-n`, beside the one that places it. */
const optionNames = [
  "version_locations",
  "recursive_version_locations",
  "path_separator",
  "version_path_separator",
  "prepend_sys_path",
  "file_template",
  "truncate_slug_length",
  "timezone",
  "sourceless",
  "revision_environment",
  "output_encoding",
  "databases",
];

/**
 * The sections that `-n` may name: those that say where revisions are. `[DEFAULT]`, or `[tool.alembic]` where `isPlaced`,
 * may say it for all of them; then it is those that say anything else of a project.
 */
function sectionsOf(ini: Ini, lenient: boolean, isPlaced: boolean): readonly string[] {
  const having = (...names: readonly string[]): readonly string[] =>
    [...ini.sections.values()].filter(({ options }) => names.some((name) => options.has(name))).map(({ name }) => name);
  const own = having("script_location");
  if (own.length > 0 && !ini.defaults.has("script_location") && !isPlaced) return own;
  const shares = ini.defaults.has("script_location") || isPlaced;
  const placed = shares ? [...new Set([...own, ...having(...optionNames)])] : [];
  const isStandard = ini.sections.has("alembic") && (shares || lenient);
  if (placed.length > 0 || isStandard) return [...new Set([...(isStandard ? ["alembic"] : []), ...placed])];
  return shares ? having("sqlalchemy.url").slice(0, 1) : [];
}
