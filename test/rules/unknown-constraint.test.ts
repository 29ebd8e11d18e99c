import { describe, expect, test } from "vitest";
import { unknownConstraint as rule } from "../../server/src/rules/unknown-constraint.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const users = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("age", sa.Integer(), unique=True))
op.create_index("ix_users_age", "users", ["age"])
`;
const second = (body: string): string => `${users}-- versions/0002_case.py --\n${body}\n`;

describe("finds", () => {
  test("a constraint that has another name, and names the nearest", () =>
    flags(
      rule,
      second(`op.drop_constraint("users_age_uniq", "users", type_="unique")
   ^^^^^^^^^^^^^^^ error: Drops users_age_uniq of users, a constraint that does not exist at this point; did you mean "users_age_key"?`),
    ));

  test("an index that has gone", () =>
    flags(
      rule,
      `${second(`op.drop_index("ix_users_age", table_name="users")`)}-- versions/0003_again.py --
op.drop_index("ix_users_age", table_name="users")
   ^^^^^^^^^^ error: Drops ix_users_age, an index that does not exist at this point: revision 0002 has taken it away.
`,
    ));

  test.each([
    ["a rename of a constraint", `op.execute("ALTER TABLE users RENAME CONSTRAINT a TO b")`],
    ["a rename of an index", `op.execute("ALTER INDEX ix_users_old RENAME TO ix_users_new")`],
    [
      "a drop in a batch block",
      `with op.batch_alter_table("users") as batch:\n    batch.drop_constraint("fk_users", type_="foreignkey")`,
    ],
    ["a check of a table without booleans", `op.drop_constraint("ck_users", "users", type_="check")`],
  ])("%s", async (_, body) => {
    expect(await findsIn(rule, second(body))).toHaveLength(1);
  });
});

describe("allows", () => {
  test.each([
    ["the name that PostgreSQL gave", `op.drop_constraint("users_age_key", "users", type_="unique")`],
    ["a drop with IF EXISTS", `op.drop_index("ix_users_mail", if_exists=True)`],
    ["a constraint of a table made elsewhere", `op.drop_constraint("uq_teams", "teams")`],
    [
      "a name that op.f() cuts alike both times",
      `op.create_index(op.f("ix_${"x".repeat(80)}"), "users", ["id"])\nop.drop_index(op.f("ix_${"x".repeat(80)}"))`,
    ],
  ])("%s", (_, body) => allows(rule, second(body)));

  test("the index that a foreign key made on MySQL", () =>
    allows(
      rule,
      `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("t", sa.Integer(), sa.ForeignKey("teams.id", name="fk")))
op.drop_index("t", table_name="users")
`,
      { dialect: "mysql" },
    ));

  test("the constraints of a table with one whose name is not known", () =>
    allows(
      rule,
      `-- env.py --
from alembic import context
import models

context.configure(target_metadata=models.metadata)
${second(`op.drop_constraint("users_age_uniq", "users", type_="unique")`)}`,
    ));
});

describe("an index that is renamed", () => {
  const made = (more: string): string => `-- env.py --
from alembic import context
from shop.models import Base
context.configure(${more}transaction_per_migration=True)
-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.PrimaryKeyConstraint("id"))
-- versions/0002_rename.py --
op.rename_table("users", "people")
op.execute("ALTER INDEX users_key RENAME TO people_key")
`;
  test("may be that of a key whose name is not known", () => allows(rule, made("target_metadata=Base.metadata, ")));
  test("is none where all names are known", async () => {
    expect(await findsIn(rule, made(""))).toHaveLength(1);
    expect(await findsIn(rule, made("").replace("users_key", "users_pkey"))).toEqual([]);
  });
});
