import { expect, test } from "vitest";
import { truncate as rule } from "../../server/src/rules/truncate.ts";
import { allows, says } from "../support/cases.ts";

const made = `-- versions/0001_a.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("u", sa.Integer(), sa.ForeignKey("users.id")))
op.create_table("items", sa.Column("o", sa.Integer(), sa.ForeignKey("orders.id")))
-- versions/0002_b.py --
`;

test("names the tables that CASCADE empties, at every level", async () => {
  expect(await says(rule, `${made}op.execute("TRUNCATE users CASCADE")\n`)).toEqual([
    'All rows of "users" are gone, by CASCADE those of "orders" and "items" as well, and nobody can read or write items, orders or users until the transaction ends.',
  ]);
});

test("names all that are emptied, but for the revision's own", async () => {
  expect(await says(rule, `op.execute("CREATE TABLE t (id int)")\nop.execute("TRUNCATE t, a, b")\n`)).toEqual([
    'All rows of "a" and "b" are gone, and nobody can read or write a or b until the transaction ends.',
  ]);
});

test("a temporary table is nobody else's", () =>
  allows(rule, `op.execute("CREATE TEMP TABLE t (id int)")\nop.execute("TRUNCATE t")\n`));
