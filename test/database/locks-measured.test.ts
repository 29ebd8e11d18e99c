/** The measurements that the repository keeps, and that `docs/locks.md` shows, taken again from servers of all versions. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { measureAll } from "../../scripts/locks/measure-all.ts";
import { keyOf } from "../../scripts/locks/row.ts";
import { allRows } from "../../scripts/locks/rows/index.ts";
import { type Stored, toStored } from "../../scripts/locks/stored.ts";

const file = path.join(import.meta.dirname, "..", "..", "scripts", "locks", "measured.json");
const kept = JSON.parse(readFileSync(file, "utf8")) as Stored;

const scope = createScope();
let now: Stored = {};

beforeAll(async () => {
  now = toStored(await measureAll(scope));
}, 600_000);

afterAll(() => scope.close());

test.each(allRows.map(keyOf))("%s", (key) => {
  expect(now[key]).toEqual(kept[key]);
});
