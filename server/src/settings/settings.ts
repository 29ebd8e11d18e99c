import * as v from "valibot";
import { dialects, type Dialect } from "../sql/action.ts";
import { postgresVersions, type PostgresVersion } from "../sql/postgres-version.ts";

export type RuleSeverity = "off" | "error" | "warning" | "information";
export type Preset = "recommended" | "all" | "none";
export type OptionValue = boolean | number | string | readonly string[];

export interface RuleSettings {
  /** Undefined: the preset decides. */
  readonly severity?: RuleSeverity;
  /** By the names that the rule declares; the rule's own defaults stand for the others. */
  readonly options?: Readonly<Record<string, OptionValue>>;
}

/** What a person may choose about the analysis. What only an editor needs (interpreter, connection) is not here. */
export interface Settings {
  /** Undefined: read from the project. */
  readonly dialect?: Dialect;
  /** The major version that production runs; undefined: what is said holds for all that are supported, or names them. */
  readonly postgresqlVersion?: PostgresVersion;
  /** Which rules are on where `rules` does not say: those that are recommended, all, or none. */
  readonly preset: Preset;
  readonly rules: Readonly<Record<string, RuleSettings>>;
  /** Globs of files that are not checked, relative to the project's folder: `versions/legacy/**`. */
  readonly ignore: readonly string[];
}

export type GivenSettings = Partial<Settings>;

export interface SettingsProblem {
  /** `rules.mixed-schema-and-data.severity`; empty for the settings as a whole. */
  readonly key: string;
  /** One sentence. */
  readonly message: string;
}

export interface ParsedSettings {
  /** `given` with the defaults filled in. */
  readonly settings: Settings;
  readonly given: GivenSettings;
  readonly problems: readonly SettingsProblem[];
}

export const defaultSettings: Settings = { preset: "recommended", rules: {}, ignore: [] };

const dialect = v.picklist(dialects, `must be one of ${dialects.join(", ")}`);
const postgresqlVersion = v.picklist(postgresVersions, `must be one of ${postgresVersions.join(", ")}`);
const preset = v.picklist(["recommended", "all", "none"], "must be recommended, all or none");
const severity = v.picklist(["off", "error", "warning", "information"], "must be off, error, warning or information");
const ignore = v.array(v.string("must be a glob"), "must be a list of globs");
const optionValue = v.union(
  [v.boolean(), v.pipe(v.number(), v.finite()), v.string(), v.array(v.string())],
  "must be a boolean, a number, a string or a list of strings",
);
const record = v.pipe(
  v.custom<object>((value) => typeof value === "object" && value !== null && !Array.isArray(value), "must be a table"),
  v.transform((value): Readonly<Record<string, unknown>> => ({ ...value })),
);

/**
 * Reads settings from JSON or TOML. A value that is not allowed is a problem and counts as not given; the others stand.
 * Keys that are not known are left alone, since an editor keeps other settings beside these; see `unknownKeys`.
 */
export function parseSettings(json: unknown): ParsedSettings {
  const problems: SettingsProblem[] = [];
  const read = reader(problems);
  const source = json === undefined || json === null ? {} : (read(record, json, "") ?? {});
  const given: GivenSettings = {
    ...field("dialect", read(dialect, source["dialect"], "dialect")),
    ...field("postgresqlVersion", read(postgresqlVersion, source["postgresqlVersion"], "postgresqlVersion")),
    ...field("preset", read(preset, source["preset"], "preset")),
    ...field("rules", readRules(source["rules"], read)),
    ...field("ignore", read(ignore, source["ignore"], "ignore")),
  };
  return { settings: mergeSettings([given]), given, problems };
}

/** Keys of a project file that mean nothing: nearly always a slip of the pen. */
export function unknownKeys(json: unknown): readonly SettingsProblem[] {
  if (typeof json !== "object" || json === null) return [];
  const known = ["dialect", "postgresqlVersion", "preset", "rules", "ignore"];
  return Object.keys(json)
    .filter((key) => !known.includes(key))
    .map((key) => ({ key, message: `There is no setting "${key}"; known are ${known.join(", ")}.` }));
}

/** Later ones win, value by value; of a rule its severity and each of its options on their own. */
export function mergeSettings(layers: readonly GivenSettings[]): Settings {
  return layers.reduce<Settings>(
    (merged, layer) => ({ ...merged, ...layer, rules: mergeRules(merged.rules, layer.rules ?? {}) }),
    defaultSettings,
  );
}

function mergeRules(base: Settings["rules"], over: Settings["rules"]): Settings["rules"] {
  const merged: Record<string, RuleSettings> = { ...base };
  for (const [id, rule] of Object.entries(over)) {
    const below = merged[id];
    const options = { ...below?.options, ...rule.options };
    merged[id] = { ...below, ...rule, ...(Object.keys(options).length > 0 ? { options } : {}) };
  }
  return merged;
}

type Read = <T>(schema: v.GenericSchema<unknown, T>, value: unknown, key: string) => T | undefined;

function reader(problems: SettingsProblem[]): Read {
  return (schema, value, key) => {
    if (value === undefined || (value === null && key !== "")) return undefined;
    const result = v.safeParse(schema, value);
    if (result.success) return result.output;
    const [issue] = result.issues;
    const message = issue.message;
    problems.push({ key, message: key === "" ? `The settings ${message}.` : `"${key}" ${message}.` });
    return undefined;
  };
}

function readRules(value: unknown, read: Read): Settings["rules"] | undefined {
  const source = read(record, value, "rules");
  if (source === undefined) return undefined;
  return Object.fromEntries(Object.entries(source).map(([id, rule]) => [id, readRule(rule, `rules.${id}`, read)]));
}

/** `"off"` alone, or a table of severity and options. */
function readRule(value: unknown, key: string, read: Read): RuleSettings {
  if (typeof value === "string") return field("severity", read(severity, value, key));
  const source = read(record, value, key) ?? {};
  const options = read(record, source["options"], `${key}.options`) ?? {};
  const known = Object.entries(options).flatMap(([name, one]) => {
    const allowed = read<OptionValue>(optionValue, one, `${key}.options.${name}`);
    return allowed === undefined ? [] : [[name, allowed] as const];
  });
  return {
    ...field("severity", read(severity, source["severity"], `${key}.severity`)),
    ...(known.length > 0 ? { options: Object.fromEntries(known) } : {}),
  };
}

const field = <K extends string, T>(name: K, value: T | undefined): { readonly [P in K]?: T } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: T };
