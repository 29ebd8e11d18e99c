import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSettingsFile } from "../../server/src/settings/file.ts";
import { isIgnored } from "../../server/src/settings/ignore.ts";
import { defaultSettings, mergeSettings, parseSettings } from "../../server/src/settings/settings.ts";

describe("settings", () => {
  test("have defaults for all that is not given", () => {
    for (const nothing of [undefined, null, {}]) {
      expect(parseSettings(nothing)).toEqual({ settings: defaultSettings, given: {}, problems: [] });
    }
  });

  test("take a rule's severity alone or with options", () => {
    const json = {
      dialect: "mysql",
      preset: "all",
      ignore: ["old/**"],
      rules: { a: "off", b: { severity: "error", options: { n: 1, names: ["x"] } } },
    };
    expect(parseSettings(json)).toEqual({
      settings: { ...json, rules: { a: { severity: "off" }, b: json.rules.b } },
      given: { ...json, rules: { a: { severity: "off" }, b: json.rules.b } },
      problems: [],
    });
  });

  test.each([
    [{ dialect: "postgres" }, '"dialect" must be one of postgresql, mysql, mariadb, sqlite, mssql, oracle.'],
    [{ preset: 1 }, '"preset" must be recommended, all or none.'],
    [{ ignore: "x" }, '"ignore" must be a list of globs.'],
    [{ ignore: [1] }, '"ignore" must be a glob.'],
    [{ rules: [] }, '"rules" must be a table.'],
    [{ rules: { a: "loud" } }, '"rules.a" must be off, error, warning or information.'],
    [{ rules: { a: { severity: true } } }, '"rules.a.severity" must be off, error, warning or information.'],
    [
      { rules: { a: { options: { n: {} } } } },
      '"rules.a.options.n" must be a boolean, a number, a string or a list of strings.',
    ],
    ["settings", "The settings must be a table."],
  ])("%j: say what is wrong", (json, message) => {
    expect(parseSettings(json).problems.map((problem) => problem.message)).toEqual([message]);
  });

  test("keep what is right beside what is wrong", () => {
    expect(parseSettings({ dialect: "nosql", preset: "none" }).settings).toEqual({
      ...defaultSettings,
      preset: "none",
    });
  });

  test("never throw", () => {
    fc.assert(fc.property(fc.anything(), (json) => void parseSettings(json)));
  });

  test("are laid over each other value by value", () => {
    const team = parseSettings({
      preset: "all",
      rules: { a: { severity: "error", options: { n: 1, m: 2 } }, b: "off" },
    }).given;
    const person = parseSettings({ dialect: "sqlite", rules: { a: { options: { n: 3 } } } }).given;
    expect(mergeSettings([team, person])).toEqual({
      dialect: "sqlite",
      preset: "all",
      ignore: [],
      rules: { a: { severity: "error", options: { n: 3, m: 2 } }, b: { severity: "off" } },
    });
  });
});

describe("the project file", () => {
  const text = 'dialect = "mysql"\n[rules]\nmixed-schema-and-data = "error"\n';

  test("says in retort.toml and in pyproject.toml the same", () => {
    const inProject = text.replace("[rules]", "[tool.retort.rules]");
    const expected = { dialect: "mysql", rules: { "mixed-schema-and-data": { severity: "error" } } };
    expect(parseSettingsFile("retort.toml", text)?.given).toEqual(expected);
    expect(parseSettingsFile("pyproject.toml", `[tool.retort]\n${inProject}`)?.given).toEqual(expected);
  });

  test("is none where pyproject.toml does not mention Retort, whatever else is wrong with it", () => {
    expect(parseSettingsFile("pyproject.toml", "[project]\nname = 'x'\n")).toBeUndefined();
    expect(parseSettingsFile("pyproject.toml", "[project\n")).toBeUndefined();
  });

  test("names a key that means nothing, and TOML that does not parse", () => {
    expect(parseSettingsFile("retort.toml", "dialekt = 'mysql'\n")?.problems).toEqual([
      {
        key: "dialekt",
        message: 'There is no setting "dialekt"; known are dialect, postgresqlVersion, preset, rules, ignore.',
      },
    ]);
    expect(parseSettingsFile("retort.toml", "dialect = \n")?.problems[0]?.message).toMatch(
      /^retort\.toml is not valid TOML: /,
    );
  });
});

describe("an ignored path", () => {
  test.each([
    ["versions/a.py", "versions/a.py", true],
    ["versions/a.py", "a.py", true],
    ["versions/a.py", "*.py", true],
    ["versions/a.py", "versions", true],
    ["versions/a.py", "versions/", true],
    ["versions/a.py", "./versions/**", true],
    ["db/versions/old/a.py", "**/old/**", true],
    ["db/versions/old/a.py", "db/*/a.py", false],
    ["db/versions/old/a.py", "db/**/a.py", true],
    ["versions/ab.py", "versions/a?.py", true],
    ["versions/a.py", "versions/{a,b}.py", true],
    ["versions/c.py", "versions/{a,b}.py", false],
    ["versions/a.python", "*.py", false],
    ["xversions/a.py", "versions", false],
    ["a.py", "{", false],
    ["a.py", "{{}", false],
  ])("%s, %s: %s", (path, glob, expected) => {
    expect(isIgnored(path, [glob])).toBe(expected);
  });

  test("never makes a glob throw", () => {
    fc.assert(fc.property(fc.string(), fc.string(), (path, glob) => void isIgnored(path, [glob])));
  });
});
