/** The project file: `retort.toml`, or the table `[tool.retort]` of `pyproject.toml`. The first wins where both are there. */
import { range, type Range } from "../text/range.ts";
import { parseToml, type TomlTable, type TomlValue } from "../text/toml.ts";
import { parseSettings, type DeclaredRule, type SettingsProblem } from "./parse.ts";
import type { GivenSettings } from "./settings.ts";

export const settingsFileNames = ["retort.toml", "pyproject.toml"] as const;
export type SettingsFileName = (typeof settingsFileNames)[number];

export const isSettingsFileName = (name: string): name is SettingsFileName =>
  settingsFileNames.some((one) => one === name);

export interface PlacedProblem {
  /** One sentence. */
  readonly message: string;
  readonly range: Range;
}

export interface SettingsFile {
  /** What is right in it. */
  readonly given: GivenSettings;
  readonly problems: readonly PlacedProblem[];
  /** Where the settings begin: the name of their table, or the beginning of the file. */
  readonly range: Range;
}

/** Undefined for a `pyproject.toml` that has nothing to say about Retort. Never throws: what is wrong is in `problems`. */
export function parseSettingsFile(
  name: SettingsFileName,
  text: string,
  declared: readonly DeclaredRule[],
): SettingsFile | undefined {
  const { root, problem } = parseToml(text);
  if (problem !== undefined) {
    // A broken pyproject.toml that does not mention Retort is somebody else's to report.
    if (name === "pyproject.toml" && !/\btool\b[^\n]*\bretort\b/.test(text)) return undefined;
    const message = problem.message.replace(/^Line \d+: /, "");
    return {
      given: {},
      range: problem.range,
      problems: [{ message: `This is not valid TOML: ${message}`, range: problem.range }],
    };
  }
  const tool = root.entries.get("tool");
  const within = name === "retort.toml" || tool?.kind !== "table" ? undefined : tool;
  const value = name === "retort.toml" ? root : within?.entries.get("retort");
  if (value === undefined) return undefined;
  const { given, problems } = parseSettings(toJson(value), declared, true);
  return {
    given,
    range: within?.keys.get("retort") ?? range(0, 0),
    problems: problems.map((one) => ({ message: one.message, range: placeOf(value, one) })),
  };
}

/** Of what JSON cannot hold a symbol, which is no value of any setting. */
const notJson = Symbol("not JSON");

function toJson(value: TomlValue): unknown {
  if (value.kind === "table") return Object.fromEntries([...value.entries].map(([key, one]) => [key, toJson(one)]));
  if (value.kind === "array") return value.items.map(toJson);
  return value.kind === "other" ? notJson : value.value;
}

/** As deep as the path leads; of what is missing, the table that it is missing in. */
function placeOf(whole: TomlValue, { path, isName }: SettingsProblem): Range {
  let value = whole;
  let found = whole.range;
  for (const [index, key] of path.entries()) {
    const isLast = index === path.length - 1;
    if (value.kind === "table" && isLast && isName) return value.keys.get(String(key)) ?? found;
    const inner = childOf(value, key);
    if (inner === undefined) return found;
    value = inner;
    found = value.range;
  }
  return found;
}

const childOf = (value: TomlValue, key: string | number): TomlValue | undefined =>
  value.kind === "array" ? value.items[Number(key)] : value.kind === "table" ? entryOf(value, key) : undefined;

const entryOf = (table: TomlTable, key: string | number): TomlValue | undefined => table.entries.get(String(key));
