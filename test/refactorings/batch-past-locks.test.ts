import { describe, expect, test } from "vitest";
import { batchPastLocks as batch } from "../../server/src/refactorings/batch-past-locks.ts";
import { refactors, refuses } from "../support/cases.ts";
import { givenTable } from "./upgrades.ts";

const sql = (text: string): string => `${givenTable}op.execute(${JSON.stringify(text)})<|>\n`;

test("what is free is changed first, and what was left out in the end", async () => {
  const made = await refactors(batch, sql("UPDATE t AS x SET a = b WHERE x.a IS NULL;"));
  const [upgrade = ""] = made.parts.map(({ text }) => text);
  expect(upgrade)
    .toContain(`"""WITH free_rows AS (SELECT x.id FROM t AS x WHERE (x.a IS NULL) AND x.id >= :low AND x.id < :high FOR UPDATE SKIP LOCKED),
changed_rows AS (UPDATE t AS x SET a = b WHERE (x.a IS NULL) AND x.id IN (SELECT id FROM free_rows) RETURNING 1)
SELECT (SELECT count(*) FROM t AS x WHERE (x.a IS NULL) AND x.id >= :low AND x.id < :high), (SELECT count(*) FROM changed_rows)"""`);
  expect(upgrade).toMatch(/if rows < found:\n +waiting\.append\(\(is_last, bounds\)\)/);
  expect(upgrade).toMatch(
    /for number, \(is_last, bounds\) in enumerate\(waiting, 1\):\n[^\n]+last_batch if is_last else batch/,
  );
  expect(made.title).toBe("Change the rows in batches past locked ones");
});

describe("is refused", () => {
  test.each<[string, string, RegExp]>([
    ["where rows are copied", sql("INSERT INTO t (id) SELECT id FROM t ON CONFLICT DO NOTHING"), /waits for no row/],
    [
      "for a construct of SQLAlchemy",
      `${givenTable}t = sa.table("t", sa.column("a"))\nop.execute(t.update().values(a=None))<|>\n`,
      /construct of SQLAlchemy/,
    ],
    ["where its own names are taken", sql("UPDATE t SET a = free_rows"), /uses the names/],
    ["where it cannot be run twice", sql("UPDATE t SET a = a || b"), /another value when it is set again/],
  ])("%s", (_, body, reason) => refuses(batch, body, reason));
});
