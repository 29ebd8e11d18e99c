/** Everything about a rule against everything else about it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findStale, readRefactorings, readRules } from "../../scripts/generate.ts";
import { rules } from "../../server/src/rules/index.ts";
import { parseSuppression } from "../../server/src/rules/suppression.ts";
import { severities, type Rule, type Sample } from "../../server/src/rules/define.ts";
import { parseSettings } from "../../server/src/settings/parse.ts";
import { allows, asShown, exampleSource, findsIn, refactors } from "../support/cases.ts";
import type { FixtureOptions } from "../support/project.ts";
import { fileExists, repository } from "./imports.ts";

const defined = await readRules();
const refactorings = await readRefactorings();

test("every file that defines a rule is in the list, in order", () => {
  expect(rules.map(({ id }) => id)).toEqual(defined.map(({ value }) => value.id));
  expect(rules.length).toBeGreaterThan(0);
});

test("generated files are up to date", async () => {
  expect((await findStale()).map(({ path }) => path)).toEqual([]);
}, 120_000);

test("the setting retort.rules lists every rule and no other", () => {
  const manifest: unknown = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  const listed = JSON.stringify(manifest).match(/"retort\.rules":\{.*?"properties":(\{.*)/)?.[1] ?? "";
  for (const { id } of rules) expect(listed).toContain(`"${id}":{`);
});

function optionsOf(rule: Rule, sample: Sample): FixtureOptions {
  const dialect = sample.dialect ?? rule.dialects?.[0];
  return dialect === undefined ? {} : { dialect };
}

describe.each(defined)("$value.id", ({ file, exported, value: rule }) => {
  test("is one name for its file, its constant, its page, its test and its suppression", () => {
    expect(rule.id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(rule.id).not.toMatch(/^(?:no|ban|prefer|require)-/);
    expect(file).toBe(rule.id);
    expect(exported).toBe(rule.id.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()));
    expect(fileExists(`docs/rules/${rule.id}.md`)).toBe(true);
    expect(fileExists(`test/rules/${rule.id}.test.ts`)).toBe(true);
    expect(parseSuppression(`# retort: allow ${rule.id} because it is tested`)?.rules).toEqual([rule.id]);
  });

  test("says what, why and what instead, with sources to follow", () => {
    expect(severities).toContain(rule.severity);
    for (const text of [rule.summary, rule.instead]) expect(text).toMatch(/^[A-Z].*\.$/s);
    expect(rule.why.length).toBeGreaterThan(60);
    expect(rule.summary).not.toContain("\n");
    expect(rule.sources.length).toBeGreaterThan(0);
    for (const source of rule.sources) expect(new URL(source).protocol).toBe("https:");
    expect(rule.examples.length).toBeGreaterThan(0);
  });

  test("looks at revisions, at the project, or at both", () => {
    expect([rule.detect, rule.inspect, rule.audit].filter(Boolean)).not.toEqual([]);
  });

  test("yields to rules that exist, and not to itself", () => {
    const known = rules.map(({ id }) => id).filter((id) => id !== rule.id);
    for (const id of rule.yieldsTo ?? []) expect(known).toContain(id);
  });

  test("names refactorings that exist", () => {
    const known = refactorings.map(({ value }) => value.id);
    for (const id of rule.refactorings ?? []) expect(known).toContain(id);
  });

  test("has options whose defaults are of their type and pass as settings", () => {
    for (const [name, { type, default: value, description }] of Object.entries(rule.options)) {
      expect(type).toBe(Array.isArray(value) ? "strings" : typeof value === "number" ? "integer" : typeof value);
      expect(description).toMatch(/^[A-Z].*\.$/);
      const json = { rules: { [rule.id]: { options: { [name]: value } } } };
      expect(parseSettings(json, rules, true).problems).toEqual([]);
    }
  });

  test("has samples with titles of their own, which read well in a list", () => {
    const titles = [...(rule.catches ?? []), ...(rule.passes ?? [])].map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    for (const title of titles) expect(title).toMatch(/^[^a-z\s].*[^.\s]$/);
  });

  test.each(rule.catches ?? [])("catches: $title", async (sample) => {
    expect(await findsIn(rule, sample.code, optionsOf(rule, sample))).not.toEqual([]);
  });

  test.each(rule.passes ?? [])("passes: $title", async (sample) => {
    expect(await findsIn(rule, sample.code, optionsOf(rule, sample))).toEqual([]);
  });

  const dialect = rule.dialects?.[0];
  const options = dialect === undefined ? {} : { dialect };
  test.each(rule.examples)("example: $title", async ({ before, after }) => {
    expect(await findsIn(rule, before, options), "the first half of the example").not.toEqual([]);
    for (const [index, body] of after.entries()) {
      const isWhole = body.startsWith("-- ");
      await allows(rule, isWhole ? body : `-- versions/000${index + 1}_case.py --\n${body}`, options);
    }
  });
});

describe.each(refactorings)("$value.id", ({ file, value: refactoring }) => {
  test("is one name for its file, its page and its test", () => {
    expect(file).toBe(refactoring.id);
    expect(fileExists(`docs/refactorings/${refactoring.id}.md`)).toBe(true);
    expect(fileExists(`test/refactorings/${refactoring.id}.test.ts`)).toBe(true);
  });

  test("says what it keeps and when it refuses, a sentence each", () => {
    for (const text of [refactoring.summary, ...refactoring.keeps, ...refactoring.refuses])
      expect(text).toMatch(/^\S.*\.$/s);
    expect(refactoring.keeps.length).toBeGreaterThan(0);
    expect(refactoring.refuses.length).toBeGreaterThan(0);
    expect(refactoring.examples.length).toBeGreaterThan(0);
  });

  test.each(refactoring.examples)("example: $title", async (example) => {
    const { parts } = await refactors(refactoring, exampleSource(example));
    expect(parts.map(({ text }, i) => asShown(text, example.after[i] ?? ""))).toEqual(example.after);
  });
});
