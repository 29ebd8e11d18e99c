import { expect, test } from "vitest";
import { droppedNotNull as rule } from "../../server/src/rules/dropped-not-null.ts";
import { allows, says } from "../support/cases.ts";

test("names the column", async () => {
  expect(await says(rule, `op.alter_column("users", "a", existing_nullable=False, nullable=True)\n`)).toEqual([
    '"users.a" may be NULL from now on, and code that still runs was written for a value.',
  ]);
});

test("a column that the upgrade has made is read by nobody", () =>
  allows(
    rule,
    `op.add_column("users", sa.Column("a", sa.Text(), nullable=False))\nop.alter_column("users", "a", nullable=True)\n`,
  ));
