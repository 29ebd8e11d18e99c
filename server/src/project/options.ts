/** The options of a project, one by one, from the section of an ini file and from `[tool.alembic]`: the former wins. */
import type { Range } from "../text/range.ts";
import { iniValue, placeInOption, type Ini, type IniOption } from "./ini.ts";
import { parentOf } from "./paths.ts";
import { formatPercent } from "./percent.ts";
import { legacySeparators, separatorNamed, separatorNames, splitAt, type Part } from "./separators.ts";
import type { ProjectProblem } from "./snapshot.ts";
import type { TomlTable, TomlValue } from "../text/toml.ts";

export interface ConfigInput {
  readonly section: string;
  readonly ini?: { readonly path: string; readonly parsed: Ini };
  /** `table` is `[tool.alembic]`. */
  readonly toml?: { readonly path: string; readonly table: TomlTable };
}

/** A value and where it is written. */
export interface Found {
  readonly value: string;
  readonly file: string;
  readonly range: Range;
}

interface FoundInIni extends Found {
  readonly option: IniOption;
}

type ListName = keyof typeof legacySeparators;

const yes = new Set(["true", "yes", "on", "y", "t", "1"]);
const no = new Set(["false", "no", "off", "n", "f", "0"]);

/** What Alembic would raise for is a problem, and the option counts as not given. */
export class Options {
  readonly problems: ProjectProblem[] = [];
  readonly #input: ConfigInput;

  constructor(input: ConfigInput) {
    this.#input = input;
    if (input.ini) {
      const { path, parsed } = input.ini;
      for (const { message, range: where } of parsed.problems) this.problem(message, { file: path, range: where });
    }
  }

  string(name: string): Found | undefined {
    const ini = this.#ini(name);
    if (ini !== undefined || this.#input.toml === undefined) return ini;
    const { path, table } = this.#input.toml;
    const value = table.entries.get(name);
    if (value === undefined) return undefined;
    if (value.kind === "string") return this.#format(value, path);
    this.problem(`"${name}" must be a string.`, { file: path, range: value.range });
    return undefined;
  }

  /** A whole number, in the ways that Python's `int()` reads. */
  integer(name: string): number | undefined {
    const value = this.#ini(name) === undefined ? this.#toml(name) : undefined;
    if (value?.kind === "integer") return value.value;
    const found = value === undefined || value.kind === "string" ? this.string(name) : undefined;
    if (found !== undefined && /^\s*[+-]?\d+(?:_\d+)*\s*$/.test(found.value))
      return Number(found.value.replaceAll("_", ""));
    // A string that could not be formatted has its problem already.
    if (found === undefined && value?.kind === "string") return undefined;
    const place = found ?? (value && { file: this.#input.toml?.path ?? "", range: value.range });
    if (place !== undefined) this.problem(`"${name}" must be a whole number.`, place);
    return undefined;
  }

  /** In an ini file only the word `true` is true, in lower case. */
  boolean(name: string): boolean {
    const ini = this.#ini(name);
    if (ini !== undefined) return ini.value === "true";
    const value = this.#toml(name);
    if (value === undefined || value.kind === "boolean") return value?.value ?? false;
    this.problem(`"${name}" must be true or false.`, { file: this.#input.toml?.path ?? "", range: value.range });
    return false;
  }

  /** As `boolean`, for the one option that Alembic reads with more words: yes, on, 1 … */
  word(name: string): boolean {
    const value = this.#ini(name) === undefined ? this.#toml(name) : undefined;
    if (value?.kind === "boolean") return value.value;
    if (value?.kind === "integer") return value.value !== 0;
    const found = this.string(name);
    const word = found?.value.trim().toLowerCase();
    if (found !== undefined && word !== undefined && !yes.has(word) && !no.has(word))
      this.problem(`"${name}" must be true or false.`, found);
    return word !== undefined && yes.has(word);
  }

  /** Undefined where the option is not given, or empty in the ini file and not given in the other. */
  list(name: ListName): readonly Found[] | undefined {
    const ini = this.#ini(name);
    if (ini !== undefined && ini.value !== "") return this.#parts(name, ini);
    const value = this.#toml(name);
    const path = this.#input.toml?.path ?? "";
    if (value === undefined) return undefined;
    if (value.kind === "array") return this.#strings(name, value.items, path);
    this.problem(`"${name}" must be a list of strings.`, { file: path, range: value.range });
    return undefined;
  }

  /** Of another section as well; such as `sqlalchemy.url`, which only the ini file has. */
  inSection(section: string, name: string): { readonly value: string; readonly complete: boolean } | undefined {
    const { ini } = this.#input;
    const found = ini && iniValue(ini.parsed, section, name, { here: parentOf(ini.path) });
    if (ini === undefined || found === undefined) return undefined;
    if ("value" in found) return { value: found.value, complete: true };
    const raw = (ini.parsed.sections.get(section)?.options.get(name) ?? ini.parsed.defaults.get(name))?.raw;
    return raw === undefined ? undefined : { value: raw, complete: false };
  }

  /** Names of the programs that run over new files. A section of the ini file, even an empty one, hides the others. */
  hooks(): readonly string[] {
    const { ini, toml } = this.#input;
    if (ini?.parsed.sections.has("post_write_hooks")) {
      const names = this.inSection("post_write_hooks", "hooks")?.value ?? "";
      return splitAt(names, legacySeparators.version_locations).flatMap(({ text }) => (text === "" ? [] : [text]));
    }
    const hooks = toml?.table.entries.get("post_write_hooks");
    const items = hooks?.kind === "array" ? hooks.items : [];
    return items.flatMap((item) => {
      const name = item.kind === "table" ? item.entries.get("name") : undefined;
      return name?.kind === "string" ? [name.value] : [];
    });
  }

  /** One file is not told the same thing twice. */
  problem(message: string, { file, range: where }: Pick<Found, "file" | "range">): void {
    if (this.problems.some((known) => known.message === message && known.file === file)) return;
    this.problems.push({ code: "config", message, file, range: where });
  }

  #toml(name: string): TomlValue | undefined {
    return this.#input.toml?.table.entries.get(name);
  }

  #ini(name: string): FoundInIni | undefined {
    const { ini, section } = this.#input;
    const found = ini && iniValue(ini.parsed, section, name, { here: parentOf(ini.path) });
    if (ini === undefined || found === undefined) return undefined;
    if ("value" in found)
      return { value: found.value, file: ini.path, range: found.option.valueRange, option: found.option };
    this.problem(found.problem.message, { file: ini.path, range: found.problem.range });
    return undefined;
  }

  #format({ value, range: where }: TomlValue & { readonly kind: "string" }, path: string): Found | undefined {
    const formatted = formatPercent(value, { here: parentOf(path) });
    if ("value" in formatted) return { value: formatted.value, file: path, range: where };
    this.problem(`This is formatted with "%" and fails: ${formatted.cause}.`, { file: path, range: where });
    return undefined;
  }

  #strings(name: string, items: readonly TomlValue[], path: string): readonly Found[] {
    return items.flatMap((item) => {
      if (item.kind === "string") return this.#format(item, path) ?? [];
      this.problem(`"${name}" must be a list of strings.`, { file: path, range: item.range });
      return [];
    });
  }

  /** An empty part is left out by a separator that was chosen; the old rule keeps it, and means the current folder. */
  #parts(name: ListName, found: FoundInIni): readonly Found[] {
    const chosen = this.#separator(name);
    const separator = chosen ?? legacySeparators[name];
    const parts = splitAt(found.value, separator);
    const written = splitAt(found.option.raw, separator);
    return parts.flatMap(({ text }, i) => {
      if (chosen !== undefined && text === "") return [];
      const place = written.length === parts.length ? placeOf(found.option, written[i]) : found.range;
      return [{ value: chosen === undefined ? text : text.trim(), file: found.file, range: place }];
    });
  }

  /** Undefined: none is chosen, or one that Alembic does not know. */
  #separator(name: ListName): RegExp | undefined {
    const names = name === "version_locations" ? ["path_separator", "version_path_separator"] : ["path_separator"];
    for (const one of names) {
      const found = this.#ini(one);
      if (found === undefined) continue;
      const separator = separatorNamed(found.value);
      if (separator === undefined) this.problem(`"${one}" must be ${separatorNames}.`, found);
      return separator;
    }
    return undefined;
  }
}

/** Without the white space around it. */
function placeOf(option: IniOption, part: Part | undefined): Range {
  if (part === undefined || part.text.trim().includes("\n")) return option.valueRange;
  const indent = part.text.length - part.text.trimStart().length;
  return placeInOption(option, part.start + indent, part.text.trim().length);
}
