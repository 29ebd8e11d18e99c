import { describe, expect, test } from "vitest";
import { unknownTable as rule } from "../../server/src/rules/unknown-table.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const users = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("shops", sa.Column("id", sa.Integer(), primary_key=True))
`;

const second = (body: string): string => `${users}-- versions/0002_case.py --\n${body}\n`;

describe("finds", () => {
  test("a table of no revision where the history makes all others, and names the nearest", () =>
    flags(
      rule,
      second(`op.add_column("user", sa.Column("age", sa.Integer()))
   ^^^^^^^^^^ error: Adds a column to user, a table that does not exist at this point; did you mean "users"?`),
    ));

  test("a table that an earlier revision has dropped, and which", () =>
    flags(
      rule,
      `${second(`op.drop_table("users")`)}-- versions/0003_again.py --
op.drop_table("users")
   ^^^^^^^^^^ error: Drops users, a table that does not exist at this point: revision 0002 has taken it away.
`,
    ));

  test("a table that only a later revision makes", () =>
    flags(
      rule,
      `${second(`op.create_foreign_key("fk", "users", "orders", ["id"], ["id"])
   ^^^^^^^^^^^^^^^^^^ error: create_foreign_key fk on users needs orders, a table that does not exist at this point: revision 0003 makes it, and runs later.`)}-- versions/0003_orders.py --
op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True))
`,
    ));

  test("a table under its old name in a data change of the same revision", async () => {
    const found = await findsIn(
      rule,
      second(`op.rename_table("users", "people")\nop.execute("UPDATE users SET id = 1")`),
    );
    expect(found).toEqual([
      expect.stringContaining(
        "UPDATE users needs users, a table that does not exist at this point: this revision has taken it away.",
      ),
    ]);
  });

  test("one that no revision makes and no name is like, where the operation is about it", async () => {
    expect(await findsIn(rule, second(`op.drop_column("subscriptions", "age")`))).toHaveLength(1);
  });

  test("in a downgrade, one severity milder", async () => {
    const found = await findsIn(
      rule,
      `${users}-- versions/0002_case.py --
def upgrade():
    op.drop_table("teams")


def downgrade():
    op.drop_table("teams")
`,
    );
    expect(found).toEqual([expect.stringMatching(/warning .* this revision has taken it away/)]);
  });
});

describe("allows", () => {
  test.each([
    [
      "what a framework brings and a foreign key names",
      second(`op.create_foreign_key("fk", "users", "ab_user", ["id"], ["id"])`),
    ],
    [
      "tables that more than one revision takes for granted",
      `${second(`op.drop_column("account", "a")`)}-- versions/0003_more.py --\nop.drop_column("user", "b")\n`,
    ],
    [
      "tables that the first revision takes for granted",
      `-- versions/0001_case.py --\nop.drop_column("account", "a")\n`,
    ],
    [
      "a table of another branch",
      `${second(`op.add_column("orders", sa.Column("a", sa.Integer()))`)}-- versions/0003_orders.py --
revision = "0003"
down_revision = "0001"
from alembic import op
def upgrade():
    op.create_table("orders")
`,
    ],
    [
      "a table that is made in another schema",
      `${second(`op.execute("CREATE TABLE app.orders (id int)")\nop.execute("ALTER TABLE orders ADD a int")`)}`,
    ],
    [
      "a temporary table",
      second(
        `op.execute("CREATE TEMP TABLE ids AS SELECT id FROM users")\nop.execute("DELETE FROM users USING ids WHERE ids.id = users.id")`,
      ),
    ],
    ["a view", second(`op.execute("CREATE VIEW v AS SELECT id FROM users")\nop.execute("SELECT id FROM v")`)],
    ["the version table", second(`op.execute("UPDATE alembic_version SET version_num = '0002'")`)],
    [
      "the server's catalogs",
      second(`op.execute("SELECT relname FROM pg_class")\nop.execute("SELECT 1 FROM information_schema.tables")`),
    ],
    [
      "a foreign key that waits for an ALTER TABLE",
      second(
        `op.create_table("orders", sa.Column("id", sa.Integer()), sa.ForeignKeyConstraint(["id"], ["shop.id"], use_alter=True))`,
      ),
    ],
    ["a question whether a table is there", second(`sa.inspect(op.get_bind()).has_table("user")`)],
    [
      "what comes after a table of unknown name",
      second(`op.create_table(name_of("x"), sa.Column("id", sa.Integer()))\nop.drop_column("user", "a")`),
    ],
  ])("%s", (_, source) => allows(rule, source));

  test("a foreign key to a table that is made later on SQLite, which does not look", () =>
    allows(rule, second(`op.create_table("a", sa.Column("b_id", sa.Integer(), sa.ForeignKey("user.id")))`), {
      dialect: "sqlite",
    }));
});

describe("a table that is made later", () => {
  const later = `-- versions/0009_later.py --\nop.create_table("logs", sa.Column("id", sa.Integer(), primary_key=True))\n`;
  const known = `-- versions/0001_a.py --\nop.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))\n`;
  const drops = `-- versions/0003_c.py --\nop.drop_constraint("a", "logs")\n`;
  test("is told once, where it is missed first", async () => {
    const found = await findsIn(
      rule,
      `${known}-- versions/0002_b.py --\nop.add_column("logs", sa.Column("a", sa.Integer()))\n${drops}${later}`,
    );
    expect(found.map((one) => one.slice(0, 18))).toEqual(["versions/0002_b.py"]);
  });
  test("may have been there before where the history starts on a database that exists", () =>
    allows(
      rule,
      `${known}-- versions/0002_b.py --\nop.add_column("shops", sa.Column("a", sa.Integer()))\nop.drop_column("shops", "b")\n${drops}-- versions/0004_d.py --\nop.drop_column("shops", "c")\n${later}`,
    ));
  test("is missing where every other table was made", async () => {
    expect(await findsIn(rule, `${known}${drops}${later}`)).toHaveLength(1);
  });
  test("in the same revision, too", async () => {
    const anew = `-- versions/0002_b.py --\nop.drop_table("logs")\nop.create_table("logs", sa.Column("id", sa.Integer(), primary_key=True))\n`;
    expect(await findsIn(rule, known + anew)).toHaveLength(1);
    const shops = (id: string): string => `-- versions/${id}.py --\nop.drop_column("shops", "c")\n`;
    await allows(rule, known + anew + shops("0003_c") + shops("0004_d"));
  });
});
