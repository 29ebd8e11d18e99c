/** The configuration of one project, from the section of an ini file and `[tool.alembic]`, as Alembic 1.20 reads them. */
import { range, type Range } from "../text/range.ts";
import { iniValue, type Ini } from "./ini.ts";
import { isAbsolute, parentOf, resolvePath } from "./paths.ts";
import type { ProjectProblem } from "./snapshot.ts";
import { tomlPlace, type TomlTable } from "./toml.ts";

export interface ConfigInput {
  readonly section: string;
  readonly ini?: { readonly path: string; readonly text: string; readonly parsed: Ini };
  readonly toml?: { readonly path: string; readonly text: string; readonly table: TomlTable };
}

/** A location in a config: where it may be, likeliest first; which of them exists only the file system tells. */
export interface Location {
  readonly written: string;
  readonly candidates: readonly { readonly path: string; readonly root: string }[];
  readonly file: string;
  readonly range: Range;
}

export interface ConfigReading {
  readonly root: string;
  readonly configFile: string;
  readonly section: string;
  readonly scriptLocation?: Location;
  /** Undefined: Alembic's default, `versions` in the script location. */
  readonly versionLocations?: readonly Location[];
  readonly recursive: boolean;
  readonly fileTemplate: string;
  readonly fileTemplateIsDefault: boolean;
  readonly truncateSlugLength: number;
  /** With interpolation done; undefined where the file leaves parts of it to env.py. */
  readonly url?: string;
  /** Every URL of the section and, in a multi-database project, of its engines, as good as they could be read. */
  readonly urls: readonly string[];
  readonly problems: readonly ProjectProblem[];
}

export const defaultFileTemplate = "%(rev)s_%(slug)s";
export const defaultSlugLength = 40;
/** What `alembic init` writes: it stands for "not set". */
const placeholderUrl = "driver://user:pass@localhost/dbname";

/** Reads a project's options; what cannot be read is a problem and its default is used. At least one of `ini` and `toml` is given. */
export function readConfig(input: ConfigInput): ConfigReading {
  const options = new Options(input);
  const configFile = input.ini?.path ?? input.toml?.path ?? "";
  const root = parentOf(configFile);
  const roots = [root, ...options.searchPath(root)];
  const script = options.get("script_location");
  const template = options.get("file_template");
  const locations = options.versionLocations();
  const url = options.url(input.section);
  return {
    root,
    configFile,
    section: input.section,
    ...(script && script.value !== "" ? { scriptLocation: toLocation(script.value, roots, script) } : {}),
    ...(locations ? { versionLocations: locations.map((one) => toLocation(one.value, roots, one)) } : {}),
    recursive: options.boolean("recursive_version_locations"),
    fileTemplate: template?.value ?? defaultFileTemplate,
    fileTemplateIsDefault: template === undefined,
    truncateSlugLength: options.integer("truncate_slug_length") || defaultSlugLength,
    ...(url?.complete ? { url: url.value } : {}),
    urls: [...(url ? [url.value] : []), ...options.engineUrls()],
    problems: options.problems,
  };
}

interface Found {
  readonly value: string;
  readonly file: string;
  readonly range: Range;
  readonly from: "ini" | "toml";
}

class Options {
  readonly problems: ProjectProblem[] = [];
  readonly #input: ConfigInput;

  constructor(input: ConfigInput) {
    this.#input = input;
    if (input.ini) {
      const { path, parsed } = input.ini;
      for (const { message, range: where } of parsed.problems) this.#problem(message, path, where);
    }
  }

  /** The ini file wins where both have an option. */
  get(name: string): Found | undefined {
    return this.iniOnly(name) ?? this.#tomlStrings(name)?.[0];
  }

  iniOnly(name: string): Found | undefined {
    const { ini } = this.#input;
    if (!ini) return undefined;
    const found = iniValue(ini.parsed, this.#input.section, name, { here: parentOf(ini.path) });
    if (found === undefined) return undefined;
    if ("problem" in found) {
      this.#problem(found.problem.message, ini.path, found.problem.range);
      return undefined;
    }
    return { value: found.value, file: ini.path, range: found.option.valueRange, from: "ini" };
  }

  integer(name: string): number | undefined {
    const { toml } = this.#input;
    const ini = this.iniOnly(name);
    const plain = toml?.table[name];
    if (ini === undefined && typeof plain === "number") return Math.trunc(plain);
    const found = ini ?? this.get(name);
    if (found === undefined) return undefined;
    if (/^\s*[+-]?\d+\s*$/.test(found.value)) return Number(found.value);
    this.#problem(`Option "${name}" must be a whole number.`, found.file, found.range);
    return undefined;
  }

  /** In an ini file only the word `true` is true. */
  boolean(name: string): boolean {
    const ini = this.iniOnly(name);
    if (ini !== undefined) return ini.value === "true";
    const { toml } = this.#input;
    const value = toml?.table[name] ?? false;
    if (typeof value === "boolean") return value;
    if (toml) this.#problem(`Option "${name}" must be true or false.`, toml.path, tomlPlace(toml.text, table, name));
    return false;
  }

  versionLocations(): readonly Found[] | undefined {
    const ini = this.iniOnly("version_locations");
    if (ini === undefined || ini.value === "") return this.#tomlStrings("version_locations");
    const parts = this.#split(ini.value, ["path_separator", "version_path_separator"], /, *| +/);
    return parts.filter((value) => value !== "").map((value) => ({ ...ini, value }));
  }

  /** Folders from which Python would import packages, beside the usual ones. */
  searchPath(root: string): readonly string[] {
    const ini = this.iniOnly("prepend_sys_path");
    const written =
      ini === undefined || ini.value === ""
        ? (this.#tomlStrings("prepend_sys_path") ?? []).map((one) => one.value)
        : this.#split(ini.value, ["path_separator"], /, *| +|:/);
    return written.filter((path) => path.trim() !== "").map((path) => resolvePath(root, path.trim()));
  }

  /** `databases = engine1, engine2`, each a section with a URL: Alembic's multi-database template. */
  engineUrls(): readonly string[] {
    const names = this.iniOnly("databases")?.value.split(/,\s*/) ?? [];
    return names.flatMap((name) => this.url(name.trim())?.value ?? []);
  }

  /** Parts such as `%(DB_PASSWORD)s` are often given by env.py: that they are missing here is no problem. */
  url(section: string): { readonly value: string; readonly complete: boolean } | undefined {
    const { ini } = this.#input;
    if (!ini) return undefined;
    const found = iniValue(ini.parsed, section, "sqlalchemy.url", { here: parentOf(ini.path) });
    if (found === undefined) return undefined;
    if ("problem" in found) {
      const raw = ini.parsed.sections.get(section)?.options.get("sqlalchemy.url")?.raw;
      return raw === undefined ? undefined : { value: raw, complete: false };
    }
    return found.value === "" || found.value === placeholderUrl ? undefined : { value: found.value, complete: true };
  }

  #split(value: string, names: readonly string[], legacy: RegExp): readonly string[] {
    const chosen = names.map((name) => ({ name, found: this.iniOnly(name) })).find(({ found }) => found !== undefined);
    if (chosen?.found === undefined) return value.split(legacy);
    const separator = separators.get(chosen.found.value);
    if (separator !== undefined) return value.split(separator).map((part) => part.trim());
    const { file, range: where } = chosen.found;
    this.#problem(`"${chosen.name}" must be space, newline, os, ":" or ";".`, file, where);
    return value.split(legacy);
  }

  #tomlStrings(name: string): readonly Found[] | undefined {
    const { toml } = this.#input;
    const written = toml?.table[name];
    if (toml === undefined || written === undefined) return undefined;
    const place = tomlPlace(toml.text, table, name);
    const found: Found[] = [];
    for (const value of Array.isArray(written) ? (written as unknown[]) : [written]) {
      const text = typeof value === "string" ? formatPercent(value, parentOf(toml.path)) : undefined;
      if (text !== undefined) found.push({ value: text, file: toml.path, range: place, from: "toml" });
      else
        this.#problem(`Option "${name}" is not a string that Alembic can use ("%" is written "%%").`, toml.path, place);
    }
    return found;
  }

  #problem(message: string, file: string, where: Range): void {
    if (this.problems.some((known) => known.message === message && known.file === file)) return;
    this.problems.push({ code: "config", message, file, range: where });
  }
}

const table = "tool.alembic";

/** `os` is ":" but for the colon of a drive, and ";" where one is written: the text tells the platform it is for. */
const separators: ReadonlyMap<string, string | RegExp> = new Map<string, string | RegExp>([
  ["space", " "],
  ["newline", "\n"],
  ["os", /;|(?<!(?:^|[;:\s])[A-Za-z]):|(?<=(?:^|[;:\s])[A-Za-z]):(?![\\/])/],
  [":", ":"],
  [";", ";"],
]);

/** Python's `value % {"here": …}`; undefined where that raises. */
function formatPercent(value: string, here: string): string | undefined {
  let failed = false;
  const text = value.replaceAll(/%(%|\(([^)]*)\)s)?/g, (_all, what: string | undefined, key: string | undefined) => {
    if (what === "%") return "%";
    if (key === "here") return here;
    failed = true;
    return "";
  });
  return failed ? undefined : text;
}

/**
 * Alembic takes relative paths from where it is started: nearly always the config's folder, now and then one above.
 * `package.sub:folder` is a folder inside an importable package.
 */
function toLocation(written: string, roots: readonly string[], place: { file: string; range: Range }): Location {
  const [root = ""] = roots;
  const value = written.trim();
  const base = { written: value, file: place.file, range: place.range };
  if (!isAbsolute(value.replaceAll("\\", "/")) && value.includes(":")) {
    const [packageName = "", ...names] = value.split(":");
    const inside = [packageName.replaceAll(".", "/"), ...names].join("/");
    const folders = [...new Set(roots.flatMap((one) => [one, resolvePath(one, "src"), ...above(one)]))];
    return { ...base, candidates: folders.map((folder) => ({ path: resolvePath(folder, inside), root })) };
  }
  const folders = isAbsolute(value) ? [root] : [root, ...above(root)];
  return { ...base, candidates: folders.map((folder) => ({ path: resolvePath(folder, value), root: folder })) };
}

const levelsAbove = 3;

function above(folder: string): string[] {
  const folders: string[] = [];
  let at = folder;
  for (let i = 0; i < levelsAbove && parentOf(at) !== at; i++) {
    at = parentOf(at);
    folders.push(at);
  }
  return folders;
}

export const noRange = range(0, 0);
