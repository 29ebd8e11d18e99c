import { expect, test } from "vitest";
import { droppedSchema as rule } from "../../server/src/rules/dropped-schema.ts";
import { allows, says } from "../support/cases.ts";

test("names what the history knows to be in it", async () => {
  const made = `-- versions/0001_a.py --
op.execute("CREATE SCHEMA old")
op.create_table("a", sa.Column("id", sa.Integer()), schema="old")
op.create_table("b", sa.Column("id", sa.Integer()))
-- versions/0002_b.py --
`;
  expect(await says(rule, `${made}op.execute("DROP SCHEMA old CASCADE")\n`)).toEqual([
    'Code that still uses the schema "old" fails once this has run. With it goes "old.a", and whatever else is in it.',
  ]);
  expect(await says(rule, `${made}op.execute("DROP SCHEMA old")\n`)).toEqual([
    'Code that still uses the schema "old" fails once this has run.',
  ]);
});

test("a schema of its own is nobody else's", () =>
  allows(rule, `op.execute("CREATE SCHEMA s")\nop.execute("DROP SCHEMA s")\n`));
