import { expect, test } from "vitest";
import { loggedUnlogged as rule } from "../../server/src/rules/logged-unlogged.ts";
import { allows, says } from "../support/cases.ts";

test("names the table and the kind", async () => {
  expect(await says(rule, `op.execute("ALTER TABLE sessions SET UNLOGGED")\n`)).toEqual([
    'SET UNLOGGED writes "sessions" anew, and nobody can read or write sessions meanwhile.',
  ]);
  expect(await says(rule, `op.execute("ALTER TABLE sessions SET LOGGED")\n`)).toEqual([
    'SET LOGGED writes "sessions" anew, and nobody can read or write sessions meanwhile.',
  ]);
});

test("a table that is logged already is left as it is", () =>
  allows(
    rule,
    `-- versions/0001_a.py --
op.execute("CREATE TABLE sessions (id int)")
-- versions/0002_b.py --
op.execute("ALTER TABLE sessions SET LOGGED")
`,
  ));
