/** The published schemas say the same as the reader of the settings. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rules } from "../../server/src/rules/index.ts";
import { parseSettings } from "../../server/src/settings/parse.ts";
import { presets, ruleSeverities } from "../../server/src/settings/settings.ts";
import { dialects } from "../../server/src/sql/action.ts";
import { postgresVersions } from "../../server/src/sql/postgres-version.ts";

const root = path.resolve(import.meta.dirname, "../..");
const load = (file: string): object => JSON.parse(readFileSync(path.join(root, file), "utf8")) as object;
const ajv = new Ajv({ allErrors: false, strict: true, strictRequired: false });
const ofFile = ajv.compile(load("schemas/retort.schema.json"));
const ofPyproject = ajv.compile(load("schemas/pyproject.schema.json"));

/** A wrong value now and then: of documents in which everything may be wrong hardly one is right. */
const mostly = (right: readonly unknown[], wrong: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });

const values = { integer: [0, 7], boolean: [true], string: ["x"], strings: [["x"], []] };
const anyRule = fc.constantFrom(...rules).chain((rule) => {
  const options = Object.entries(rule.options).map(
    ([name, { type }]) => [name, mostly(values[type], [1.5, {}])] as const,
  );
  const chosen = fc.record(
    {
      severity: mostly(ruleSeverities, ["loud"]),
      options: fc.record(Object.fromEntries(options), { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );
  const value = fc.oneof(mostly(ruleSeverities, ["loud", { level: 1 }, { options: { none: 1 } }]), chosen);
  return fc.tuple(mostly([rule.id], ["no-such-rule"]), value);
});
const chosenRules = fc
  .array(anyRule, { maxLength: 3 })
  .map((entries): unknown => Object.fromEntries(entries.map(([id, value]) => [String(id), value])));
const anyPreset = mostly(presets, ["all"]);
const anyOverride = fc.record(
  { paths: mostly([["a/**"], ["a", "b"]], [[], "a", [1], [""]]), preset: anyPreset, rules: chosenRules },
  { requiredKeys: ["paths", "preset"] },
);
const documents = fc.record(
  {
    dialect: mostly(["postgresql"], ["postgres"]),
    postgresqlVersion: mostly([16], ["16", 9]),
    preset: anyPreset,
    statistics: mostly(["a.json"], ["a", 1]),
    rules: chosenRules,
    baseline: mostly(["published", "none", "ae10", ["a", "b"]], ["", [], 1, [1]]),
    ignore: mostly([["a/**"], []], ["a", [1], [""]]),
    overrides: fc.array(
      fc.oneof(anyOverride, mostly([{ paths: ["a"], rules: {} }], [{}, { preset: "off" }, { paths: ["a"] }])),
    ),
  },
  { requiredKeys: [], noNullPrototype: true },
);

describe("the schemas", () => {
  test("take what the reader takes, and nothing else", () => {
    const seen = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(documents, mostly([{}], [{ other: 1 }]), (document, more) => {
        const json = { ...document, ...(more as object) };
        const isRight = parseSettings(json, rules, true).problems.length === 0;
        seen[isRight ? "right" : "wrong"]++;
        expect(ofFile(json)).toBe(isRight);
        expect(ofPyproject({ tool: { retort: json, other: 1 }, project: {} })).toBe(isRight);
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(50);
  });

  test("of VS Code's settings offer the same", () => {
    const manifest = load("package.json") as {
      contributes: { configuration: { properties: Record<string, { enum?: unknown[]; properties?: object }> } };
    };
    const of = (name: string) => manifest.contributes.configuration.properties[`retort.${name}`];
    expect(of("preset")?.enum).toEqual(["", ...presets]);
    expect(of("dialect")?.enum).toEqual(["", ...dialects]);
    expect(of("postgresqlVersion")?.enum).toEqual([null, ...postgresVersions]);
    expect(Object.keys(of("rules")?.properties ?? {})).toEqual(rules.map(({ id }) => id));
  });
});
