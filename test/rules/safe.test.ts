/**
 * What people rightly do, and the slip that makes it dangerous: the preset "recommended" says nothing at all of the one, and
 * finds the other. The cases lie in `safe/`, by area; `test/support/safe.ts` tells how to write one.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { check } from "../../server/src/rules/check.ts";
import { rules } from "../../server/src/rules/index.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";
import { openFixture, relative } from "../support/project.ts";
import { readSafeCases, type Side } from "../support/safe.ts";

const folder = join(import.meta.dirname, "safe");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const shared = ((text: string) => {
  const tables = text.indexOf("-- versions/");
  return { environment: text.slice(0, tables).trimEnd(), tables: text.slice(tables).trimEnd() };
})(read("shared.txt"));

const areas = readdirSync(folder)
  .filter((name) => name.endsWith(".txt") && name !== "shared.txt")
  .map((name) => ({ area: name.replace(/\.txt$/, ""), cases: readSafeCases(read(name), shared) }));
const all = areas.flatMap(({ cases }) => cases);

async function foundIn({ source, options }: Side): Promise<readonly { rule: string; line: string }[]> {
  const { project, texts } = await openFixture(source, options);
  const { findings, failures } = check(project, options.settings ?? defaultSettings);
  expect(failures).toEqual([]);
  return findings.map(({ rule, path, range, message }) => ({
    rule,
    line: `${relative(path)} ${rule} «${texts.get(path)?.slice(range.start, range.end) ?? ""}» ${message}`,
  }));
}

describe.each(areas)("$area", ({ cases }) => {
  test.each(cases)("$title", async ({ safe, twin, rules: wanted }) => {
    expect((await foundIn(safe)).map(({ line }) => line)).toEqual([]);
    expect((await foundIn(twin)).map(({ rule }) => rule)).toEqual(expect.arrayContaining([...wanted]));
  });
});

test("the cases are named and reasoned, each once", () => {
  const titles = all.map(({ title }) => title);
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  for (const { title, because } of all) {
    expect(title).toMatch(/^[^a-z].*[^.]$/);
    expect(because).toMatch(/^\S.{10,}[^.]$/);
  }
});

test("every rule that is on by default is spoken of, more than once", () => {
  const count = (id: string): number => all.filter((one) => one.rules.includes(id)).length;
  expect(all.length).toBeGreaterThanOrEqual(300);
  expect(rules.filter(({ id, recommended }) => recommended && count(id) < 2).map(({ id }) => id)).toEqual([]);
});
