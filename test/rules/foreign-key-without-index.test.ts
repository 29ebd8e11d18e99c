import { describe, test } from "vitest";
import { foreignKeyWithoutIndex as rule } from "../../server/src/rules/foreign-key-without-index.ts";
import { allows, flags } from "../support/cases.ts";

describe("finds", () => {
  test("a column of a new table", () =>
    flags(
      rule,
      `
op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))
   ^^^^^^^^^^^^ information: No index of orders starts with user_id: each DELETE in the table that the foreign key points at reads all of orders.
`,
    ));
  test("a foreign key that is added, of two columns", () =>
    flags(
      rule,
      `
op.create_table("orders", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()))
op.create_foreign_key("fk", "orders", "t", ["a", "b"], ["a", "b"])
   ^^^^^^^^^^^^^^^^^^ information: No index of orders starts with one of a, b: each DELETE in the table that the foreign key points at reads all of orders.
`,
    ));
});

describe("allows", () => {
  test.each([
    [
      "an index over one of two columns",
      `op.create_table("orders", sa.Column("a", sa.Integer(), index=True), sa.Column("b", sa.Integer()), sa.ForeignKeyConstraint(["b", "a"], ["t.b", "t.a"]))
`,
    ],
    [
      "a unique constraint",
      `op.create_table("orders", sa.Column("a", sa.Integer(), sa.ForeignKey("t.id"), unique=True))
`,
    ],
    [
      "a table that goes again",
      `-- versions/0001_a.py --
op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))
-- versions/0002_b.py --
op.drop_table("orders")
`,
    ],
    [
      "a table that something unread has touched",
      `-- versions/0001_a.py --
op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))
-- versions/0002_b.py --
op.execute(text_of("orders"))
`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});
