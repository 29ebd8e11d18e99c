import { expect, test } from "vitest";
import { partitionedIndex as rule } from "../../server/src/rules/partitioned-index.ts";
import { allows, says } from "../support/cases.ts";

const given = (index: string, partitions = 2): string => `-- versions/0001_a.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
${Array.from({ length: partitions }, (_, i) => `op.execute("CREATE TABLE e${i} PARTITION OF events FOR VALUES IN (${i})")\n`).join("")}-- versions/0002_b.py --
${index}
`;

test("counts the partitions, and tells whom it keeps waiting", async () => {
  expect(await says(rule, given(`op.create_index("ix", "events", ["id"])`))).toEqual([
    'The index is built on all 2 partitions of "events", and nobody can write to e0, e1 or events until the transaction ends.',
  ]);
});

test("CONCURRENTLY is refused", async () => {
  expect(
    await says(
      rule,
      given(
        `with op.get_context().autocommit_block():\n    op.create_index("ix", "events", ["id"], postgresql_concurrently=True)`,
      ),
    ),
  ).toEqual(['PostgreSQL refuses to build an index CONCURRENTLY on "events", which is partitioned.']);
});

test("ON ONLY builds nothing, and an index of one partition is like any other", async () => {
  await allows(rule, given(`op.execute("CREATE INDEX ix ON ONLY events (id)")`));
  await allows(rule, given(`op.create_index("ix", "e0", ["id"])`));
});
