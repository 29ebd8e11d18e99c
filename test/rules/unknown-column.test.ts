import { describe, expect, test } from "vitest";
import { unknownColumn as rule } from "../../server/src/rules/unknown-column.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const users = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String()))
op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("shops", sa.Column("id", sa.Integer(), primary_key=True))
`;

const second = (body: string): string => `${users}-- versions/0002_case.py --\n${body}\n`;

describe("finds", () => {
  test("a slip, and names the nearest", () =>
    flags(
      rule,
      second(`op.drop_column("users", "emial")
   ^^^^^^^^^^^ error: Drops users.emial, a column that does not exist at this point; did you mean "email"?`),
    ));

  test("a column dropped twice", () =>
    flags(
      rule,
      `${second(`op.drop_column("users", "email")`)}-- versions/0003_again.py --
op.drop_column("users", "email")
   ^^^^^^^^^^^ error: Drops users.email, a column that does not exist at this point: revision 0002 has taken it away.
`,
    ));

  test.each([
    ["an index", `op.create_index("ix", "users", ["mail"])`],
    ["an index in SQL", `op.execute("CREATE INDEX ix ON users (lower(mail))")`],
    ["a constraint", `op.create_unique_constraint("uq", "users", ["mail"])`],
    ["a check", `op.create_check_constraint("ck", "users", "mail > ''")`],
    ["a foreign key", `op.create_foreign_key("fk", "users", "teams", ["team_id"], ["id"])`],
    ["a foreign key's target", `op.add_column("users", sa.Column("t", sa.Integer(), sa.ForeignKey("teams.team_id")))`],
    ["a batch block", `with op.batch_alter_table("users") as batch:\n    batch.alter_column("mail", nullable=False)`],
    ["an update", `op.execute("UPDATE users SET mail = 'x'")`],
    ["a condition", `op.execute("DELETE FROM users WHERE users.mail = 'x'")`],
    ["an insert", `op.execute("INSERT INTO users (id, mail) VALUES (1, 'a')")`],
    ["Core", `op.get_bind().execute(sa.table("users", sa.column("mail")).update().values(mail="x"))`],
    ["rows", `op.bulk_insert(sa.table("users", sa.column("mail")), [{"mail": "a"}])`],
    [
      "a column after its rename",
      `op.alter_column("users", "email", new_column_name="mail")\nop.drop_column("users", "email")`,
    ],
    ["another case on PostgreSQL", `op.execute('UPDATE users SET "Email" = 1')`],
  ])("%s", async (_, body) => {
    expect(await findsIn(rule, second(body))).toHaveLength(1);
  });
});

describe("allows", () => {
  test.each([
    [
      "what the same revision adds",
      second(`op.add_column("users", sa.Column("mail", sa.String()))\nop.create_index("ix", "users", ["mail"])`),
    ],
    [
      "a column of another branch",
      `${second(`op.drop_column("users", "mail")`)}-- versions/0003_mail.py --
revision = "0003"
down_revision = "0001"
from alembic import op
import sqlalchemy as sa
def upgrade():
    op.add_column("users", sa.Column("mail", sa.String()))
`,
    ],
    ["a drop with IF EXISTS", second(`op.drop_column("users", "mail", if_exists=True)`)],
    [
      "a name that may belong to several tables",
      second(`op.execute("UPDATE users SET id = 1 FROM teams WHERE mail = 1")`),
    ],
    [
      "a table that a query fills",
      second(`op.execute("CREATE TABLE t AS SELECT * FROM users")\nop.execute("UPDATE t SET mail = 1")`),
    ],
    [
      "fields of a result of a function",
      second(`op.execute("UPDATE users SET email = x.mail FROM json_to_recordset('[]') AS x(mail text)")`),
    ],
    ["a whole row", second(`op.execute("SELECT row_to_json(users) FROM users")`)],
    [
      "columns in a body that runs later",
      second(`op.execute("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'UPDATE users SET mail = 1'")`),
    ],
    [
      "what a loop may have added",
      second(
        `for name in names():\n    op.add_column("users", sa.Column(name, sa.String()))\nop.drop_column("users", "mail")`,
      ),
    ],
    ["a try", second(`try:\n    op.drop_column("users", "mail")\nexcept Exception:\n    pass`)],
    [
      "aliases of results",
      second(
        `op.execute("SELECT lower(email) AS mail, count(*) AS n FROM users GROUP BY mail HAVING count(*) > 1 ORDER BY n")`,
      ),
    ],
    [
      "the columns of a subquery",
      second(
        `op.execute("UPDATE users SET email = s.mail FROM (SELECT id, email AS mail FROM users) s WHERE s.id = users.id")`,
      ),
    ],
  ])("%s", (_, source) => allows(rule, source));

  test("another case on MySQL, which does not tell it apart", () =>
    allows(rule, second(`op.drop_column("users", "EMAIL")`), { dialect: "mysql" }));
});
