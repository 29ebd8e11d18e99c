/** The setting `retort.rules`, as VS Code completes and validates it. */
import type { Option, Rule } from "../../server/src/rules/define.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const key = "retort.rules";
const severity: Json = { type: "string", enum: ["off", "error", "warning", "information"] };

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

const ruleSchema = (rule: Rule): Json => {
  const options = Object.entries(rule.options).map(([name, option]) => [name, optionSchema(option)] as const);
  const withOptions = {
    type: "object",
    properties: Object.fromEntries(options),
    additionalProperties: false,
  } satisfies Json;
  return {
    markdownDescription: `${rule.summary} Default: \`${rule.recommended ? rule.severity : "off"}\`.`,
    anyOf: [
      severity,
      {
        type: "object",
        properties: { severity, ...(options.length > 0 ? { options: withOptions } : {}) },
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
  properties: Object.fromEntries(rules.map((rule) => [rule.id, ruleSchema(rule)])),
  additionalProperties: false,
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
