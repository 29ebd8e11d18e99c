import { expect, test } from "vitest";
import { vacuumFull as rule } from "../../server/src/rules/vacuum-full.ts";
import { allows, says } from "../support/cases.ts";

test("names the table, in a transaction or not", async () => {
  const message = 'VACUUM FULL writes "users" anew, and nobody can read or write users meanwhile.';
  expect(await says(rule, `op.execute("VACUUM FULL users")\n`)).toEqual([message]);
  expect(await says(rule, `with op.get_context().autocommit_block():\n    op.execute("VACUUM FULL users")\n`)).toEqual([
    message,
  ]);
});

test("all tables at once are nobody's in particular", () => allows(rule, `op.execute("VACUUM FULL")\n`));
