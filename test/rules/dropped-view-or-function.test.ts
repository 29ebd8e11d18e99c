import { expect, test } from "vitest";
import { droppedViewOrFunction as rule } from "../../server/src/rules/dropped-view-or-function.ts";
import { allows, findsIn, says } from "../support/cases.ts";

test("names it", async () => {
  expect(await says(rule, `op.execute("DROP VIEW app.active")\n`)).toEqual([
    'Code that still reads the view "app.active" fails once this has run.',
  ]);
  expect(await says(rule, `op.execute("DROP FUNCTION slug(text)")\n`)).toEqual([
    'Code that still calls the function "slug" fails once this has run.',
  ]);
});

test("a table under the name of a view is as good for readers", () =>
  allows(rule, `op.execute("DROP VIEW active")\nop.create_table("active", sa.Column("id", sa.Integer()))\n`));

test("a downgrade is not judged", () =>
  allows(rule, `def upgrade():\n    pass\n\n\ndef downgrade():\n    op.execute("DROP VIEW active")\n`));

test("an aggregate that is made anew is no loss", async () => {
  const drop = `op.execute("DROP AGGREGATE IF EXISTS gathered(anyarray)")\n`;
  const create = `op.execute("CREATE AGGREGATE gathered (anycompatiblearray) (sfunc = array_cat, stype = anycompatiblearray, initcond = '{}')")\n`;
  await allows(rule, drop + create);
  expect(await findsIn(rule, drop)).toHaveLength(1);
});
