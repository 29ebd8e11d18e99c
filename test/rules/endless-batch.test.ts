import { describe, expect, test } from "vitest";
import { endlessBatch as rule } from "../../server/src/rules/endless-batch.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";

describe("finds", () => {
  test("and says which rows stay", () =>
    flags(
      rule,
      `while True:\n` +
        marked(
          `    result = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 100)"))`,
          `UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 100)`,
          `error: A row with NULL in t.a keeps NULL in t.b, so this loop takes it again and again and never ends.`,
        ) +
        `    if result.rowcount == 0:\n        break\n`,
    ));
  test.each([
    [
      "a concatenation",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a || ' ' || c WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "arithmetic",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a * 100 WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a strict function",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = lower(a) WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "the test outside as well",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a * 100 WHERE b IS NULL AND id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "rows that are locked and skipped",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9 FOR UPDATE SKIP LOCKED) RETURNING id"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a size that is bound",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT :n)"), {"n": 5})\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a choice that does not look",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = 1 WHERE id IN (SELECT id FROM t LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "one of two columns",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = coalesce(c, a) WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a column that the replay knows may be NULL",
      `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL, b text, c text)")\n-- versions/0002_b.py --\nwhile True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = c WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    [
      "a constant",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = 'x' WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a value that is never NULL",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = coalesce(a, '') WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "concat_ws",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = concat_ws(' ', a, c) WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a choice without NULL",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL AND a IS NOT NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a column that is NOT NULL",
      `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL, b text, c text)")\n-- versions/0002_b.py --\nwhile True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a function that is not known",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = app_slug(a) WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a walk along the key",
      `last = 0\nwhile True:\n    rows = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE id > :last ORDER BY id LIMIT 9) RETURNING id"), {"last": last}).all()\n    if not rows:\n        break\n    last = rows[-1].id`,
    ],
    [
      "a DELETE",
      `while True:\n    result = op.get_bind().execute(sa.text("DELETE FROM t WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    ["no loop", `op.execute("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)")`],
    [
      "a second column that is set as well",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a, c = 'done' WHERE id IN (SELECT id FROM t WHERE b IS NULL AND c IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "rows of another table",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = 1 WHERE id IN (SELECT t_id FROM queue LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});
