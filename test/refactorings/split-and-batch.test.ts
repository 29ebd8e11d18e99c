import { expect, test } from "vitest";
import { splitAndBatch as both } from "../../server/src/refactorings/split-and-batch.ts";
import { exampleSource, ignores, refactors, refuses } from "../support/cases.ts";
import { givenTable, upgradesOf } from "./upgrades.ts";

test("only the data part is in batches", async () => {
  const [example] = both.examples;
  if (!example) throw new Error("no example");
  const made = await refactors(both, exampleSource(example));
  expect(made.parts.map(({ name }) => name)).toEqual(["expand", "backfill", "contract"]);
  expect(made.parts.map(({ text }) => text.includes("BATCH_SIZE"))).toEqual([false, true, false]);
  expect(made.parts.map(({ text }) => text.includes("import logging"))).toEqual([false, true, false]);
  expect(made.title).toBe("Split into expand, backfill and contract revisions, and change the rows in batches");
});

test("several statements of one part are each in batches", async () => {
  const [, backfill] = upgradesOf(
    await refactors(
      both,
      `${givenTable}op.add_column("t", sa.Column("c", sa.Integer()))\nop.execute("UPDATE t SET c = a")\nop.execute("DELETE FROM t WHERE c > 3")\n`,
    ),
  );
  expect(backfill?.match(/autocommit_block/g)).toHaveLength(2);
});

test("is refused with the reason of either half", async () => {
  const add = `op.add_column("t", sa.Column("c", sa.Integer()))\n`;
  await refuses(both, `${givenTable}${add}op.execute("UPDATE t SET a = a + 1")\n`, /a is set to/);
  await refuses(
    both,
    `${givenTable}${add}op.bulk_insert(sa.table("t", sa.column("c")), [{"c": 1}])\nop.execute("UPDATE t SET c = a")\n`,
    /would be committed by the batches of the backfill part/,
  );
});

test("is not offered where nothing is mixed, or nothing is large", async () => {
  await ignores(both, `${givenTable}op.execute("UPDATE t SET b = a")\n`);
  await ignores(
    both,
    `${givenTable}op.add_column("t", sa.Column("c", sa.Integer()))\nop.create_index("ix", "t", ["c"])\n`,
  );
});
