import { test } from "vitest";
import { renamedTable as rule } from "../../server/src/rules/renamed-table.ts";
import { allows, flags } from "../support/cases.ts";

test("names both", () =>
  flags(
    rule,
    `
op.rename_table("users", "people")
   ^^^^^^^^^^^^ warning: Code that still says "users" fails once this has run, and code that says "people" fails before.
`,
  ));

test("a view of the old name lets the old code go on; one of another name does not", async () => {
  await allows(rule, `op.rename_table("users", "people")\nop.execute("CREATE VIEW users AS SELECT * FROM people")\n`);
  await flags(
    rule,
    `
op.rename_table("users", "people")
   ^^^^^^^^^^^^ warning: *
op.execute("CREATE VIEW members AS SELECT * FROM people")
`,
  );
});
