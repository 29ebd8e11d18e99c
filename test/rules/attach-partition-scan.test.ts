import { expect, test } from "vitest";
import { attachPartitionScan as rule } from "../../server/src/rules/attach-partition-scan.ts";
import { allows, says } from "../support/cases.ts";

const given = (check: string, attach: string): string => `-- versions/0001_a.py --
op.execute("CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind)")
op.execute("CREATE TABLE events_1 (id int, kind int${check})")
-- versions/0002_b.py --
op.execute("ALTER TABLE events ATTACH PARTITION events_1 ${attach}")
`;

test("names the table that is read", async () => {
  expect(await says(rule, given("", "FOR VALUES IN (1)"))).toEqual([
    'All of "events_1" is read to see that its rows fit the partition, and nobody can read or write events_1 meanwhile: no validated CHECK proves it.',
  ]);
});

test("with a validated CHECK nothing is said", () => allows(rule, given(", CHECK (kind = 1)", "FOR VALUES IN (1)")));

test("the first partition takes any row as the default one", () => allows(rule, given("", "DEFAULT")));
