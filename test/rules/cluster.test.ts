import { expect, test } from "vitest";
import { cluster as rule } from "../../server/src/rules/cluster.ts";
import { allows, says } from "../support/cases.ts";

test("names the table", async () => {
  expect(await says(rule, `op.execute("CLUSTER events USING ix")\n`)).toEqual([
    'CLUSTER writes "events" anew, and nobody can read or write events meanwhile.',
  ]);
});

test("a table of its own has no readers", () =>
  allows(rule, `op.execute("CREATE TABLE t (id int)")\nop.execute("CLUSTER t USING ix")\n`));
