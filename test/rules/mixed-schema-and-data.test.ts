import { describe, expect, test } from "vitest";
import { mixedSchemaAndData as rule } from "../../server/src/rules/mixed-schema-and-data.ts";
import { defaultSettings, mergeSettings } from "../../server/src/settings/settings.ts";
import { check } from "../../server/src/rules/check.ts";
import { allows, findsIn, flags } from "../support/cases.ts";
import { openFixture } from "../support/project.ts";

const add = `op.add_column("users", sa.Column("full_name", sa.String(200)))`;
const both =
  "warning: This revision changes schema (add_column users.full_name) and data (UPDATE users) in one transaction.";

/** What the related places of the only finding say. */
async function relatedIn(source: string): Promise<readonly string[]> {
  const { project } = await openFixture(source);
  const { findings } = check(project, defaultSettings, [rule]);
  expect(findings).toHaveLength(1);
  return findings.flatMap(({ related }) => related.map(({ message }) => message));
}

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

  const writers = "keeps writers waiting";
  const members = (...items: readonly string[]): string =>
    `op.create_table("members", sa.Column("id", sa.Integer(), primary_key=True), ${items.join(", ")})`;

  describe("a new table whose foreign key locks an existing one while rows change:", () => {
    const update = `op.execute("UPDATE users SET a = 1")`;
    const marks = `            ^^^^^^^^^^^^^^^^^^^^^^`;
    test.each([
      ["on a column", members(`sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"))`), "users"],
      [
        "on the table",
        members(`sa.Column("user_id", sa.Integer())`, `sa.ForeignKeyConstraint(["user_id"], ["users.id"])`),
        "users",
      ],
      [
        "on the table, by keywords",
        members(`sa.ForeignKeyConstraint(name="fk", refcolumns=["users.id"], columns=["user_id"])`),
        "users",
      ],
      [
        "two of them",
        members(
          `sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"))`,
          `sa.Column("boss_id", sa.Integer(), sa.ForeignKey("users.id"))`,
          `sa.Column("team_id", sa.Integer(), sa.ForeignKey("hr.teams.id"))`,
        ),
        "users, hr.teams",
      ],
      ["as text", `op.execute("CREATE TABLE members (id serial, user_id integer REFERENCES users)")`, "users"],
      [
        "as text, on the table",
        `op.execute("CREATE TABLE members (user_id int, FOREIGN KEY (user_id) REFERENCES users (id))")`,
        "users",
      ],
      [
        "of a metadata table",
        `sa.Table("members", sa.MetaData(), sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"))).create(op.get_bind())`,
        "users",
      ],
    ])("%s", async (_, create, names) => {
      const schema = `create_table members referencing ${names}`;
      await flags(
        rule,
        `${create}\n${update}\n${marks} warning: This revision changes schema (${schema}) and data (UPDATE users) in one transaction.\n`,
      );
    });

    test.each([
      [
        "added to it",
        `op.create_foreign_key("fk", "members", "users", ["user_id"], ["id"])`,
        "create_foreign_key fk on members referencing users",
      ],
      [
        "added to it, not yet valid",
        `op.execute("ALTER TABLE members ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users NOT VALID")`,
        "create_foreign_key fk on members referencing users",
      ],
      [
        "added to it with a column",
        `op.add_column("members", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))`,
        "add_column members.user_id referencing users",
      ],
    ])("%s", async (_, add, schema) => {
      const create = members(`sa.Column("user_id", sa.Integer())`);
      await flags(
        rule,
        `${create}\n${add}\n${update}\n${marks} warning: This revision changes schema (${schema}) and data (UPDATE users) in one transaction.\n`,
      );
    });

    test.each([
      ["copied into it", `op.execute("INSERT INTO members (user_id) SELECT id FROM users")`, "INSERT INTO members"],
      ["of another table", `op.execute("DELETE FROM logs")`, "DELETE FROM logs"],
      [
        "carried by Python",
        `for row in op.get_bind().execute(sa.text("SELECT id FROM users")):\n    op.execute(sa.text("INSERT INTO members (user_id) VALUES (:id)").bindparams(id=row.id))`,
        "INSERT INTO members",
      ],
      [
        "carried by Python in bulk",
        `rows = op.get_bind().execute(sa.text("SELECT id FROM users")).fetchall()\nop.get_bind().execute(sa.text("INSERT INTO members (user_id) VALUES (:id)"), [{"id": row.id} for row in rows])`,
        "INSERT INTO members",
      ],
      [
        "built by SQLAlchemy",
        `u = sa.table("users", sa.column("id"))\nm = sa.table("members", sa.column("user_id"))\nop.execute(m.insert().from_select(["user_id"], sa.select(u.c.id)))`,
        "INSERT INTO members",
      ],
    ])("rows %s", async (_, change, data) => {
      const create = members(`sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"))`);
      const found = await findsIn(rule, `${create}\n${change}\n`);
      expect(found).toEqual([
        expect.stringContaining(`(create_table members referencing users) and data (${data}) in one transaction.`),
      ]);
    });

    test("it is told apart among the related places", async () => {
      const create = members(`sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"))`);
      expect(await relatedIn(`${create}\n${update}\nop.drop_column("users", "b")\n`)).toEqual([
        "changes schema: drop_column users.b",
        `${writers}: create_table members referencing users`,
      ]);
    });
  });

  test("a partition that is made of a table in use", () =>
    flags(
      rule,
      `
op.execute("CREATE TABLE events_2030 PARTITION OF events FOR VALUES IN (2030)")
op.execute("UPDATE events SET a = 1")
            ^^^^^^^^^^^^^^^^^^^^^^^ warning: This revision changes schema (create_table events_2030 as partition of events) and data (UPDATE events) in one transaction.
`,
    ));

  test.each([
    ["a value added to an enum, which the transaction cannot use yet", `ALTER TYPE mood ADD VALUE 'glad'`],
    ["a renamed value of an enum", `ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'`],
    ["a type dropped with the columns that have it", `DROP TYPE mood CASCADE`],
    ["a schema dropped with its tables", `DROP SCHEMA old CASCADE`],
    ["a function dropped with its triggers", `DROP FUNCTION touch() CASCADE`],
    ["a condition on a domain, which its tables are searched for", `ALTER DOMAIN positive ADD CHECK (value > 0)`],
    ["a trigger", `CREATE TRIGGER t AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()`],
    ["a trigger that goes", `DROP TRIGGER t ON users`],
    ["a policy", `CREATE POLICY p ON users USING (true)`],
    ["row security", `ALTER TABLE users ENABLE ROW LEVEL SECURITY`],
    ["a rule", `CREATE RULE r AS ON DELETE TO users DO ALSO NOTHING`],
    ["a constraint that is not yet valid", `ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0) NOT VALID`],
    ["storage of a column", `ALTER TABLE users ALTER COLUMN a SET STORAGE EXTERNAL`],
    ["a trigger that stays disabled", `ALTER TABLE users DISABLE TRIGGER ALL`],
  ])("%s", async (_, sql) => {
    await flags(
      rule,
      `op.execute("UPDATE users SET b = 1")\n            ^^^^^^^^^^^^^^^^^^^^^^ warning: *\nop.execute("${sql}")\n`,
    );
  });

  test("an application's function that names a table, which is none of the new ones", async () => {
    const create = (table: string): string => `op.create_table("${table}", sa.Column("a", sa.Integer()))`;
    const source = (table: string): string =>
      `from app import create_unique_constraint\n${create(table)}\nop.execute("UPDATE users SET a = 1")\ncreate_unique_constraint("uq", "users", ["a"])\n`;
    expect(await findsIn(rule, source("roles"))).toHaveLength(1);
    expect(await findsIn(rule, source("users"))).toEqual([]);
  });

  test("a session's commit ends no transaction", () =>
    flags(
      rule,
      `
from sqlalchemy.orm import Session

session = Session(bind=op.get_bind())
session.execute(sa.text("UPDATE users SET full_name = ''"))
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ${both}
session.commit()
session.close()
${add}
`,
    ));

  test("a transaction of its own for each half, and what that means", () =>
    flags(
      rule,
      `
op.execute("UPDATE users SET full_name = ''")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: This revision changes schema (create_index ix on users) and data (UPDATE users), each in a transaction of its own: if it fails, half of it stays.
with op.get_context().autocommit_block():
    op.create_index("ix", "users", ["full_name"], postgresql_concurrently=True)
`,
    ));

  test("a column added on SQLite, where definitions before the first row commit on their own", async () => {
    const update = `op.execute("UPDATE users SET full_name = ''")`;
    const sqlite = { dialect: "sqlite" } as const;
    expect(await findsIn(rule, `${add}\n${update}\n`, sqlite)).toEqual([
      expect.stringContaining("each in a transaction of its own"),
    ]);
    expect(await findsIn(rule, `${update}\n${add}\n`, sqlite)).toEqual([
      expect.stringContaining("in one transaction."),
    ]);
  });

  test("what a loop does at one place, counted in the related place", async () => {
    const loop = `for table in ("a", "b", "c", "d"):\n    op.add_column(table, sa.Column("x", sa.Integer()))\n    op.execute(f"UPDATE {table} SET x = 1")\n`;
    expect(await relatedIn(loop)).toEqual([
      "changes schema: add_column a.x, add_column b.x, add_column c.x and 1 more",
    ]);
  });

  test("branches that leave each half possible", async () => {
    const update = `op.execute("UPDATE users SET full_name = ''")`;
    const test_ = "from app import ready, done";
    const indent = (code: string): string => `    ${code}`;
    for (const source of [
      `${test_}\nif ready():\n${indent(add)}\nif done():\n${indent(update)}\n`,
      `${test_}\nif ready():\n${indent(add)}\nelse:\n${indent(update)}\n${update}\n`,
      `${test_}\nfor one in ready():\n    if done(one):\n    ${indent(add)}\n    else:\n    ${indent(update)}\n`,
      `${test_}\ndef either(flag):\n    if done(flag):\n    ${indent(add)}\n    else:\n    ${indent(update)}\neither(ready())\neither(done())\n`,
    ])
      expect(await findsIn(rule, source)).toHaveLength(1);
  });

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
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: This revision changes schema (add_column users.full_name) and data (UPDATE users), each in a transaction of its own: if it fails, half of it stays.
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
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: The downgrade of this revision changes schema (drop_column users.full_name) and data (UPDATE users) in one transaction.
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
    ["rows of which there are none", `${add}\nop.bulk_insert(sa.table("users", sa.column("a")), [])`],
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

  const referring = `members = op.create_table("members", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))`;
  test.each([
    ["rows of its own", `op.bulk_insert(members, [{"user_id": 1}])`],
    ["a few constants for an existing table", `op.execute("INSERT INTO kinds (name) VALUES ('member')")`],
    ["an existing table emptied at once", `op.execute("TRUNCATE logs")`],
    [
      "a row with a key that was looked up",
      `admin = op.get_bind().execute(sa.text("SELECT id FROM users WHERE name = 'admin'")).scalar()\nop.bulk_insert(members, [{"user_id": admin}])`,
    ],
    [
      "a row with a key that the statement looks up",
      `op.execute("INSERT INTO members (user_id) VALUES ((SELECT id FROM users WHERE name = 'admin'))")`,
    ],
    ["nothing else", "pass"],
  ])("a new table that refers to an existing one: %s", async (_, source) => {
    await allows(rule, `${referring}\n${source}\n`);
  });

  test("a new table that refers to an existing one, made after the rows were changed", () =>
    allows(rule, `op.execute("UPDATE users SET a = 1")\n${referring}\n`));

  test("a new table that refers to an existing one, and rows changed in another transaction", () =>
    allows(
      rule,
      `${referring}\nwith op.get_context().autocommit_block():\n    op.execute("UPDATE users SET a = 1")\n`,
    ));

  test.each(["mysql", "sqlite"] as const)("a new table that refers to an existing one on %s", (dialect) =>
    allows(rule, `${referring}\nop.execute("UPDATE users SET a = 1")\n`, { dialect }),
  );

  test("a new table that refers to a new one, or to itself", () =>
    allows(
      rule,
      `
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("boss", sa.Integer(), sa.ForeignKey("users.id")))
${referring}
op.execute("UPDATE logs SET a = 1")
`,
    ));

  test.each([
    ["a constraint validated", `op.execute("ALTER TABLE users VALIDATE CONSTRAINT c")`],
    ["options of a table", `op.execute("ALTER TABLE users SET (fillfactor = 70)")`],
    ["statistics of a column", `op.execute("ALTER TABLE users ALTER COLUMN a SET STATISTICS 500")`],
    ["statistics over columns", `op.execute("CREATE STATISTICS s ON a, b FROM users")`],
    ["a view", `op.execute("DROP VIEW v")\nop.execute("CREATE OR REPLACE VIEW v AS SELECT a FROM users")`],
    [
      "a materialized view with its index",
      `op.execute("CREATE MATERIALIZED VIEW v AS SELECT a FROM users")\nop.create_index("ix_v_a", "v", ["a"])`,
    ],
    ["a sequence", `op.execute("CREATE SEQUENCE s OWNED BY users.a")\nop.execute("ALTER SEQUENCE s RESTART")`],
    ["a function", `op.execute("CREATE OR REPLACE FUNCTION f() RETURNS integer AS 'SELECT 1' LANGUAGE sql")`],
    ["a type", `op.execute("CREATE TYPE mood AS ENUM ('ok')")\nop.execute("ALTER TYPE mood ADD VALUE 'sad'")`],
    ["a type that nothing uses any more", `op.execute("DROP TYPE mood")`],
    ["a column's comment", `op.alter_column("users", "a", comment="what it is", existing_type=sa.Integer())`],
    ["nothing at all", `op.alter_column("users", "a", existing_type=sa.Integer(), existing_nullable=True)`],
    ["a lock", `op.execute("LOCK TABLE users IN SHARE MODE")`],
    ["rows of a copy", `op.execute("DROP TABLE IF EXISTS _alembic_tmp_users")`],
    ["a sequence's value", `op.execute("SELECT setval('users_id_seq', 1)")`],
  ])("%s beside a data change", async (_, source) => {
    await allows(rule, `${source}\nop.execute("UPDATE users SET a = 1")\n`);
  });

  test("halves of which an upgrade runs one", async () => {
    const update = `op.execute("UPDATE users SET full_name = ''")`;
    for (const source of [
      `if ready():\n    ${add}\nelse:\n    ${update}\n`,
      `if ready():\n    ${add}\nelif done():\n    ${update}\n`,
      `if ready():\n    ${add}\n    return\n${update}\n`,
      `def fill():\n    ${update}\nif ready():\n    ${add}\n    return\nfill()\n`,
      `def fill():\n    ${update}\nif ready():\n    ${add}\nelse:\n    fill()\n`,
      `def either():\n    if ready():\n        ${add}\n    else:\n        ${update}\neither()\n`,
    ])
      await allows(rule, `from app import ready, done\n${source}`);
  });

  test("tables whose names are not known, among them new ones", () =>
    allows(
      rule,
      `
from app import NAME, User
from sqlalchemy.orm import Session

op.create_table(NAME, sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id")))
session = Session(bind=op.get_bind())
session.add_all([User(id=1), User(id=2)])
op.create_unique_constraint("uq", NAME, ["user_id"])
`,
    ));

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
