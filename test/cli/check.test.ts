import { describe, expect, test } from "vitest";
import { clean, ini, mixed, retort } from "./retort.ts";

const message =
  "This revision changes schema (add_column users.full_name, drop_column users.first_name, drop_column users.last_name) and data (UPDATE users) in one transaction.";

interface Answer {
  readonly findings: readonly { readonly file: string; readonly rule: string; readonly severity: string }[];
  readonly problems: readonly { readonly file: string; readonly code: string; readonly message: string }[];
  readonly projects: number;
  readonly files: number;
}
const parse = (out: string): Answer => JSON.parse(out) as Answer;

describe("the JSON of check", () => {
  test("has exactly the fields that are promised, with places counted from 0", async () => {
    const { out, err } = await retort(["check", "--format", "json"], mixed);
    expect(err).toBe("");
    expect(JSON.parse(out)).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as unknown,
      projects: 1,
      files: 2,
      revisions: 2,
      statements: { total: 5, analysed: 5 },
      notJudged: null,
      unread: [],
      findings: [
        {
          rule: "mixed-schema-and-data",
          severity: "warning",
          message,
          page: "docs/rules/mixed-schema-and-data.md",
          fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
          file: "migrations/versions/0002_full_name.py",
          revision: "0002",
          range: { start: { line: 25, character: 17 }, end: { line: 25, character: 76 } },
          related: [
            { message: "changes schema: add_column users.full_name", range: expect.any(Object) as unknown },
            { message: "changes schema: drop_column users.first_name", range: expect.any(Object) as unknown },
            { message: "changes schema: drop_column users.last_name", range: expect.any(Object) as unknown },
          ],
          fixes: [
            { id: "split-mixed-migration", title: expect.any(String) as unknown, available: true },
            { id: "split-and-batch", title: expect.any(String) as unknown, available: true },
          ],
        },
      ],
      problems: [],
    });
  });

  test("says in the text why a fix cannot be made only where none can", async () => {
    expect((await retort(["check", "--dialect", "sqlite"], mixed)).out.match(/^ +(?:no )?fix:/gm)).toHaveLength(1);
    const partly = `-- retort.toml --\npreset = "off"\nrules.unbatched-data-change = "warning"\n${mixed}`;
    const { out } = await retort(["check"], partly);
    expect(out.match(/^ +fix:/gm)).toHaveLength(1);
    expect(out).not.toContain("no fix:");
  });

  test("says why a fix cannot be made", async () => {
    const { out } = await retort(["check", "--format=json", "--dialect", "sqlite"], mixed);
    const [finding] = parse(out).findings;
    expect(finding).toMatchObject({
      fixes: [
        { id: "split-mixed-migration", available: false, reason: expect.stringMatching(/\S/) as unknown },
      ] as unknown,
    });
  });
});

const opaque = `${ini}-- migrations/versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
-- migrations/versions/0002_rows.py --
from shop.repair import repair_rows
repair_rows(op.get_bind())
`;

describe("what was not analysed", () => {
  test("is told with each place and why, in the text and in the JSON", async () => {
    const { out } = await retort(["check"], opaque);
    expect(out).toMatch(/^Not analysed:\n {2}migrations\/versions\/0002_rows\.py:\d+:5 repair_rows.*\n\n/);
    expect(out).toMatch(/1 of 2 statements analysed, 0 findings\n$/);
    const json = await retort(["check", "--format", "json"], opaque);
    expect(JSON.parse(json.out)).toMatchObject({
      statements: { total: 2, analysed: 1 },
      unread: [{ file: "migrations/versions/0002_rows.py", why: expect.stringContaining("repair_rows") as unknown }],
    });
  });
});

describe("the text of check", () => {
  test("shows the place, the message, the line with carets, and a summary", async () => {
    const { out, code } = await retort(["check"], mixed);
    const lines = out.split("\n");
    expect(lines[0]).toBe("migrations/versions/0002_full_name.py:26:18 warning mixed-schema-and-data");
    expect(lines[1]).toBe(`  ${message}`);
    expect(lines[2]).toBe(`  26 |         sa.text("UPDATE users SET full_name = first_name || ' ' || last_name")`);
    expect(lines[3]).toBe(`     |                  ${"^".repeat(59)}`);
    expect(lines.at(-2)).toBe("2 files, 5 of 5 statements analysed, 1 finding");
    expect(code).toBe(0);
  });

  test("is only the summary where nothing is found", async () => {
    expect(await retort(["check"], clean)).toMatchObject({
      code: 0,
      out: "1 file, 1 of 1 statement analysed, 0 findings\n",
      err: "",
    });
  });
});

describe("the exit code of check", () => {
  test.each([
    ["error", 0],
    ["warning", 1],
    ["information", 1],
    ["never", 0],
  ])("with --fail-on %s a warning gives %i", async (failOn, code) => {
    expect((await retort(["check", "--fail-on", failOn], mixed)).code).toBe(code);
  });

  test("is 0 where nothing is found, however strict", async () => {
    expect((await retort(["check", "--fail-on", "information"], clean)).code).toBe(0);
  });

  test("follows the severity that the team has chosen", async () => {
    const strict = `${mixed}-- retort.toml --\npreset = "off"\n[rules]\nmixed-schema-and-data = "error"\n`;
    expect((await retort(["check"], strict)).code).toBe(1);
    const off = `${mixed}-- pyproject.toml --\n[tool.retort]\npreset = "off"\n[tool.retort.rules]\nmixed-schema-and-data = "off"\n`;
    expect(await retort(["check", "--fail-on", "information"], off)).toMatchObject({ code: 0 });
  });

  test("is 1 where Alembic itself would stop at the history", async () => {
    const broken = `${clean}-- migrations/versions/0002_lost.py --\nrevision = "0002"\ndown_revision = "gone"\n\ndef upgrade():\n    pass\n`;
    const { code, err } = await retort(["check"], broken);
    expect(code).toBe(1);
    expect(err).toMatch(/^migrations\/versions\/0002_lost\.py:2: .*gone.*\n$/);
  });
});

describe("the paths of check", () => {
  test("a file is checked alone, in its project", async () => {
    const { out } = await retort(["check", "--format", "json", "migrations/versions/0001_users.py"], mixed);
    expect(parse(out)).toMatchObject({ projects: 1, files: 1, findings: [] });
  });

  test("files, folders below the project, and absolute paths", async () => {
    for (const path of [
      "migrations/versions/0002_full_name.py",
      "migrations/versions",
      "migrations",
      "/repo",
      "./migrations/../",
    ]) {
      const { out } = await retort(["check", "--format", "json", path], mixed);
      expect(parse(out).findings, path).toHaveLength(1);
    }
  });

  test("every project beneath a folder is found, and a file named twice is checked once", async () => {
    const two = mixed.replaceAll(/^-- /gm, "-- a/") + mixed.replaceAll(/^-- /gm, "-- deep/er/b/");
    const { out } = await retort(["check", "--format", "json", ".", "a"], two);
    expect(parse(out).findings.map(({ file }) => file)).toEqual([
      "a/migrations/versions/0002_full_name.py",
      "deep/er/b/migrations/versions/0002_full_name.py",
    ]);
    expect(parse(out).projects).toBe(2);
  });

  test("a folder of revision files without any configuration is a project", async () => {
    const loose = mixed.slice(mixed.indexOf("-- migrations/versions")).replaceAll("migrations/versions/", "versions/");
    const { out, code } = await retort(["check", "--format", "json", "versions"], loose);
    expect(parse(out)).toMatchObject({ projects: 1, files: 2, findings: [{ file: "versions/0002_full_name.py" }] });
    expect(code).toBe(0);
  });

  test("a project that has no revision yet is clean", async () => {
    const started = "-- alembic.ini --\n[alembic]\nscript_location = migrations\n-- migrations/env.py --\n";
    const { code, err } = await retort(["check"], started);
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  test("a file that is no revision is none of ours, as a hook may name it", async () => {
    const { out, code, err } = await retort(["check", "README.md"], "-- README.md --\nhello\n");
    expect({ out, code, err }).toEqual({ out: "0 files, 0 of 0 statements analysed, 0 findings\n", code: 0, err: "" });
  });
});

describe("bad input", () => {
  test.each([
    [[], "/repo"],
    [["docs"], "docs"],
  ])("a folder without a project is said to be one: %j", async (paths, name) => {
    const { err, code } = await retort(["check", "--format", "json", ...paths], "-- docs/README.md --\nhello\n");
    expect({ err, code }).toEqual({ err: `${name} holds no Alembic project and no revision files.\n`, code: 2 });
  });

  test("a path that does not exist is named, and everything else is checked", async () => {
    const { out, err, code } = await retort(["check", "--format", "json", "nowhere", "migrations"], mixed);
    expect(code).toBe(2);
    expect(err).toBe("nowhere does not exist.\n");
    expect(parse(out).findings).toHaveLength(1);
    expect(parse(out).problems).toMatchObject([{ code: "missing", file: "nowhere" }]);
  });

  test("a broken alembic.ini is one line, and the revisions beside it are checked", async () => {
    const broken = `-- broken/alembic.ini --\n[alembic\nscript_location = x\n${mixed}`;
    const { out, err, code } = await retort(["check", "--format", "json"], broken);
    expect(code).toBe(2);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(err).toMatch(/^broken\/alembic\.ini:1: /);
    expect(parse(out).findings).toHaveLength(1);
  });

  test("a file without permission is one line", async () => {
    const { err, code } = await retort(["check"], mixed, ["migrations/versions/0001_users.py"]);
    expect(code).toBe(2);
    expect(err).toContain("migrations/versions/0001_users.py");
    expect(err).toContain("permission denied");
  });

  test("a file that is no Python is named, and the others are checked", async () => {
    const source = `${mixed}-- migrations/versions/0003_bad.py --\nrevision = "0003"\ndown_revision = "0002"\n\ndef upgrade(:\n    }}}} nonsense\n`;
    const { err, code, out } = await retort(["check", "--format", "json"], source);
    expect(code).toBe(2);
    expect(err).toMatch(/^migrations\/versions\/0003_bad\.py:\d+: /);
    expect(parse(out).findings).toHaveLength(1);
  });

  test("settings that make no sense are named, each in a line with its place, and nothing is checked under them", async () => {
    const toml =
      'preset = "loud"\n\n[rules]\nmixed-schema-and-dat = "off"\nmixed-schema-and-data = { options = { downgrade = 1 } }\n';
    const { err, code, out } = await retort(["check"], `${clean}-- retort.toml --\n${toml}`);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.split("\n")).toEqual([
      'retort.toml:1:10: "preset" must be one of recommended, strict, off.',
      'retort.toml:4:1: There is no rule "mixed-schema-and-dat"; did you mean "mixed-schema-and-data"?',
      'retort.toml:5:51: "rules.mixed-schema-and-data.options.downgrade" must be true or false.',
      "",
    ]);
  });

  test("a table that a retort.toml beside it overrules is named", async () => {
    const source = `${clean}-- retort.toml --\npreset = "off"\n-- pyproject.toml --\n[tool.retort]\npreset = "off"\n`;
    expect(await retort(["check"], source)).toMatchObject({
      code: 2,
      err: "pyproject.toml:1:2: This is overlooked, since there is a retort.toml beside this file: keep one of them.\n",
    });
  });

  test.each([
    [[], "a command is missing"],
    [["chekc"], 'there is no command "chekc"'],
    [
      ["check", "--format", "xml"],
      '--format must be one of pretty, json, sarif, github, gitlab, junit, markdown, not "xml"',
    ],
    [["check", "--dialect", "postgres"], "--dialect must be one of"],
    [["check", "--fail-on", "sometimes"], "--fail-on must be one of"],
    [["check", "--nonsense"], "Unknown option '--nonsense'"],
    [["split"], "split needs a FILE"],
    [["split", "a", "b"], 'split takes one FILE, and "b" is a second'],
    [["split", "--diff", "--write", "a"], "--diff and --write exclude each other"],
    [["inspect", "--format", "yaml", "a"], "--format must be one of json"],
    [["explain"], "explain needs a RULE"],
    [["lsp"], "lsp needs --stdio"],
  ])("%j is wrong use, said in one line", async (argv, words) => {
    const { code, out, err } = await retort(argv, "");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(err).toContain(words);
    expect(err).toContain("retort --help");
  });
});
