import { describe, test } from "vitest";
import { mixedSchemaAndData as rule } from "../../server/src/rules/mixed-schema-and-data.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, flags } from "../support/cases.ts";

const add = `op.add_column("users", sa.Column("full_name", sa.String(200)))`;
const both =
  "warning: This revision changes schema (add_column users.full_name) and data (UPDATE users) in one transaction.";

describe("finds", () => {
  test("the seed's example, and names what it mixes", () =>
    flags(
      rule,
      `
# Schema change
op.add_column("users", sa.Column("full_name", sa.String(200)))

# Data migration in the same step
connection = op.get_bind()
connection.execute(
    sa.text("UPDATE users SET full_name = first_name || ' ' || last_name")
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: This revision changes schema (add_column users.full_name, drop_column users.first_name, drop_column users.last_name) and data (UPDATE users) in one transaction.
)

op.drop_column("users", "first_name")
op.drop_column("users", "last_name")
`,
    ));

  test("only the first three of many, and counts the others", () =>
    flags(
      rule,
      `
for name in ("a", "b", "c", "d"):
    op.drop_column("users", name)
op.execute("UPDATE t1 SET a = 1")
            ^^^^^^^^^^^^^^^^^^^ warning: This revision changes schema (drop_column users.a, drop_column users.b, drop_column users.c and 1 more) and data (UPDATE t1, DELETE FROM t2, INSERT INTO t3 and 1 more) in one transaction.
op.execute("DELETE FROM t2 WHERE a = 1")
op.execute("INSERT INTO t3 (a) VALUES (1)")
op.execute("UPDATE t4 SET a = 1")
`,
    ));

  test("every way to write a data change", async () => {
    const ways = [
      [`op.execute("UPDATE users SET a = 1")`, "UPDATE users SET a = 1", "UPDATE users"],
      [`op.get_bind().exec_driver_sql("DELETE FROM users")`, "DELETE FROM users", "DELETE FROM users"],
      [`op.bulk_insert(sa.table("users", sa.column("a")), [{"a": 1}])`, "bulk_insert", "bulk_insert users"],
    ];
    for (const [code = "", marked = "", named = ""] of ways) {
      const carets = " ".repeat(code.indexOf(marked)) + "^".repeat(marked.length);
      await flags(
        rule,
        `${add}\n${code}\n${carets} warning: This revision changes schema (add_column users.full_name) and data (${named}) in one transaction.\n`,
      );
    }
  });

  test.each([
    ["an index of an existing table", `op.create_index("ix_users_a", "users", ["a"])`],
    ["a constraint of an existing table", `op.create_unique_constraint("uq_users_a", "users", ["a"])`],
    ["a column made NOT NULL", `op.alter_column("users", "a", nullable=False)`],
    ["a table that is dropped", `op.drop_table("old_users")`],
    ["DDL as text", `op.execute("ALTER TABLE users ADD COLUMN a integer")`],
    [
      "a batch block",
      `with op.batch_alter_table("users") as batch:\n    batch.add_column(sa.Column("a", sa.Integer()))`,
    ],
  ])("%s beside a data change", async (_, ddl) => {
    await flags(rule, `op.execute("UPDATE users SET b = 1")\n            ^^^^^^^^^^^^^^^^^^^^^^ warning: *\n${ddl}\n`);
  });

  test("a data change in a helper, at the place where it is written", () =>
    flags(
      rule,
      `
def fill(connection):
    connection.execute(sa.text("UPDATE users SET full_name = ''"))
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ${both}


def upgrade():
    ${add}
    fill(op.get_bind())


def downgrade():
    op.drop_column("users", "full_name")
`,
    ));

  test("a new table filled from an existing one whose schema changes too", () =>
    flags(
      rule,
      `
op.create_table("names", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String()))
op.execute("INSERT INTO names (name) SELECT DISTINCT name FROM users")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: This revision changes schema (drop_column users.name) and data (INSERT INTO names) in one transaction.
op.drop_column("users", "name")
`,
    ));

  test("each engine of a multi-database revision on its own", () =>
    flags(
      rule,
      `
def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_engine1():
    ${add}
    op.execute("UPDATE users SET full_name = ''")
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ${both}


def downgrade_engine1():
    pass


def upgrade_engine2():
    op.execute("UPDATE users SET full_name = ''")


def downgrade_engine2():
    pass
`,
    ));

  test("another wording where the database commits at each DDL statement", () =>
    flags(
      rule,
      `
${add}
op.execute("UPDATE users SET full_name = ''")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: This revision changes schema (add_column users.full_name) and data (UPDATE users) in one revision.
`,
      { dialect: "mysql" },
    ));

  test("an SQLite table rebuild: it is mixed, though never to be split", () =>
    flags(
      rule,
      `
op.rename_table("users", "users_old")
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.execute("INSERT INTO users (id) SELECT id FROM users_old")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: This revision changes schema (rename_table users, drop_table users_old) and data (INSERT INTO users) in one transaction.
op.drop_table("users_old")
`,
      { dialect: "sqlite" },
    ));

  test("the downgrade, on request", () => {
    const source = `
def upgrade():
    ${add}


def downgrade():
    op.execute("UPDATE users SET first_name = full_name")
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: The downgrade of this revision changes schema (drop_column users.full_name) and data (UPDATE users) in one transaction.
    op.drop_column("users", "full_name")
`;
    const settings = mergeSettings([{ rules: { [rule.id]: { options: { downgrade: true } } } }]);
    return flags(rule, source, { settings });
  });
});

describe("allows", () => {
  test.each([
    [
      "schema alone, part of it as text",
      `${add}\nop.execute("ALTER TABLE users ADD COLUMN b integer")\nop.execute("SET lock_timeout = '2s'")\nop.execute("CREATE EXTENSION IF NOT EXISTS citext")`,
    ],
    ["data alone", `op.execute("UPDATE users SET a = 1")\nop.execute("DELETE FROM t")`],
    ["nothing at all", "pass"],
    [
      "a query beside a schema change",
      `${add}\nrows = op.get_bind().execute(sa.text("SELECT id FROM users")).fetchall()`,
    ],
    [
      "a session that only reads",
      `${add}\nfrom sqlalchemy.orm import Session\nsession = Session(bind=op.get_bind())\nsession.execute(sa.text("SELECT 1"))\nsession.commit()`,
    ],
    [
      "maintenance",
      `${add}\nop.execute("ANALYZE users")\nop.execute("REINDEX TABLE users")\nop.execute("COMMENT ON TABLE users IS 'people'")\nop.execute("GRANT SELECT ON users TO reader")\nop.execute("SELECT setval('users_id_seq', 1)")`,
    ],
    [
      "a trigger's body",
      `${add}\nop.execute("""\nCREATE FUNCTION touch() RETURNS trigger AS $$\nBEGIN\n  UPDATE users SET a = 1;\n  RETURN NEW;\nEND\n$$ LANGUAGE plpgsql\n""")`,
    ],
    [
      "a foreign key's ON UPDATE CASCADE",
      `op.create_foreign_key("fk", "users", "teams", ["team_id"], ["id"], onupdate="CASCADE", ondelete="SET NULL")`,
    ],
    ["prose in a docstring", `"""UPDATE users and ALTER TABLE users."""\n${add}`],
    ["bookkeeping", `${add}\nop.execute("UPDATE alembic_version SET version_num = 'x'")`],
    [
      "DML for another dialect",
      `${add}\nif op.get_bind().dialect.name == "sqlite":\n    op.execute("UPDATE users SET a = 1")`,
    ],
  ])("%s", async (_, source) => {
    await allows(rule, `${source}\n`);
  });

  const create = `roles = op.create_table("roles", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String()))`;
  test.each([
    ["constants in bulk", `op.bulk_insert(roles, [{"name": "admin"}])`],
    ["constants as text", `op.execute("INSERT INTO roles (name) VALUES ('admin')")`],
    ["constants in a loop", `for name in ["a", "b"]:\n    op.execute(roles.insert().values(name=name))`],
    [
      "changes of those rows",
      `op.execute("INSERT INTO roles (name) VALUES ('a')")\nop.execute("UPDATE roles SET name = upper(name)")`,
    ],
    [
      "rows of another new table",
      `op.create_table("kinds", sa.Column("name", sa.String()))\nop.execute("INSERT INTO kinds (name) SELECT name FROM roles")`,
    ],
    ["an index on it", `op.create_index("ix_roles_name", "roles", ["name"])\nop.execute("UPDATE users SET a = 1")`],
    [
      "rows of an existing table, whose schema stays",
      `op.execute("INSERT INTO roles (name) SELECT DISTINCT role FROM users")`,
    ],
  ])("a new table: %s", async (_, source) => {
    await allows(rule, `${create}\n${source}\n`);
  });

  test("a new table seeded beside a schema change of an existing one", () =>
    allows(
      rule,
      `${create}\nop.bulk_insert(roles, [{"name": "admin"}])\nop.add_column("users", sa.Column("role_id", sa.Integer()))\n`,
    ));

  test.each([
    [
      "a temporary table",
      `op.execute("CREATE TEMPORARY TABLE tmp AS SELECT id FROM users")\nop.execute("UPDATE users SET a = 1 WHERE id IN (SELECT id FROM tmp)")`,
    ],
    [
      "a scratch table",
      `op.execute("CREATE TABLE tmp AS SELECT id FROM users")\nop.execute("UPDATE users SET a = 1 WHERE id IN (SELECT id FROM tmp)")\nop.execute("DROP TABLE tmp")`,
    ],
    [
      "a helper function",
      `op.execute("CREATE FUNCTION f() RETURNS integer AS 'SELECT 1' LANGUAGE sql")\nop.execute("UPDATE users SET a = f()")\nop.execute("DROP FUNCTION f()")`,
    ],
    [
      "a trigger switched off meanwhile",
      `op.execute("ALTER TABLE users DISABLE TRIGGER touch")\nop.execute("UPDATE users SET a = 1")\nop.execute("ALTER TABLE users ENABLE TRIGGER touch")`,
    ],
  ])("scaffolding of a data change: %s", async (_, source) => {
    await allows(rule, `${source}\n`);
  });

  test("DML that only the downgrade does, itself or through a helper", () =>
    allows(
      rule,
      `
def restore():
    op.execute("UPDATE users SET first_name = full_name")


def upgrade():
    ${add}


def downgrade():
    restore()
    op.drop_column("users", "full_name")
`,
    ));

  test("code that upgrade() does not reach", () =>
    allows(
      rule,
      `
def upgrade():
    ${add}


def downgrade():
    pass


if __name__ == "__main__":
    op.execute("UPDATE users SET a = 1")
`,
    ));

  test("the version table under the project's own name", () =>
    allows(
      rule,
      `
-- env.py --
from alembic import context

context.configure(version_table="my_versions")
-- versions/0001_case.py --
${add}
op.execute("UPDATE my_versions SET version_num = 'x'")
`,
    ));

  test("what it cannot read", () =>
    allows(rule, `${add}\nfrom app.migrations import fix_everything\nfix_everything(op.get_bind())\n`));

  test("a merge", () =>
    allows(
      rule,
      `
-- versions/0001_base.py --
pass
-- versions/0002_a.py --
pass
-- versions/0003_b.py --
revision = "0003"
down_revision = "0001"

def upgrade():
    pass

def downgrade():
    pass
-- versions/0004_merge.py --
from alembic import op
import sqlalchemy as sa
revision = "0004"
down_revision = ("0002", "0003")

def upgrade():
    ${add}
    op.execute("UPDATE users SET full_name = ''")

def downgrade():
    pass
`,
    ));

  test("what a comment allows, with its reason", async () => {
    const update = `op.execute("UPDATE users SET full_name = ''")`;
    const comment = "# retort: allow mixed-schema-and-data because users has three rows";
    await allows(rule, `${add}\n${comment}\n${update}\n`);
    await allows(rule, `${add}\n${update}  ${comment}\n`);
    await flags(rule, `${comment}\n${add}\n${update}\n            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ${both}\n`);
  });
});
