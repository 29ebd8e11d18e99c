import { expect, test } from "vitest";
import { setTablespace as rule } from "../../server/src/rules/set-tablespace.ts";
import { allows, says } from "../support/cases.ts";

test("names the table", async () => {
  expect(await says(rule, `op.execute("ALTER TABLE events SET TABLESPACE fast")\n`)).toEqual([
    'SET TABLESPACE copies "events", and nobody can read or write events meanwhile.',
  ]);
});

test("an index is none", () => allows(rule, `op.execute("ALTER INDEX ix SET TABLESPACE fast")\n`));
