import type { Dialect } from "../sql/action.ts";
import type { PostgresVersion } from "../sql/postgres-version.ts";

export const ruleSeverities = ["off", "error", "warning", "information"] as const;
export type RuleSeverity = (typeof ruleSeverities)[number];

/** What is on where nothing else is said: the rules that are right for most projects, all rules, none. */
export const presets = ["recommended", "strict", "off"] as const;
export type Preset = (typeof presets)[number];

export type OptionValue = boolean | number | string | readonly string[];

export interface RuleSettings {
  /** Undefined: the preset decides. */
  readonly severity?: RuleSeverity;
  /** By the names that the rule declares; the rule's own defaults stand for the others. */
  readonly options?: Readonly<Record<string, OptionValue>>;
}

export type RulesSettings = Readonly<Record<string, RuleSettings>>;

/**
 * From where on hazards are judged: what is not on the default branch yet, everything, or what comes after revisions that
 * are named as Alembic names them.
 */
export type Baseline = "published" | "none" | readonly string[];

/** Other rules for some files. */
export interface Override {
  /** Globs, as in `ignore`. */
  readonly paths: readonly string[];
  /** Takes the place of the preset, and of all severities that were chosen for single rules outside of this override. */
  readonly preset?: Preset;
  readonly rules: RulesSettings;
}

/** What a person may choose about the analysis. What only an editor needs (interpreter, connection) is not here. */
export interface Settings {
  /** Undefined: read from the project. */
  readonly dialect?: Dialect;
  /** The major version that production runs; undefined: what is said holds for all that are supported, or names them. */
  readonly postgresqlVersion?: PostgresVersion;
  readonly preset: Preset;
  readonly rules: RulesSettings;
  /**
   * Globs of files that are not checked, relative to the project's folder or to that of the file that the settings are
   * from: `versions/legacy/**`.
   */
  readonly ignore: readonly string[];
  /** File with the sizes of the tables in production, relative to the project's folder; undefined: `retort.stats.json`. */
  readonly statistics?: string;
  /** Later ones count more. */
  readonly overrides: readonly Override[];
  /** Undefined: whoever asks decides. */
  readonly baseline?: Baseline;
  /** The project's folder within that of the settings' file: `services/billing`; absent where it is the same. */
  readonly within?: string;
}

export type GivenSettings = Partial<Settings>;

export const defaultSettings: Settings = { preset: "recommended", rules: {}, ignore: [], overrides: [] };

/**
 * Later ones win, value by value; of a rule its severity and each of its options on their own. What a layer says of
 * rules also counts more than what those below it say of some files.
 */
export const mergeSettings = (layers: readonly GivenSettings[]): Settings =>
  layers.reduce<Settings>(
    (merged, layer) => ({
      ...merged,
      ...layer,
      rules: mergeRules(merged.rules, layer.rules ?? {}),
      overrides: [...mergeOverrides(merged.overrides, layer.rules ?? {}), ...(layer.overrides ?? [])],
    }),
    defaultSettings,
  );

const mergeOverrides = (below: readonly Override[], rules: RulesSettings): readonly Override[] =>
  below.length > 0 && Object.keys(rules).length > 0 ? [...below, { paths: ["**"], rules }] : below;

export function mergeRules(base: RulesSettings, over: RulesSettings): RulesSettings {
  const merged: Record<string, RuleSettings> = { ...base };
  for (const [id, rule] of Object.entries(over)) {
    const below = merged[id];
    const options = { ...below?.options, ...rule.options };
    merged[id] = { ...below, ...rule, ...(Object.keys(options).length > 0 ? { options } : {}) };
  }
  return merged;
}
