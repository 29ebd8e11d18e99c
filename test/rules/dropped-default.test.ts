import { expect, test } from "vitest";
import { droppedDefault as rule } from "../../server/src/rules/dropped-default.ts";
import { allows, says } from "../support/cases.ts";

test("tells a column that the upgrade adds from an old one", async () => {
  expect(
    await says(
      rule,
      `op.add_column("users", sa.Column("a", sa.Text(), nullable=False, server_default="x"))\nop.alter_column("users", "a", server_default=None)\n`,
    ),
  ).toEqual([
    'INSERTs of code that does not know "users.a" yet fail once this has run: it is NOT NULL and has no default any more.',
  ]);
  expect(
    await says(
      rule,
      `op.alter_column("users", "a", existing_nullable=False, existing_server_default="x", server_default=None)\n`,
    ),
  ).toEqual(['INSERTs that leave out "users.a" fail once this has run: it is NOT NULL and has no default any more.']);
});

test("a default that is dropped to be replaced, or with its column", async () => {
  const drop = `op.alter_column("users", "a", existing_nullable=False, existing_server_default="x", server_default=None)\n`;
  await allows(rule, `${drop}op.drop_column("users", "a")\n`);
  await allows(rule, `${drop}op.alter_column("users", "a", nullable=True)\n`);
  expect(await says(rule, `${drop}op.alter_column("users", "b", nullable=True)\n`)).toHaveLength(1);
});

test("a new table has no writers", () =>
  allows(
    rule,
    `op.create_table("t", sa.Column("a", sa.Text(), nullable=False, server_default="x"))\nop.alter_column("t", "a", server_default=None)\n`,
  ));
