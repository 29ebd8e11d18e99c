import { expect, test } from "vitest";
import { droppedType as rule } from "../../server/src/rules/dropped-type.ts";
import { allows, says } from "../support/cases.ts";

const days = `-- versions/0001_a.py --
op.create_table("days", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))
-- versions/0002_b.py --
`;

test("names the columns that keep it from being dropped", async () => {
  expect(await says(rule, `${days}op.execute("DROP TYPE mood")\n`)).toEqual([
    'PostgreSQL refuses to drop the type "mood" while the column "days.mood" has it.',
  ]);
});

test("names a type of which nothing is known", async () => {
  expect(await says(rule, `op.execute("DROP TYPE address")\n`)).toEqual([
    'Code that still uses the type "address" fails once this has run.',
  ]);
});

test("once the column has gone, nothing is said", async () => {
  await allows(rule, `${days}op.drop_column("days", "mood")\nop.execute("DROP TYPE mood")\n`);
  await allows(rule, `op.drop_column("days", "mood")\nsa.Enum(name="mood").drop(op.get_bind())\n`);
});
