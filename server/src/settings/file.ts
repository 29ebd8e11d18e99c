/** The project file: `retort.toml`, or the table `[tool.retort]` of `pyproject.toml`. The first wins where both are there. */
import { parse } from "smol-toml";
import { parseSettings, unknownKeys, type ParsedSettings } from "./settings.ts";

export const settingsFileNames = ["retort.toml", "pyproject.toml"] as const;
export type SettingsFileName = (typeof settingsFileNames)[number];

/** Undefined for a `pyproject.toml` that has nothing to say about Retort. Never throws: what is wrong is in `problems`. */
export function parseSettingsFile(name: SettingsFileName, text: string): ParsedSettings | undefined {
  let root: unknown;
  try {
    root = parse(text);
  } catch (error) {
    // A broken pyproject.toml that does not mention Retort is somebody else's to report.
    if (name === "pyproject.toml" && !text.includes("tool.retort")) return undefined;
    const cause = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return { ...parseSettings({}), problems: [{ key: "", message: `${name} is not valid TOML: ${cause}.` }] };
  }
  const table = name === "retort.toml" ? root : at(at(root, "tool"), "retort");
  if (table === undefined) return undefined;
  const parsed = parseSettings(table);
  return { ...parsed, problems: [...parsed.problems, ...unknownKeys(table)] };
}

const at = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
