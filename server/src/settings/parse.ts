/** Settings from JSON or TOML, checked against what there is to choose. */
import * as v from "valibot";
import { dialects } from "../sql/action.ts";
import { postgresVersions } from "../sql/postgres-version.ts";
import { findNearest } from "../text/nearest.ts";
import { findGlobProblem } from "./glob.ts";
import {
  presets,
  ruleSeverities,
  type Baseline,
  type GivenSettings,
  type OptionValue,
  type Override,
  type RuleSettings,
  type RulesSettings,
} from "./settings.ts";

/** As much of a rule as settings can be wrong about. */
export interface DeclaredRule {
  readonly id: string;
  readonly options: Readonly<Record<string, { readonly type: keyof typeof optionValues }>>;
}

export interface SettingsProblem {
  /** From the settings as a whole to what is wrong: `["rules", "mixed-schema-and-data", "severity"]`. */
  readonly path: readonly (string | number)[];
  /** It is the name that is wrong, not what is given under it. */
  readonly isName?: true;
  /** One sentence. */
  readonly message: string;
}

export interface ParsedSettings {
  readonly given: GivenSettings;
  readonly problems: readonly SettingsProblem[];
}

export const settingNames = [
  "dialect",
  "postgresqlVersion",
  "preset",
  "statistics",
  "rules",
  "ignore",
  "overrides",
  "baseline",
] as const;
const ruleKeys = ["severity", "options"] as const;
const overrideKeys = ["paths", "preset", "rules"] as const;

const oneOf = <const T extends readonly (string | number)[]>(values: T) =>
  v.picklist(values, `must be one of ${values.join(", ")}`);

const glob = v.pipe(
  v.string("must be a glob"),
  v.check(
    (text) => findGlobProblem(text) === undefined,
    ({ input }) => `must be a glob, and ${JSON.stringify(input)} ${findGlobProblem(input) ?? ""}`,
  ),
);
const globs = v.array(glob, "must be a list of globs");

const statistics = v.pipe(
  v.string("must be the path of a .json file"),
  v.endsWith(".json", "must be the path of a .json file"),
);

const asBaseline = 'must be "published", "none", a revision or a list of revisions';
const revision = v.pipe(v.string(asBaseline), v.trim(), v.minLength(1, asBaseline));
const baseline = v.union(
  [
    v.pipe(
      revision,
      v.transform((text): Baseline => (text === "published" || text === "none" ? text : [text])),
    ),
    v.pipe(v.array(revision, asBaseline), v.minLength(1, asBaseline)),
  ],
  asBaseline,
);

const optionValues = {
  integer: v.pipe(v.number("must be an integer"), v.integer("must be an integer")),
  boolean: v.boolean("must be true or false"),
  string: v.string("must be a string"),
  strings: v.array(v.string("must be a list of strings"), "must be a list of strings"),
};

const table = v.pipe(
  v.custom<object>((value) => typeof value === "object" && value !== null && !Array.isArray(value), "must be a table"),
  v.transform((value): Readonly<Record<string, unknown>> => ({ ...value })),
);

type Path = readonly (string | number)[];

const list = (names: readonly string[]): string => names.join(", ");

const meant = (name: string, names: readonly string[]): string => {
  const near = findNearest(name, names);
  return near.length === 0 ? "" : `; did you mean ${near.map((one) => `"${one}"`).join(" or ")}?`;
};

/** Reads one value after the other and notes what is wrong. */
class Reader {
  readonly problems: SettingsProblem[] = [];
  readonly #declared: readonly DeclaredRule[];

  constructor(declared: readonly DeclaredRule[]) {
    this.#declared = declared;
  }

  /** What is not given and `null`, which editors send for it, is no problem. */
  read<T>(schema: v.GenericSchema<unknown, T>, value: unknown, path: Path): T | undefined {
    if (value === undefined || (value === null && path.length > 0)) return undefined;
    const result = v.safeParse(schema, value);
    if (result.success) return result.output;
    const [issue] = result.issues;
    const inner = (issue.path ?? []).map(({ key }) => key as string | number);
    const name = path.length === 0 ? "The settings" : `"${path.join(".")}"`;
    this.#add([...path, ...inner], `${name} ${issue.message}.`);
    return undefined;
  }

  unknown(source: Readonly<Record<string, unknown>>, known: readonly string[], path: Path, what: string): void {
    for (const key of Object.keys(source)) {
      if (known.includes(key)) continue;
      this.#addName([...path, key], `There is no ${what} "${key}"; there are ${list(known)}.`);
    }
  }

  rules(value: unknown, path: Path): RulesSettings | undefined {
    const source = this.read(table, value, path);
    if (source === undefined) return undefined;
    const rules = Object.entries(source).flatMap(([id, rule]): readonly (readonly [string, RuleSettings])[] => {
      const declared = this.#declared.find((one) => one.id === id);
      if (declared !== undefined) return [[id, this.#rule(declared, rule, [...path, id])]];
      const near = meant(
        id,
        this.#declared.map((one) => one.id),
      );
      this.#addName([...path, id], `There is no rule "${id}"${near === "" ? "." : near}`);
      return [];
    });
    return Object.fromEntries(rules);
  }

  /** `"off"` alone, or a table of severity and options. */
  #rule(declared: DeclaredRule, value: unknown, path: Path): RuleSettings {
    const severity = oneOf(ruleSeverities);
    if (typeof value === "string") return field("severity", this.read(severity, value, path));
    const source = this.read(table, value, path) ?? {};
    this.unknown(source, ruleKeys, path, "setting of a rule");
    const options = this.#options(declared, source["options"], [...path, "options"]);
    return {
      ...field("severity", this.read(severity, source["severity"], [...path, "severity"])),
      ...(Object.keys(options).length > 0 ? { options } : {}),
    };
  }

  #options(declared: DeclaredRule, value: unknown, path: Path): Readonly<Record<string, OptionValue>> {
    const source = this.read(table, value, path) ?? {};
    const names = Object.keys(declared.options);
    const read = Object.entries(source).flatMap(([name, given]): readonly (readonly [string, OptionValue])[] => {
      const option = Object.hasOwn(declared.options, name) ? declared.options[name] : undefined;
      if (option === undefined) {
        const has = names.length === 0 ? "has none" : `has ${list(names)}`;
        this.#addName([...path, name], `The rule "${declared.id}" has no option "${name}"; it ${has}.`);
        return [];
      }
      const allowed = this.read<OptionValue>(optionValues[option.type], given, [...path, name]);
      return allowed === undefined ? [] : [[name, allowed]];
    });
    return Object.fromEntries(read);
  }

  overrides(value: unknown): readonly Override[] | undefined {
    const source = this.read(v.array(v.unknown(), "must be a list of tables"), value, ["overrides"]);
    return source?.flatMap((one, index) => this.#override(one, ["overrides", index]));
  }

  #override(value: unknown, path: Path): readonly Override[] {
    const source = this.read(table, value, path);
    if (source === undefined) return [];
    this.unknown(source, overrideKeys, path, "setting of an override");
    const paths = this.read(globs, source["paths"], [...path, "paths"]);
    const preset = this.read(oneOf(presets), source["preset"], [...path, "preset"]);
    const rules = this.rules(source["rules"], [...path, "rules"]);
    if (source["paths"] === undefined) this.#add(path, `An override needs "paths", a list of globs.`);
    else if (paths?.length === 0) this.#add([...path, "paths"], `An override without any path is for no file.`);
    if (source["preset"] === undefined && source["rules"] === undefined)
      this.#add(path, `An override without "preset" and "rules" changes nothing.`);
    return paths === undefined ? [] : [{ paths, ...field("preset", preset), rules: rules ?? {} }];
  }

  contradictions({ dialect, postgresqlVersion }: GivenSettings): void {
    if (dialect !== undefined && dialect !== "postgresql" && postgresqlVersion !== undefined)
      this.#add(["postgresqlVersion"], `"postgresqlVersion" is given, but "dialect" is ${dialect}.`);
  }

  #add(path: Path, message: string): void {
    this.problems.push({ path, message });
  }

  #addName(path: Path, message: string): void {
    this.problems.push({ path, isName: true, message });
  }
}

const field = <K extends string, T>(name: K, value: T | undefined): { readonly [P in K]?: T } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: T };

/**
 * A value that is not allowed is a problem and counts as not given; the others stand. `whole`: nothing else is kept
 * beside the settings, so that a name that means nothing is a slip of the pen.
 */
export function parseSettings(json: unknown, declared: readonly DeclaredRule[], whole: boolean): ParsedSettings {
  const reader = new Reader(declared);
  const source = json === undefined || json === null ? {} : (reader.read(table, json, []) ?? {});
  if (whole) reader.unknown(source, settingNames, [], "setting");
  const given: GivenSettings = {
    ...field("dialect", reader.read(oneOf(dialects), source["dialect"], ["dialect"])),
    ...field(
      "postgresqlVersion",
      reader.read(oneOf(postgresVersions), source["postgresqlVersion"], ["postgresqlVersion"]),
    ),
    ...field("preset", reader.read(oneOf(presets), source["preset"], ["preset"])),
    ...field("statistics", reader.read(statistics, source["statistics"], ["statistics"])),
    ...field("rules", reader.rules(source["rules"], ["rules"])),
    ...field("ignore", reader.read(globs, source["ignore"], ["ignore"])),
    ...field("overrides", reader.overrides(source["overrides"])),
    ...field("baseline", reader.read<Baseline>(baseline, source["baseline"], ["baseline"])),
  };
  reader.contradictions(given);
  return { given, problems: reader.problems };
}
