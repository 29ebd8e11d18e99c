/** What may be set, as schemas: the setting `retort.rules` for VS Code, and the two forms of the project file. */
import type { Option, Rule } from "../../server/src/rules/define.ts";
import { presets, ruleSeverities } from "../../server/src/settings/settings.ts";
import { dialects } from "../../server/src/sql/action.ts";
import { postgresVersions } from "../../server/src/sql/postgres-version.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const key = "retort.rules";
const severity: Json = { type: "string", enum: ruleSeverities };

const types: Record<Option<unknown>["type"], Json> = {
  integer: { type: "integer" },
  boolean: { type: "boolean" },
  string: { type: "string" },
  strings: { type: "array", items: { type: "string" } },
};

const optionSchema = ({ type, default: value, description }: Option<unknown>): Json => ({
  ...(types[type] as Record<string, Json>),
  default: value as Json,
  description,
});

const stateOf = (rule: Rule): string => (rule.recommended ? rule.severity : "off");

const ruleSchema = (rule: Rule): Readonly<Record<string, Json>> => {
  const options = Object.entries(rule.options).map(([name, option]) => [name, optionSchema(option)] as const);
  const withOptions = {
    type: "object",
    properties: Object.fromEntries(options),
    additionalProperties: false,
  } satisfies Json;
  return {
    anyOf: [
      severity,
      {
        type: "object",
        properties: { severity, options: withOptions },
        additionalProperties: false,
      },
    ],
  };
};

export const rulesSetting = (rules: readonly Rule[]): Json => ({
  type: "object",
  scope: "resource",
  default: {},
  markdownDescription:
    'Severity and options of single rules: `"off"`, a severity, or an object with `severity` and `options`.',
  properties: Object.fromEntries(
    rules.map((rule) => [
      rule.id,
      { markdownDescription: `${rule.summary} Default: \`${stateOf(rule)}\`.`, ...ruleSchema(rule) },
    ]),
  ),
  additionalProperties: false,
});

const described = (description: string, schema: Readonly<Record<string, Json>>): Json => ({ description, ...schema });
const globs = { type: "array", items: { type: "string", minLength: 1 } } satisfies Json;
const preset = { type: "string", enum: presets } satisfies Json;
const fileRules = { $ref: "#/definitions/rules" } satisfies Json;

const definitions = (rules: readonly Rule[]): Json => ({
  rules: {
    type: "object",
    properties: Object.fromEntries(
      rules.map((rule) => [rule.id, described(`${rule.summary} Default: ${stateOf(rule)}.`, ruleSchema(rule))]),
    ),
    additionalProperties: false,
  },
});

const settings = {
  type: "object",
  properties: {
    dialect: described("The kind of database that the migrations are for. Default: read from the project.", {
      type: "string",
      enum: dialects,
    }),
    postgresqlVersion: described("The major version of PostgreSQL that production runs.", {
      type: "integer",
      enum: postgresVersions,
    }),
    preset: described(
      "The rules that are on where nothing else is said: those that are right for most projects, all, none.",
      {
        ...preset,
        default: "recommended",
      },
    ),
    statistics: described(
      "File with the sizes of the tables in production, as `retort stats` writes it, relative to the project's folder.",
      { type: "string", pattern: "\\.json$", default: "retort.stats.json" },
    ),
    rules: described("Severity and options of single rules.", fileRules),
    ignore: described("Globs of files that are not checked.", globs),
    baseline: described(
      "From where on hazards are judged: what is not on the default branch yet (published), everything (none), or what comes after these revisions.",
      {
        anyOf: [
          { type: "string", minLength: 1 },
          { type: "array", items: { type: "string", minLength: 1 }, minItems: 1 },
        ],
      },
    ),
    overrides: described("Other rules for some files; later ones count more.", {
      type: "array",
      items: {
        type: "object",
        properties: {
          paths: described("Globs of the files.", { ...globs, minItems: 1 }),
          preset: described("Takes the place of the preset and of all severities chosen above.", preset),
          rules: described("Severity and options of single rules.", fileRules),
        },
        required: ["paths"],
        anyOf: [{ required: ["preset"] }, { required: ["rules"] }],
        additionalProperties: false,
      },
    }),
  },
  additionalProperties: false,
} satisfies Json;

const draft = "http://json-schema.org/draft-07/schema#";
const render = (schema: Json): string => `${JSON.stringify(schema, null, 2)}\n`;

/** Of `retort.toml`. */
export const renderFileSchema = (rules: readonly Rule[]): string =>
  render({ $schema: draft, title: "retort.toml", ...settings, definitions: definitions(rules) });

/** Of `pyproject.toml`, as far as it is about Retort. */
export const renderPyprojectSchema = (rules: readonly Rule[]): string =>
  render({
    $schema: draft,
    title: "[tool.retort] of pyproject.toml",
    type: "object",
    properties: { tool: { type: "object", properties: { retort: settings } } },
    definitions: definitions(rules),
  });

interface Section {
  properties?: Record<string, Json>;
}
interface Manifest {
  contributes?: { configuration?: Section | Section[] };
}

/** The text of `package.json` with that one property replaced, where it is declared; else the text as it is. */
export function withRulesSetting(text: string, setting: Json): string {
  const manifest = JSON.parse(text) as Manifest;
  const configuration = manifest.contributes?.configuration;
  const sections = Array.isArray(configuration) ? configuration : configuration === undefined ? [] : [configuration];
  const section = sections.find(({ properties }) => properties !== undefined && key in properties);
  if (section?.properties === undefined) return text;
  section.properties[key] = setting;
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
