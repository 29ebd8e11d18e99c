import { expect, test } from "vitest";
import { setAccessMethod as rule } from "../../server/src/rules/set-access-method.ts";
import { allows, says } from "../support/cases.ts";

test("names the table", async () => {
  expect(await says(rule, `op.execute("ALTER TABLE events SET ACCESS METHOD columnar")\n`)).toEqual([
    'SET ACCESS METHOD writes "events" anew, and nobody can read or write events meanwhile.',
  ]);
});

test("a new table may have any", () =>
  allows(rule, `op.execute("CREATE TABLE t (id int)")\nop.execute("ALTER TABLE t SET ACCESS METHOD columnar")\n`));
