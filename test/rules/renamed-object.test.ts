import { expect, test } from "vitest";
import { renamedObject as rule } from "../../server/src/rules/renamed-object.ts";
import { allows, says } from "../support/cases.ts";

test("names both", async () => {
  expect(await says(rule, `op.execute("ALTER SEQUENCE app.numbers RENAME TO counters")\n`)).toEqual([
    'Code that still names the sequence "app.numbers" fails once this has run, and code that names "counters" fails before.',
  ]);
});

test("a swap of two views keeps both names", () =>
  allows(
    rule,
    `op.execute("ALTER VIEW report RENAME TO report_old")\nop.execute("ALTER VIEW report_new RENAME TO report")\n`,
  ));

test("tables and columns are other rules'", () =>
  allows(rule, `op.rename_table("users", "people")\nop.alter_column("people", "a", new_column_name="b")\n`));
