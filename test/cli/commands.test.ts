import { describe, expect, test } from "vitest";
import { rules } from "../../server/src/rules/index.ts";
import { clean, ini, mixed, retort } from "./retort.ts";

const file = "migrations/versions/0002_full_name.py";

describe("split", () => {
  test("shows the parts, in the order of the chain, and changes nothing", async () => {
    const { code, out, files } = await retort(["split", file], mixed);
    expect(code).toBe(0);
    const titles = [...out.matchAll(/^# (migrations\/versions\/\S+\.py) \((new|changed)\): /gm)].map(
      ([, path, state]) => [path, state],
    );
    expect(titles).toHaveLength(3);
    expect(titles.map(([, state]) => state)).toEqual(["new", "new", "changed"]);
    expect(titles[2]?.[0]).toBe(file);
    expect([...files.keys()]).toHaveLength(4);
  });

  test("--diff shows new files against /dev/null and the changed one against itself", async () => {
    const { code, out } = await retort(["split", file, "--diff"], mixed);
    expect(code).toBe(0);
    expect(out.match(/^--- .*$/gm)).toEqual(["--- /dev/null", "--- /dev/null", `--- a/${file}`]);
    expect(out).toContain(`+++ b/${file}`);
    expect(out).toMatch(/^-\s+op\.add_column\("users"/m);
    expect(out).toMatch(/^\+\s+op\.add_column\("users"/m);
  });

  test("--write makes the files; what is then there is clean", async () => {
    const { code, out, files } = await retort(["split", file, "--write"], mixed);
    expect(code).toBe(0);
    expect(out.match(/^created \S+$/gm)).toHaveLength(2);
    expect(out).toContain(`changed ${file}\n`);
    expect(files.size).toBe(6);
    const after = [...files].map(([path, text]) => `-- ${path} --\n${text}`).join("\n");
    expect(await retort(["check", "--fail-on", "information"], after)).toMatchObject({ code: 0 });
  });

  test("says in one line that there is nothing to split", async () => {
    const { code, err, out } = await retort(["split", "migrations/versions/0001_users.py"], clean);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^retort: there is nothing to split: .*\n$/);
  });

  test.each([
    ["nowhere.py", "nowhere.py does not exist"],
    ["migrations", "migrations is a folder"],
    ["migrations/env.py", "migrations/env.py is not a revision file"],
  ])("%s is refused in words", async (path, words) => {
    const { code, err } = await retort(["split", path], mixed);
    expect(code).toBe(2);
    expect(err).toContain(words);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });
});

describe("refactor", () => {
  const split = "split-mixed-migration";

  test("does by any name what split does", async () => {
    expect(await retort(["refactor", split, file], mixed)).toEqual(await retort(["split", file], mixed));
    expect(await retort(["refactor", split, `${file}:20`, "--diff"], mixed)).toEqual(
      await retort(["split", file, "--diff"], mixed),
    );
    expect((await retort(["refactor", split, file, "--write"], mixed)).files.size).toBe(6);
  });

  test.each<[readonly string[], RegExp]>([
    [["refactor", split], /needs a FILE/],
    [["refactor"], /refactor needs a REFACTORING and a FILE; the refactorings are .*split-mixed-migration/],
    [["refactor", "split", "nowhere.py"], /there is no refactoring "split"/],
    [["refactor", "split", file], /there is no refactoring "split"; the refactorings are .*split-mixed-migration/],
    [["refactor", split, `${file}:999`], /there is no line 999/],
    [["refactor", split, "migrations/versions/0001_users.py"], /split-mixed-migration has nothing to do in migrations/],
    [["refactor", split, file, "--diff", "--write"], /exclude each other/],
  ])("%s is refused in words", async (argv, words) => {
    const { code, err } = await retort(argv, mixed);
    expect(code).toBe(2);
    expect(err).toMatch(words);
  });
});

describe("inspect", () => {
  test("prints the model", async () => {
    const { code, out } = await retort(["inspect", file, "--format", "json"], mixed);
    expect(code).toBe(0);
    const model: unknown = JSON.parse(out);
    expect(model).toMatchObject({
      revision: "0002",
      parents: ["0001"],
      upgrade: {
        operations: [
          {
            kind: "add_column",
            table: "users",
            columns: ["full_name"],
            sql: "ALTER TABLE users ADD COLUMN full_name character varying(200)",
            phase: "expand",
            confidence: "certain",
            locks: [{ table: "users", mode: "AccessExclusiveLock" }],
            rewrites: [],
            scans: [],
            transactional: true,
          },
          {
            kind: "update",
            table: "users",
            columns: ["full_name"],
            sql: "UPDATE users SET full_name = first_name || ' ' || last_name",
            phase: "backfill",
          },
          { kind: "drop_column", table: "users", columns: ["first_name"], phase: "contract" },
          { kind: "drop_column", table: "users", columns: ["last_name"], phase: "contract" },
        ],
      },
      downgrade: { operations: [] },
    });
    const first = (model as { upgrade: { operations: { range: unknown }[] } }).upgrade.operations[0];
    expect(first?.range).toEqual({ start: { line: 21, character: 4 }, end: { line: 21, character: 66 } });
  });

  test("tells phases in view of the whole revision", async () => {
    const source = `${ini}-- migrations/versions/0001_a.py --\nop.create_table("t", sa.Column("a", sa.Integer()))\nop.create_index("ix", "t", ["a"], unique=True)\nop.create_index("iy", "u", ["a"], unique=True)\n`;
    const { out } = await retort(["inspect", "migrations/versions/0001_a.py"], source);
    const { upgrade } = JSON.parse(out) as { upgrade: { operations: { phase: string }[] } };
    expect(upgrade.operations.map(({ phase }) => phase)).toEqual(["expand", "expand", "contract"]);
  });

  test("names the schema, where there is one", async () => {
    const source = `${ini}-- migrations/versions/0001_a.py --\nop.drop_table("users", schema="app")\nop.execute("DROP TABLE x.y")\n`;
    const { out } = await retort(["inspect", "migrations/versions/0001_a.py"], source);
    expect(out).toContain('"table": "app.users"');
    expect(out).toContain('"table": "x.y"');
  });
});

describe("explain", () => {
  test.each(rules.map(({ id }) => id))("%s", async (id) => {
    const { code, out } = await retort(["explain", id], "");
    expect(code).toBe(0);
    expect(out).toContain(id);
    expect(out).toContain(`# retort: allow ${id} because`);
    expect(out).toMatch(/^- https:\/\//m);
  });

  test("an unknown rule is answered with those that are called alike", async () => {
    const { code, err } = await retort(["explain", "mixed-shema-and-data"], "");
    expect(code).toBe(2);
    expect(err).toBe('retort: there is no rule "mixed-shema-and-data"; did you mean mixed-schema-and-data?\n');
    expect((await retort(["explain", "qqqq"], "")).err).toBe(
      'retort: there is no rule "qqqq"; docs/rules/README.md lists them\n',
    );
  });
});

describe("help and version", () => {
  test.each([["--help"], ["-h"], ["help"], ["check", "--help"], ["split", "-h"]])("%s %s", async (...argv) => {
    const { code, out } = await retort(
      argv.filter((one) => one !== undefined),
      "",
    );
    expect(code).toBe(0);
    for (const word of ["check", "split", "inspect", "explain", "lsp", "refactor", "--fail-on", "--write"])
      expect(out).toContain(word);
  });

  test("--version", async () => {
    expect(await retort(["--version"], "")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as unknown,
    });
  });
});
