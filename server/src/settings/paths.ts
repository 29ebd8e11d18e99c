/** What the settings come to for one file. */
import { matchesGlob } from "./glob.ts";
import { mergeRules, type Override, type RulesSettings, type Settings } from "./settings.ts";

/** `path`: relative to the project's folder. */
const matchesEither = (path: string, globs: readonly string[], { within }: Settings): boolean =>
  matchesGlob(path, globs) || (within !== undefined && matchesGlob(`${within}/${path}`, globs));

export const isIgnored = (path: string, settings: Settings): boolean => matchesEither(path, settings.ignore, settings);

/** The same value for all files that the same overrides are for, so that it can be compared. */
const resolved = new WeakMap<Settings, Map<string, Settings>>();

/** With the overrides that are for the file; `path` is relative to the project's folder. */
export function settingsAt(settings: Settings, path: string): Settings {
  if (settings.overrides.length === 0) return settings;
  const applying = settings.overrides.filter(({ paths }) => matchesEither(path, paths, settings));
  if (applying.length === 0) return settings;
  const known = resolved.get(settings) ?? new Map<string, Settings>();
  resolved.set(settings, known);
  const key = applying.map((override) => settings.overrides.indexOf(override)).join(",");
  const made = known.get(key) ?? applying.reduce(apply, settings);
  known.set(key, made);
  return made;
}

/** The settings for files that no override is for, and with each override by itself. */
export const variantsOf = (settings: Settings): readonly Settings[] => [
  settings,
  ...settings.overrides.map((override) => apply(settings, override)),
];

const apply = (settings: Settings, { preset, rules }: Override): Settings =>
  preset === undefined
    ? { ...settings, rules: mergeRules(settings.rules, rules) }
    : { ...settings, preset, rules: mergeRules(withoutSeverities(settings.rules), rules) };

const withoutSeverities = (rules: RulesSettings): RulesSettings =>
  Object.fromEntries(Object.entries(rules).map(([id, { options }]) => [id, options === undefined ? {} : { options }]));
