import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sizeOf } from "../../server/src/project/sizes.ts";
import { parseStatistics, renderStatistics, type Statistics } from "../../server/src/project/statistics.ts";
import { renderBytes, renderCount, renderSize } from "../../server/src/project/sizes.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { memoryFiles, memoryLog } from "../support/memory.ts";
import { users, statistics } from "../support/statistics.ts";

const file = "/w/retort.stats.json";
const sample = {
  "/w/alembic.ini": "[alembic]\nscript_location = m\nsqlalchemy.url = postgresql://h/d\n",
  "/w/m/env.py": "from alembic import context\n",
  "/w/m/versions/a.py": 'revision = "a"\ndown_revision = None\n',
};

async function open(texts: Readonly<Record<string, string>>, named?: string) {
  const files = memoryFiles({ ...sample, ...texts });
  const store = new ProjectStore(files, memoryLog());
  await store.open(["/w"], { chosen: { statistics: named } });
  const project = () => {
    const [only] = store.snapshot().projects;
    if (!only) throw new Error("no project");
    return only;
  };
  return { files, store, project };
}

describe("a project", () => {
  test("knows sizes from the file beside its config", async () => {
    const { project } = await open({ [file]: renderStatistics(statistics) });
    expect(sizeOf(project(), { name: "users" })).toEqual({
      rows: 12_400_000,
      bytes: users.tableBytes + users.indexBytes + users.toastBytes,
      tableBytes: users.tableBytes,
      indexBytes: users.indexBytes,
      toastBytes: users.toastBytes,
      writesPerDay: 500,
      takenAt: statistics.takenAt,
    });
    expect(sizeOf(project(), { name: "nowhere" })).toBeUndefined();
  });

  test("looks for a name without a schema where the server would", async () => {
    const app: Statistics = {
      ...statistics,
      defaultSchema: "app",
      tables: [
        { ...users, rows: 1 },
        { ...users, schema: "app", rows: 2 },
      ],
    };
    const { project } = await open({ [file]: renderStatistics(app) });
    expect(sizeOf(project(), { name: "users" })?.rows).toBe(2);
    expect(sizeOf(project(), { schema: "public", name: "users" })?.rows).toBe(1);
    expect(sizeOf(project(), { schema: "other", name: "users" })).toBeUndefined();
  });

  test("follows the file as it comes, changes and goes, and is the same where it does not", async () => {
    const { files, store, project } = await open({});
    const rows = () => sizeOf(project(), { name: "users" })?.rows;
    expect([rows(), project().problems]).toEqual([undefined, []]);
    files.texts.set(file, renderStatistics(statistics));
    await store.update(file, undefined);
    expect(rows()).toBe(12_400_000);
    const before = project();
    await store.update(file, renderStatistics(statistics));
    expect(project()).toBe(before);
    await store.update("/w/m/versions/a.py", 'revision = "a"\ndown_revision = None\n\n');
    expect(project().config).toBe(before.config);
    await store.update(file, renderStatistics({ ...statistics, tables: [{ ...users, rows: 5 }] }));
    expect(rows()).toBe(5);
    files.texts.delete(file);
    await store.update(file, undefined);
    expect(rows()).toBeUndefined();
  });

  test("reads the file that the setting names, and says so where there is none", async () => {
    const named = "ops/production.json";
    const { project } = await open({ [`/w/${named}`]: renderStatistics(statistics), [file]: "{}" }, named);
    expect([sizeOf(project(), { name: "users" })?.rows, project().problems]).toEqual([12_400_000, []]);
    const lost = await open({}, named);
    expect(lost.project().problems).toMatchObject([{ code: "statistics", file: `/w/${named}` }]);
  });

  test("says what is wrong with the file, and does without it", async () => {
    const { project } = await open({ [file]: "{" });
    expect(project().problems).toMatchObject([
      { code: "statistics", file, message: expect.stringMatching(/not valid JSON/) as unknown },
    ]);
    expect(project().history.heads).toEqual(["a"]);
    expect(sizeOf(project(), { name: "users" })).toBeUndefined();
  });
});

describe("a statistics file", () => {
  test("is read as it was written", () => {
    expect(parseStatistics(renderStatistics(statistics))).toEqual(statistics);
  });

  test.each<[string, unknown, string]>([
    ["nothing of it", null, "The file must be an object. `retort stats` writes this file."],
    [
      "another version",
      { ...statistics, version: 2 },
      '"version" must be 1: another version of Retort wrote this file. `retort stats` writes this file.',
    ],
    [
      "rows in words",
      { ...statistics, tables: [users, { ...users, rows: "many" }] },
      '"tables.1.rows" must be a whole number. `retort stats` writes this file.',
    ],
    [
      "a negative size",
      { ...statistics, tables: [{ ...users, tableBytes: -1 }] },
      '"tables.0.tableBytes" must not be negative. `retort stats` writes this file.',
    ],
    [
      "a missing size",
      { ...statistics, tables: [{ ...users, indexBytes: undefined }] },
      '"tables.0.indexBytes" is missing. `retort stats` writes this file.',
    ],
    [
      "no date",
      { ...statistics, takenAt: "yesterday" },
      '"takenAt" must be a moment in ISO 8601 (2026-11-20T09:30:00Z). `retort stats` writes this file.',
    ],
  ])("with %s is refused in one sentence", (_what, value, problem) => {
    expect(parseStatistics(JSON.stringify(value))).toEqual({ problem });
  });
});

/** One value of it, anywhere, in place of what is right. */
const damaged = fc
  .record({
    path: fc.constantFrom<readonly string[]>(
      ...["version", "takenAt", "server", "database", "defaultSchema", "countedSince", "sizes", "tables"].map((key) => [
        key,
      ]),
      ...["schema", "name", "kind", "rows", "tableBytes", "indexBytes", "toastBytes", "writes"].map((key) => [
        "tables",
        "0",
        key,
      ]),
      ["server", "dialect"],
      ["tables", "0", "writes", "updated"],
      ["tables", "0"],
    ),
    value: fc.constantFrom<unknown>(
      1,
      0,
      -1,
      1.5,
      "",
      "x",
      null,
      [],
      {},
      undefined,
      "2026-11-20T09:30:00.000Z",
      "estimated",
    ),
  })
  .map(({ path, value }) => {
    const copy = structuredClone(statistics) as unknown as Record<string, unknown>;
    const last = path.at(-1) ?? "";
    let at: Record<string, unknown> = copy;
    for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
    at[last] = value;
    return JSON.parse(JSON.stringify(copy)) as unknown;
  });

test("the schema that editors know takes what the reader takes, and nothing else", () => {
  const schema = JSON.parse(readFileSync("schemas/statistics.schema.json", "utf8")) as object;
  const isValid = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
  expect(isValid(statistics)).toBe(true);
  const seen = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(damaged, (document) => {
      const taken = !("problem" in parseStatistics(JSON.stringify(document)));
      expect(isValid(document), JSON.stringify(document)).toBe(taken);
      seen[taken ? "taken" : "refused"]++;
    }),
    { numRuns: 500 },
  );
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(10);
});

test.each([
  [0, "0"],
  [999, "999"],
  [12_400, "12,400"],
  [999_499, "999,499"],
  [999_500, "1 million"],
  [12_400_000, "12.4 million"],
  [999_400_000, "999 million"],
  [999_500_000, "1 billion"],
  [12_345_678_900_000, "12,346 billion"],
])("a count of %d reads %s", (count, text) => {
  expect(renderCount(count)).toBe(text);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [8192, "8 kB"],
  [3_328_599_654, "3.1 GB"],
  [1023 * 1024 ** 3, "1 TB"],
  [5000 * 1024 ** 4, "5,000 TB"],
])("%d bytes read %s", (bytes, text) => {
  expect(renderBytes(bytes)).toBe(text);
});

test("a size tells rows, bytes and the day; what was never counted is said so", () => {
  const size = {
    rows: 12_400_000,
    bytes: 3_328_599_654,
    tableBytes: 0,
    indexBytes: 0,
    toastBytes: 0,
    writesPerDay: undefined,
    takenAt: "2026-11-20T09:30:00.000Z",
  };
  expect(renderSize(size)).toBe("12.4 million rows, 3.1 GB (of 2026-11-20)");
  expect(renderSize({ ...size, rows: undefined })).toBe("rows never counted, 3.1 GB (of 2026-11-20)");
  expect(renderSize({ ...size, rows: 1 })).toBe("1 row, 3.1 GB (of 2026-11-20)");
});
