import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSettingsFile } from "../../server/src/settings/file.ts";
import { findGlobProblem, matchesGlob } from "../../server/src/settings/glob.ts";
import { parseSettings, type DeclaredRule } from "../../server/src/settings/parse.ts";
import { isIgnored, settingsAt } from "../../server/src/settings/paths.ts";
import { defaultSettings, mergeSettings } from "../../server/src/settings/settings.ts";

const declared: readonly DeclaredRule[] = [
  {
    id: "big-table",
    options: {
      rows: { type: "integer" },
      names: { type: "strings" },
      strict: { type: "boolean" },
      mode: { type: "string" },
    },
  },
  { id: "small-table", options: {} },
];
const read = (json: unknown) => parseSettings(json, declared, true);
const given = (json: unknown) => read(json).given;

describe("settings", () => {
  test("have defaults for all that is not given", () => {
    for (const nothing of [undefined, null, {}]) {
      expect(read(nothing)).toEqual({ given: {}, problems: [] });
      expect(mergeSettings([given(nothing)])).toEqual(defaultSettings);
    }
  });

  test("take a rule's severity alone or with options", () => {
    const json = {
      dialect: "postgresql",
      postgresqlVersion: 16,
      preset: "strict",
      ignore: ["old/**"],
      rules: {
        "small-table": "off",
        "big-table": { severity: "error", options: { rows: 1, names: ["x"], strict: true, mode: "m" } },
      },
      overrides: [{ paths: ["old/**"], preset: "off", rules: { "big-table": { options: { rows: 2 } } } }],
    };
    expect(read(json)).toEqual({
      given: { ...json, rules: { ...json.rules, "small-table": { severity: "off" } } },
      problems: [],
    });
  });

  test.each<[unknown, string, string?]>([
    [{ dialect: "postgres" }, '"dialect" must be one of postgresql, mysql, mariadb, sqlite, mssql, oracle.'],
    [
      { dialect: "mysql", postgresqlVersion: 16 },
      '"postgresqlVersion" is given, but "dialect" is mysql.',
      "postgresqlVersion",
    ],
    [{ postgresqlVersion: 9 }, '"postgresqlVersion" must be one of 13, 14, 15, 16, 17, 18.'],
    [{ preset: 1 }, '"preset" must be one of recommended, strict, off.'],
    [{ preset: "all" }, '"preset" must be one of recommended, strict, off.'],
    [{ ignore: "x" }, '"ignore" must be a list of globs.'],
    [{ ignore: ["a", 1] }, '"ignore" must be a glob.', "ignore.1"],
    [{ ignore: ["{a"] }, '"ignore" must be a glob, and "{a" has braces that do not match.', "ignore.0"],
    [{ rules: [] }, '"rules" must be a table.'],
    [{ rules: { "big-tabel": "off" } }, 'There is no rule "big-tabel"; did you mean "big-table"?', "rules.big-tabel"],
    [{ rules: { zzz: "off" } }, 'There is no rule "zzz".', "rules.zzz"],
    [{ rules: { "big-table": "loud" } }, '"rules.big-table" must be one of off, error, warning, information.'],
    [
      { rules: { "big-table": { severity: true } } },
      '"rules.big-table.severity" must be one of off, error, warning, information.',
    ],
    [
      { rules: { "big-table": { sevrity: "off" } } },
      'There is no setting of a rule "sevrity"; there are severity, options.',
      "rules.big-table.sevrity",
    ],
    [
      { rules: { "big-table": { options: { row: 1 } } } },
      'The rule "big-table" has no option "row"; it has rows, names, strict, mode.',
      "rules.big-table.options.row",
    ],
    [
      { rules: { "small-table": { options: { row: 1 } } } },
      'The rule "small-table" has no option "row"; it has none.',
      "rules.small-table.options.row",
    ],
    [{ rules: { "big-table": { options: { rows: "1" } } } }, '"rules.big-table.options.rows" must be an integer.'],
    [{ rules: { "big-table": { options: { rows: 1.5 } } } }, '"rules.big-table.options.rows" must be an integer.'],
    [{ rules: { "big-table": { options: { strict: 1 } } } }, '"rules.big-table.options.strict" must be true or false.'],
    [
      { rules: { "big-table": { options: { names: "x" } } } },
      '"rules.big-table.options.names" must be a list of strings.',
    ],
    [
      { rules: { "big-table": { options: { names: [1] } } } },
      '"rules.big-table.options.names" must be a list of strings.',
      "rules.big-table.options.names.0",
    ],
    [{ baseline: [] }, '"baseline" must be "published", "none", a revision or a list of revisions.'],
    [{ overrides: {} }, '"overrides" must be a list of tables.'],
    [{ overrides: [{ rules: {} }] }, 'An override needs "paths", a list of globs.', "overrides.0"],
    [
      { overrides: [{ paths: [], preset: "off" }] },
      "An override without any path is for no file.",
      "overrides.0.paths",
    ],
    [{ overrides: [{ paths: ["a"] }] }, 'An override without "preset" and "rules" changes nothing.', "overrides.0"],
    [{ overrides: [{ paths: ["a"], rules: { x: "off" } }] }, 'There is no rule "x".', "overrides.0.rules.x"],
    [
      { overrides: [{ paths: ["a"], rules: {}, ignore: true }] },
      'There is no setting of an override "ignore"; there are paths, preset, rules.',
      "overrides.0.ignore",
    ],
    [
      { dialekt: "mysql" },
      'There is no setting "dialekt"; there are dialect, postgresqlVersion, preset, statistics, rules, ignore, overrides, baseline.',
      "dialekt",
    ],
    ["settings", "The settings must be a table."],
  ])("%j: say what is wrong, and where", (json, message, path) => {
    const { problems } = read(json);
    expect(problems.map((problem) => problem.message)).toEqual([message]);
    if (path !== undefined) expect(problems[0]?.path.join(".")).toBe(path);
  });

  test.each([
    ["published", "published"],
    ["none", "none"],
    ["ae10", ["ae10"]],
    [
      ["ae10", "main@head"],
      ["ae10", "main@head"],
    ],
  ])("take %j for a baseline", (written, baseline) => {
    expect(read({ baseline: written })).toEqual({ given: { baseline }, problems: [] });
  });

  test("keep what is right beside what is wrong", () => {
    expect(
      given({ dialect: "nosql", preset: "off", rules: { x: "off", "big-table": { options: { rows: 1, x: 1 } } } }),
    ).toEqual({
      preset: "off",
      rules: { "big-table": { options: { rows: 1 } } },
    });
  });

  test("of an editor lie among others that are none of ours", () => {
    expect(parseSettings({ python: "x", dialect: null }, declared, false)).toEqual({ given: {}, problems: [] });
  });

  test("never throw", () => {
    fc.assert(fc.property(fc.anything(), (json) => void read(json)));
    fc.assert(
      fc.property(
        fc.record({ rules: fc.anything(), overrides: fc.array(fc.anything()), ignore: fc.array(fc.string()) }),
        (json) => void read(json),
      ),
    );
  });

  test("are laid over each other value by value", () => {
    const team = given({
      preset: "strict",
      rules: { "big-table": { severity: "error", options: { rows: 1, mode: "m" } }, "small-table": "off" },
    });
    const person = given({ dialect: "sqlite", rules: { "big-table": { options: { rows: 3 } } } });
    expect(mergeSettings([team, person])).toEqual({
      dialect: "sqlite",
      preset: "strict",
      ignore: [],
      overrides: [],
      rules: {
        "big-table": { severity: "error", options: { rows: 3, mode: "m" } },
        "small-table": { severity: "off" },
      },
    });
  });
});

describe("overrides", () => {
  const settings = mergeSettings([
    given({
      rules: { "big-table": { severity: "error", options: { rows: 1 } }, "small-table": "error" },
      overrides: [
        { paths: ["legacy/**"], preset: "off" },
        {
          paths: ["legacy/b*.py", "late.py"],
          rules: { "small-table": "warning", "big-table": { options: { rows: 9 } } },
        },
      ],
    }),
  ]);

  test("are for the files that they name, later ones over earlier ones", () => {
    expect(settingsAt(settings, "new.py")).toBe(settings);
    expect(settingsAt(settings, "legacy/a.py")).toMatchObject({
      preset: "off",
      rules: { "big-table": { options: { rows: 1 } }, "small-table": {} },
    });
    expect(settingsAt(settings, "legacy/a.py").rules["big-table"]).not.toHaveProperty("severity");
    expect(settingsAt(settings, "legacy/b.py")).toMatchObject({
      preset: "off",
      rules: { "big-table": { options: { rows: 9 } }, "small-table": { severity: "warning" } },
    });
    expect(settingsAt(settings, "late.py")).toMatchObject({
      preset: "recommended",
      rules: { "big-table": { severity: "error", options: { rows: 9 } }, "small-table": { severity: "warning" } },
    });
  });

  test("give the same value to files that they treat the same", () => {
    expect(settingsAt(settings, "legacy/a.py")).toBe(settingsAt(settings, "legacy/c.py"));
    expect(settingsAt(settings, "legacy/a.py")).not.toBe(settingsAt(settings, "legacy/b.py"));
  });

  test("of the team count less than what a person says of rules", () => {
    const person = mergeSettings([settings, given({ rules: { "small-table": "information" } })]);
    expect(settingsAt(person, "late.py").rules["small-table"]).toEqual({ severity: "information" });
    expect(settingsAt(person, "legacy/a.py")).toMatchObject({
      preset: "off",
      rules: { "small-table": { severity: "information" } },
    });
  });

  test("and ignored files are named from the project's folder or from that of the settings' file", () => {
    const within = { ...settings, ignore: ["services/billing/versions/old/**"], within: "services/billing" };
    expect(isIgnored("versions/old/a.py", within)).toBe(true);
    expect(isIgnored("versions/old/a.py", { ...within, within: "services/shop" })).toBe(false);
    expect(isIgnored("versions/old/a.py", { ...within, ignore: ["versions/old/*"] })).toBe(true);
  });
});

describe("the project file", () => {
  const text =
    'dialect = "mysql"\n[rules]\nbig-table = "error"\n[[overrides]]\npaths = ["a"]\nrules = { big-table = "off" }\n';

  test("says in retort.toml and in pyproject.toml the same", () => {
    const inProject = text
      .replace("[rules]", "[tool.retort.rules]")
      .replace("[[overrides]]", "[[tool.retort.overrides]]");
    const expected = {
      dialect: "mysql",
      rules: { "big-table": { severity: "error" } },
      overrides: [{ paths: ["a"], rules: { "big-table": { severity: "off" } } }],
    };
    expect(parseSettingsFile("retort.toml", text, declared)).toMatchObject({ given: expected, problems: [] });
    expect(parseSettingsFile("pyproject.toml", `[tool.retort]\n${inProject}`, declared)).toMatchObject({
      given: expected,
      problems: [],
    });
  });

  test("is none where pyproject.toml does not mention Retort, whatever else is wrong with it", () => {
    expect(parseSettingsFile("pyproject.toml", "[project]\nname = 'x'\n", declared)).toBeUndefined();
    expect(parseSettingsFile("pyproject.toml", "[project\n", declared)).toBeUndefined();
    expect(parseSettingsFile("pyproject.toml", "tool = 1\n", declared)).toBeUndefined();
  });

  test.each([
    ['preset = "loud"\n', '"loud"', '"preset" must be one of'],
    ["dialekt = 'mysql'\n", "dialekt", 'There is no setting "dialekt"'],
    ['[rules]\nbig-table = "error"\nbig-tabel = "off"\n', "big-tabel", 'There is no rule "big-tabel"'],
    ['[rules.big-table.options]\nrows = "many"\n', '"many"', "must be an integer"],
    ["[rules.big-table]\noptions = { row = 1 }\n", "row", 'has no option "row"'],
    ["rules.big-table = 'loud'\n", "'loud'", "must be one of"],
    ["[[overrides]]\npaths = ['a']\npreset = 'off'\n[[overrides]]\npreset = 'off'\n", "overrides", 'needs "paths"'],
    ["[[overrides]]\npaths = ['a', 1]\npreset = 'off'\n", "1", "must be a glob"],
    ["ignore = [1979-05-27]\n", "1979-05-27", "must be a glob"],
    ["dialect = \n", "dialect = ", "This is not valid TOML"],
    ["preset = 'off'\npreset = 'off'\n", "preset = 'off'", "This is not valid TOML"],
  ])("%j: names the place", (wrong, at, message) => {
    for (const [name, before, texts] of [
      ["retort.toml", "", wrong],
      [
        "pyproject.toml",
        "[project]\nname = 'x'\n\n[tool.retort]\n",
        wrong.replaceAll(/\[(?=rules|overrides)/g, "[tool.retort."),
      ],
    ] as const) {
      const whole = before + texts;
      const { problems = [] } = parseSettingsFile(name, whole, declared) ?? {};
      expect(problems.map((one) => one.message)).toEqual([expect.stringContaining(message)]);
      const [{ range } = { range: { start: 0, end: 0 } }] = problems;
      expect(whole.slice(range.start, range.end)).toContain(at);
      expect(range.start).toBeGreaterThanOrEqual(before.length);
    }
  });

  test("never throws, and keeps every place within the text", () => {
    const line = fc.constantFrom(
      "a=1",
      "[rules]",
      "[[overrides]]",
      "paths=[",
      "]",
      "big-table='x'",
      "[a.b]",
      "x.y=2",
      "ignore=['{']",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
        const source = lines.join("\n");
        for (const { range } of parseSettingsFile("retort.toml", source, declared)?.problems ?? [])
          expect(range.end).toBeLessThanOrEqual(source.length);
      }),
    );
  });
});

describe("a glob", () => {
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
    expect(matchesGlob(path, [glob])).toBe(expected);
  });

  test("never makes a glob throw", () => {
    fc.assert(fc.property(fc.string(), fc.string(), (path, glob) => void matchesGlob(path, [glob])));
  });

  test.each(["", "  ", "!a", "{a", "a}", "}{", "{a,{b}"])("%j matches nothing, and says why", (glob) => {
    expect(findGlobProblem(glob)).toMatch(/^[a-z]/);
  });

  test.each(["a", "**", "{a,b}/*.py", "[x]", "a+b"])("%j is sound", (glob) => {
    expect(findGlobProblem(glob)).toBeUndefined();
  });
});
