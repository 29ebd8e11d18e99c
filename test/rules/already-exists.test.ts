import { describe, expect, test } from "vitest";
import { alreadyExists as rule } from "../../server/src/rules/already-exists.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const users = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("shops", sa.Column("id", sa.Integer(), primary_key=True))
`;

const second = (body: string): string => `${users}-- versions/0002_case.py --\n${body}\n`;

describe("finds", () => {
  test("a table made twice, and says who made it", () =>
    flags(
      rule,
      second(`op.create_table("users", sa.Column("id", sa.Integer()))
   ^^^^^^^^^^^^ error: Creates users, a table that exists at this point: revision 0001 has made it.`),
    ));

  test("a column added twice in one revision", () =>
    flags(
      rule,
      second(`op.add_column("users", sa.Column("age", sa.Integer()))
op.add_column("users", sa.Column("age", sa.Integer()))
   ^^^^^^^^^^ error: Adds users.age, a column that exists at this point: this revision has made it already.`),
    ));

  test.each([
    ["SQL", `op.execute("ALTER TABLE users ADD COLUMN email text")`],
    [
      "a batch block",
      `with op.batch_alter_table("users") as batch:\n    batch.add_column(sa.Column("email", sa.String()))`,
    ],
    ["a renamed table", `op.rename_table("users", "teams")`],
    ["a renamed column", `op.alter_column("users", "id", new_column_name="email")`],
    [
      "a constraint",
      `op.create_unique_constraint("uq", "users", ["id"])\nop.create_unique_constraint("uq", "users", ["email"])`,
    ],
    ["a type", `op.execute("CREATE TYPE mood AS ENUM ('a')")\nop.execute("CREATE TYPE mood AS ENUM ('b')")`],
  ])("%s", async (_, body) => {
    expect(await findsIn(rule, second(body))).toHaveLength(1);
  });
});

describe("allows", () => {
  test.each([
    ["what was dropped before", `op.drop_table("users")\nop.create_table("users", sa.Column("id", sa.Integer()))`],
    ["IF NOT EXISTS", `op.create_table("users", sa.Column("id", sa.Integer()), if_not_exists=True)`],
    [
      "what a helper may have dropped",
      `drop_all(op.get_bind())\nop.create_table("users", sa.Column("id", sa.Integer()))`,
    ],
    [
      "two arms of a test",
      `if flag():\n    op.add_column("users", sa.Column("age", sa.Integer()))\nelse:\n    op.add_column("users", sa.Column("age", sa.String()))`,
    ],
    [
      "arms for two dialects",
      `if op.get_bind().dialect.name == "postgresql":\n    op.add_column("users", sa.Column("age", sa.Integer()))\nelse:\n    op.add_column("users", sa.Column("age", sa.String()))`,
    ],
    ["the same column of another table", `op.add_column("teams", sa.Column("email", sa.String()))`],
    [
      "a table swapped for a new one",
      `op.create_table("users_new", sa.Column("id", sa.Integer()))\nop.drop_table("users")\nop.rename_table("users_new", "users")`,
    ],
  ])("%s", (_, body) => allows(rule, second(body)));
});

describe("an index of the name on another table", () => {
  const twice = `op.create_table("a", sa.Column("x", sa.Integer()))
op.create_table("b", sa.Column("x", sa.Integer()))
op.create_index("ix", "a", ["x"])
op.create_index("ix", "b", ["x"])
`;

  test.each(["postgresql", "sqlite"] as const)("is in the way on %s", async (dialect) => {
    expect(await findsIn(rule, twice, { dialect })).toEqual([expect.stringContaining("Creates ix on b")]);
  });

  test("is not on MySQL, whose names of indexes belong to tables", () => allows(rule, twice, { dialect: "mysql" }));

  test("is not in another schema, nor once it is dropped", async () => {
    await allows(rule, twice.replace('"b", ["x"]', '"b", ["x"], schema="s"').replace('"b", sa.', '"b", sa.'));
    await allows(rule, twice.replace('op.create_index("ix", "b"', 'op.drop_index("ix")\nop.create_index("ix", "b"'));
  });
});

test("a table that was renamed only under a condition may have kept its name, and its way back is not held to it", () =>
  allows(
    rule,
    `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_rename.py --
from shop.migration import is_old
def upgrade():
    if is_old(op):
        return
    op.rename_table("users", "people")

def downgrade():
    op.rename_table("people", "users")
`,
  ));

test("a rename to the name of a table that is there for certain fails", async () => {
  const two = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("people", sa.Column("id", sa.Integer(), primary_key=True))
-- versions/0002_rename.py --
op.rename_table("users", "people")
`;
  expect(await findsIn(rule, two)).toHaveLength(1);
});
