import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildHistory } from "../../server/src/history/build.ts";
import { momentAt } from "../../server/src/project/moment.ts";
import {
  fileName,
  newFilePath,
  newRevisionId,
  newRevisionIds,
  partSlug,
  slugOf,
} from "../../server/src/project/naming.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { memoryFiles, memoryLog } from "../support/memory.ts";
import { sketch } from "../history/graph.ts";

const defaults = { fileTemplate: "%(rev)s_%(slug)s", fileTemplateIsDefault: true, truncateSlugLength: 40 };
const revision = {
  revision: "0a1b2c3d4e5f",
  message: "Add full name",
  createDate: momentAt(Date.UTC(2026, 2, 4, 5, 6, 7), undefined),
};
const named = (...pairs: readonly (readonly [name: string, id: string])[]) =>
  pairs.map(([name, id]) => sketch({ id, path: `/v/${name}` }));

describe("a new file is named", () => {
  test("by file_template, whatever the siblings are called", () => {
    const config = {
      ...defaults,
      fileTemplate: "%(year)d_%(month).2d_%(day).2d-%(rev)s",
      fileTemplateIsDefault: false,
    };
    expect(fileName(config, named(["1_x.py", "1"]), revision)).toBe("2026_03_04-0a1b2c3d4e5f.py");
  });

  test.each([
    ["as Alembic does by default", [], "0a1b2c3d4e5f_add_full_name.py"],
    [
      "like id and slug",
      named(["abc123_x.py", "abc123"], ["def456_y_z.py", "def456"]),
      "0a1b2c3d4e5f_add_full_name.py",
    ],
    ["like id alone", named(["abc123.py", "abc123"], ["def456.py", "def456"]), "0a1b2c3d4e5f.py"],
    [
      "like date, id and slug",
      named(["2024_05_06_0708-abc123_x.py", "abc123"]),
      "2026_03_04_0506-0a1b2c3d4e5f_add_full_name.py",
    ],
    [
      "like an ISO date before the id",
      named(["2024-05-06-abc123_x.py", "abc123"]),
      "2026-03-04-0a1b2c3d4e5f_add_full_name.py",
    ],
    [
      "like a compact timestamp",
      named(["20240506070809_abc123_x.py", "abc123"]),
      "20260304050607_0a1b2c3d4e5f_add_full_name.py",
    ],
    [
      "like date and slug without the id",
      named(["2024_05_06_some_change.py", "abc123"]),
      "2026_03_04_add_full_name.py",
    ],
    ["like the slug alone", named(["some_change.py", "abc123"], ["other.py", "def456"]), "add_full_name.py"],
    [
      "like a counter before the slug",
      named(["0041_x.py", "abc123"], ["0042_y.py", "def456"]),
      "0043_add_full_name.py",
    ],
    ["like a counter before the id", named(["9_abc123_x.py", "abc123"]), "10_0a1b2c3d4e5f_add_full_name.py"],
    [
      "like a word that all share",
      named(["rev_abc123_x.py", "abc123"], ["rev_def456.py", "def456"], ["rev_fed.py", "fed"]),
      "rev_0a1b2c3d4e5f.py",
    ],
    [
      "like most of them",
      named(["abc123.py", "abc123"], ["def456.py", "def456"], ["2024_01_02_abc.py", "abc"]),
      "0a1b2c3d4e5f.py",
    ],
    [
      "by default where there is no majority",
      named(["abc123.py", "abc123"], ["def456-x.py", "def456"]),
      "0a1b2c3d4e5f_add_full_name.py",
    ],
    [
      "by default where ids are names thought up by people",
      named(["add_users.py", "add_users"]),
      "0a1b2c3d4e5f_add_full_name.py",
    ],
  ])("%s", (_name, siblings, expected) => {
    expect(fileName(defaults, siblings, revision)).toBe(expected);
  });

  test("with numbers that follow each other, where files are counted", () => {
    const siblings = named(["0041_x.py", "abc123"]);
    expect(fileName(defaults, siblings, { ...revision, n: 1 })).toBe("0043_add_full_name.py");
  });

  test("with its part's name, however long the message is", () => {
    const message = "Separate the first name from the last name of all users";
    expect(fileName(defaults, [], { ...revision, message, suffix: "backfill" })).toBe(
      "0a1b2c3d4e5f_separate_the_first_name_from_backfill.py",
    );
  });
});

describe("the folders of a template", () => {
  const path = async (recursive: boolean, front = "%%(year)d/"): Promise<string | undefined> => {
    const files = memoryFiles({
      "/w/alembic.ini": `[alembic]\nscript_location = m\nfile_template = ${front}%%(rev)s\nrecursive_version_locations = ${String(recursive)}\n`,
      "/w/m/env.py": "from alembic import context\n",
      "/w/m/versions/a.py": 'revision = "a"\ndown_revision = None\n',
    });
    const store = new ProjectStore(files, memoryLog());
    await store.open(["/w"]);
    const [project] = store.snapshot().projects;
    return project && newFilePath(project, { path: "/w/m/versions/a.py" }, revision);
  };

  test("are made where Alembic looks into them, and else left out", async () => {
    expect(await path(true)).toBe("/w/m/versions/2026/0a1b2c3d4e5f.py");
    expect(await path(false)).toBe("/w/m/versions/0a1b2c3d4e5f.py");
  });

  test.each(["../", "x/../../../", "/etc/"])("never lead out of the version location: %s", async (front) => {
    expect(await path(true, front)).toBe("/w/m/versions/0a1b2c3d4e5f.py");
  });
});

describe("a slug", () => {
  test("is cut at the last word that fits, as Alembic does it", () => {
    expect(slugOf("Add the user's full name", 40)).toBe("add_the_user_s_full_name");
    expect(slugOf("Add the user's full name", 18)).toBe("add_the_user_s_");
    expect(slugOf("Unbelievable", 4)).toBe("unbe_");
    expect(slugOf("", 40)).toBe("");
  });

  test("of a part ends with the part's name and stays within the length where that is possible", () => {
    expect(partSlug("Add full name", "expand", 40)).toBe("add_full_name_expand");
    expect(partSlug("", "backfill 2", 40)).toBe("backfill_2");
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom("expand", "backfill", "contract"),
        fc.integer({ min: 8, max: 60 }),
        (message, suffix, length) => {
          const slug = partSlug(message, suffix, length);
          expect(slug.endsWith(suffix)).toBe(true);
          expect([...slug].length).toBeLessThanOrEqual(length);
          expect(slugOf(slug, length)).toBe(slug);
        },
      ),
    );
  });
});

describe("a new id", () => {
  const history = (...ids: string[]) => buildHistory(ids.map((id) => sketch({ id })));

  test("has twelve hexadecimal digits and depends on the seed alone", () => {
    const empty = history();
    expect(newRevisionId(empty, "a", 0)).toMatch(/^[0-9a-f]{12}$/);
    expect(newRevisionId(empty, "a", 0)).toBe(newRevisionId(history("ffff"), "a", 0));
    expect(newRevisionId(empty, "a", 0)).not.toBe(newRevisionId(empty, "b", 0));
    expect(newRevisionId(empty, "a", 0)).not.toBe(newRevisionId(empty, "a", 1));
  });

  test("is one that neither a revision nor a missing parent nor a label has", () => {
    const [first = "", second = "", third = "", fourth = ""] = newRevisionIds(history(), "seed", 4);
    const taken = buildHistory([sketch({ id: first, down: [second], labels: [third] })]);
    expect(newRevisionId(taken, "seed", 0)).toBe(fourth);
  });

  test.each([
    [
      ["0001", "0002"],
      ["0003", "0004"],
    ],
    [
      ["1", "9"],
      ["10", "11"],
    ],
    [
      ["009", "010"],
      ["011", "012"],
    ],
    [
      ["41", "42", "40"],
      ["43", "44"],
    ],
  ])("after %j is the next number", (ids, expected) => {
    expect(newRevisionIds(history(...ids), "seed", 2)).toEqual(expected);
  });

  test("is no number where most ids are none", () => {
    expect(newRevisionId(history("0001", "abcdef123456", "fedcba654321"), "seed", 0)).toMatch(/^[0-9a-f]{12}$/);
  });

  test("is its own for each of many seeds", () => {
    const ids = Array.from({ length: 2000 }, (_, i) => newRevisionId(history(), `seed${i}`, i % 3));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
