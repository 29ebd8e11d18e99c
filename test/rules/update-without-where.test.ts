import { describe, expect, test } from "vitest";
import { updateWithoutWhere as rule } from "../../server/src/rules/update-without-where.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const users = `users = sa.table("users", sa.column("id"), sa.column("role"), sa.column("old_role"))\n`;

describe("finds an UPDATE of every row", () => {
  test("and says which columns it overwrites", () =>
    flags(
      rule,
      `
op.execute("UPDATE users SET role = 'member', level = 1")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: This UPDATE has no WHERE: it overwrites users.role, users.level in every row.
`,
    ));

  test.each([
    ["SQL through a connection", `op.get_bind().execute(sa.text("UPDATE users SET role = 'member'"))`],
    ["a table expression", `${users}op.execute(users.update().values(role="member"))`],
    [
      "a table expression through a connection",
      `${users}op.get_bind().execute(sa.update(users).values(role="member"))`,
    ],
    [
      "a batch block",
      `with op.batch_alter_table("users") as batch:\n    batch.execute("UPDATE users SET role = 'member'")`,
    ],
    [
      "a query of the ORM",
      `class User(Base):\n    __tablename__ = "users"\n    role = sa.Column(sa.String)\n\n\ndef upgrade():\n    sa.orm.Session(bind=op.get_bind()).query(User).update({"role": "member"})`,
    ],
  ])("in %s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });

  test("where only one of its columns is new", () =>
    flags(
      rule,
      `
op.add_column("users", sa.Column("level", sa.Integer()))
op.execute("UPDATE users SET role = 'member', level = 1")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: *
`,
    ));

  test("in a downgrade, one severity milder", () =>
    flags(
      rule,
      `
def upgrade():
    pass

def downgrade():
    op.execute("UPDATE users SET role = NULL")
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: This UPDATE has no WHERE: it overwrites users.role in every row.
`,
    ));
});

describe("is silent about", () => {
  const add = `op.add_column("users", sa.Column("role", sa.String(20)))\n`;
  const fill = `op.execute("UPDATE users SET role = 'member'")\n`;
  test("a column that was added just above", () => allows(rule, add + fill));
  test("a column that a revision shortly before has added", () =>
    allows(
      rule,
      `-- versions/0001_a.py --\n${add}-- versions/0002_b.py --\nop.create_index("ix", "users", ["id"])\n-- versions/0003_c.py --\n${fill}`,
    ));
  test("the way back of such a fill", () =>
    allows(
      rule,
      `-- versions/0001_a.py --\n${add}-- versions/0002_b.py --\ndef upgrade():\n    ${fill}\n\ndef downgrade():\n    op.execute("UPDATE users SET role = NULL")\n`,
    ));
  test("the way back of a column that a newer revision drops", () =>
    allows(
      rule,
      `-- versions/0001_a.py --\ndef upgrade():\n    pass\n\ndef downgrade():\n    ${fill}-- versions/0002_b.py --\ndef upgrade():\n    op.drop_column("users", "role")\n\ndef downgrade():\n    ${add}`,
    ));
  test.each([
    ["a condition", `op.execute("UPDATE users SET role = 'member' WHERE role = 'user'")`],
    ["a condition of a table expression", `${users}op.execute(users.update().where(users.c.id == 1).values(role="x"))`],
    ["a condition that is not known", `op.execute("UPDATE users SET role = 'member' " + condition())`],
    ["a new value made of the old one", `op.execute("UPDATE users SET email = lower(email)")`],
    ["a join", `op.execute("UPDATE users SET role = 'x' FROM teams WHERE teams.owner_id = users.id")`],
    ["the version table", `op.execute("UPDATE alembic_version SET version_num = 'x'")`],
    ["a temporary table", `op.execute("CREATE TEMP TABLE t (a int)")\nop.execute("UPDATE t SET a = 1")`],
    [
      "the body of a function",
      `op.execute("CREATE FUNCTION f() RETURNS void AS $$ UPDATE users SET role = 'x' $$ LANGUAGE sql")`,
    ],
    [
      "another dialect's branch",
      `if op.get_bind().dialect.name == "mysql":\n    op.execute("UPDATE users SET role = 'x'")`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`));

  test("a column added long before is not new", async () => {
    const between = Array.from(
      { length: 10 },
      (__, i) =>
        `-- versions/${String(i + 2).padStart(4, "0")}_x.py --\nop.create_index("ix${String(i)}", "users", ["id"])\n`,
    );
    expect(
      await findsIn(rule, `-- versions/0001_a.py --\n${add}${between.join("")}-- versions/0012_c.py --\n${fill}`),
    ).toHaveLength(1);
  });

  test("that a column goes later does not make it new", async () => {
    const found = await findsIn(
      rule,
      `-- versions/0001_a.py --\n${fill}-- versions/0002_b.py --\ndef upgrade():\n    op.drop_column("users", "role")\n\ndef downgrade():\n    ${add}`,
    );
    expect(found).toHaveLength(1);
  });
});
