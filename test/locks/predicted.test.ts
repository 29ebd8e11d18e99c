/** What is predicted of each row is what the servers showed; `test/database/locks-measured.test.ts` measures them again. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { differences } from "../../scripts/locks/compare.ts";
import { predict } from "../../scripts/locks/predicted.ts";
import { keyOf, type Row } from "../../scripts/locks/row.ts";
import { allRows, families } from "../../scripts/locks/rows/index.ts";
import { seenBy, type Stored } from "../../scripts/locks/stored.ts";
import { postgresVersions } from "../../server/src/locks/impact.ts";

const file = path.join(import.meta.dirname, "..", "..", "scripts", "locks", "measured.json");
const measured = JSON.parse(readFileSync(file, "utf8")) as Stored;

describe("the rows and their measurements", () => {
  test("each row has one for every version, and no other has any", () => {
    const keys = allRows.map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
    expect(Object.keys(measured).sort()).toEqual([...keys].sort());
    for (const key of keys)
      for (const version of postgresVersions)
        expect(seenBy(measured, key, version), `${key} on ${version}`).toBeDefined();
  });

  test("what no server takes is no row", () => {
    const refused = allRows.filter((row) =>
      postgresVersions.every((version) => "error" in (seenBy(measured, keyOf(row), version) ?? { error: "" })),
    );
    expect(refused).toEqual([]);
  });
});

const compare = (row: Row): readonly string[] =>
  postgresVersions.flatMap((version) => {
    const seen = seenBy(measured, keyOf(row), version);
    if (seen === undefined || "error" in seen) return [];
    const predicted = predict(row, version);
    if (predicted === undefined) return row.untold === undefined ? [`${version}: nothing predicted`] : [];
    if (row.untold !== undefined) return [`${version}: something predicted`];
    return differences(predicted, seen).map((difference) => `${version}: ${difference}`);
  });

describe.each(families.map(({ title, rows }) => [title, rows] as const))("%s", (_, rows) => {
  test.each(rows.map((row) => [keyOf(row), row] as const))("%s", (_key, row) => {
    expect(compare(row)).toEqual([]);
  });
});

test("where the SQL and the schema tell all, the prediction is certain", () => {
  const likely = allRows.filter((row) => predict(row, 18)?.confidence === "likely");
  expect(likely.length / allRows.length).toBeLessThan(0.06);
});
