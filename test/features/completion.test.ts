import { describe, expect, test } from "vitest";
import { complete } from "./completion.ts";

const shop = `-- versions/0001_shop.py --
op.execute("CREATE SCHEMA app")
op.execute("CREATE TYPE mood AS ENUM ('sad', 'happy')")
op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("title", sa.Text()))
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("email", sa.String(100), nullable=False, unique=True),
    sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id")),
)
op.create_index("ix_users_team", "users", ["team_id"])
op.create_table("audit", sa.Column("at", sa.DateTime()), schema="app")
op.execute('CREATE TABLE "Odd Name" ("Key" integer PRIMARY KEY)')
`;

const at = (line: string): string => `${shop}-- versions/0002_next.py --\n${line}\n`;
const labels = async (line: string): Promise<readonly string[]> => (await complete(at(line))).labels;

/** Within a whole file: what stands above `upgrade()`, and its body. */
const inFile = async (module: string, body: string): Promise<readonly string[]> => {
  const head = 'from alembic import op\nimport sqlalchemy as sa\n\nrevision = "0002"\ndown_revision = "0001"\n';
  const text = `${head}\n${module}\n\n\ndef upgrade():\n    ${body}\n`;
  return (await complete(`${shop}-- versions/0002_next.py --\n${text}`)).labels;
};

const tables = ["Odd Name", "teams", "users"];
const users = ["id", "email", "team_id"];

describe("an argument of a directive", () => {
  test.each<[string, readonly string[]]>([
    ['op.drop_table("<|>")', tables],
    ['op.drop_table("us<|>ers")', tables],
    ['op.drop_table("<|>", schema="app")', ["audit"]],
    ['op.drop_table(schema="app", table_name="<|>")', ["audit"]],
    ['op.drop_table("x", schema="<|>")', ["app"]],
    ['op.rename_table("<|>", "people")', tables],
    ['op.rename_table("users", "<|>")', []],
    ['op.create_table("<|>")', []],
    ['op.drop_column("users", "<|>")', users],
    ['op.drop_column(column_name="<|>", table_name="users")', users],
    ['op.drop_column("audit", "<|>", schema="app")', ["at"]],
    ['op.drop_column("nowhere", "<|>")', []],
    ['op.drop_column(table(), "<|>")', []],
    ['op.alter_column("users", "<|>", nullable=False)', users],
    ['op.alter_column("users", "id", new_column_name="<|>")', []],
    ['op.create_index("<|>", "users", ["id"])', []],
    ['op.create_index("ix", "<|>", ["id"])', tables],
    ['op.create_index("ix", "users", ["<|>"])', users],
    ['op.create_index(op.f("ix"), "users", ["id", "<|>"], unique=True)', users],
    ['op.drop_index("<|>")', ["ix_users_team"]],
    ['op.drop_index(op.f("<|>"), table_name="users")', ["ix_users_team"]],
    ['op.drop_index("<|>", table_name="teams")', []],
    ['op.drop_constraint("<|>", "users")', ["users_pkey", "users_email_key", "users_team_id_fkey"]],
    ['op.drop_constraint("<|>", "users", type_="foreignkey")', ["users_team_id_fkey"]],
    ['op.drop_constraint("x", "users", type_="<|>")', ["foreignkey", "primary", "unique", "check"]],
    ['op.create_unique_constraint("<|>", "users", ["id"])', []],
    ['op.create_unique_constraint("uq", "users", ["<|>"])', users],
    ['op.create_foreign_key("fk", "<|>", "teams", ["team_id"], ["id"])', tables],
    ['op.create_foreign_key("fk", "users", "<|>", ["team_id"], ["id"])', tables],
    ['op.create_foreign_key("fk", "users", "teams", ["<|>"], ["id"])', users],
    ['op.create_foreign_key("fk", "users", "teams", ["team_id"], ["<|>"])', ["id", "title"]],
    ['op.create_foreign_key("fk", "users", "<|>", ["a"], ["b"], referent_schema="app")', ["audit"]],
    [
      'op.create_foreign_key("fk", "users", "teams", ["team_id"], ["id"], ondelete="<|>")',
      ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"],
    ],
    ['op.add_column("<|>", sa.Column("a", sa.Text()))', tables],
    ['op.add_column("users", sa.Column("<|>", sa.Text()))', []],
    [
      'op.add_column("users", sa.Column("a", sa.Integer(), sa.ForeignKey("<|>")))',
      ["Odd Name.Key", "teams.id", "users.id"],
    ],
    [
      'op.add_column("users", sa.Column("a", sa.Integer(), sa.ForeignKey("teams.<|>")))',
      ["Odd Name.Key", "teams.id", "teams.title", "users.id"],
    ],
    ['op.add_column("users", sa.Column("a", postgresql.ENUM(name="<|>")))', ["mood"]],
    ['op.bulk_insert(sa.table("<|>"), [])', tables],
    ['op.bulk_insert(sa.table("users", sa.column("<|>")), [])', users],
    ['print("<|>")', []],
    ['op.drop_column("users", {"<|>": 1})', []],
    ['# op.drop_table("<|>")', []],
    ['op.drop_table(b"<|>")', []],
  ])("%s", async (line, expected) => {
    expect(await labels(line)).toEqual(expected);
  });

  test("of a batch is about the batch's table", async () => {
    const batch = (line: string): string => `with op.batch_alter_table("users") as batch_op:\n    ${line}`;
    expect(await labels(batch('batch_op.drop_column("<|>")'))).toEqual(users);
    expect(await labels(batch('batch_op.create_foreign_key("fk", "teams", ["<|>"], ["id"])'))).toEqual(users);
    expect(await labels(batch('batch_op.create_foreign_key("fk", "teams", ["team_id"], ["<|>"])'))).toEqual([
      "id",
      "title",
    ]);
    expect(await labels(batch('batch_op.drop_index("<|>")'))).toEqual(["ix_users_team"]);
    expect(await labels('with op.batch_alter_table("<|>") as batch_op:\n    pass')).toEqual(tables);
    expect(await labels('with op.batch_alter_table("audit", schema="app") as b:\n    b.drop_column("<|>")')).toEqual([
      "at",
    ]);
    expect(await labels('batch_op.drop_column("<|>")')).toEqual([]);
  });

  test.each<[string, string, string]>([
    ["a constant", 'TABLE = "users"', 'op.drop_column(TABLE, "<|>")'],
    ["a constant with a type", 'TABLE: str = "users"', 'op.alter_column(table_name=TABLE, column_name="<|>")'],
    ["a constant of a constant", 'USERS = "users"\nTABLE = USERS', 'op.create_index("ix", TABLE, ["<|>"])'],
    ["the last of several", 'TABLE = "audit"\nTABLE = "users"', 'op.drop_column(TABLE, "<|>")'],
    ["a local name", "", 'table = "users"\n    op.drop_column(table, "<|>")'],
    [
      "a batch",
      'T = ("us" "ers")\nTABLE = "users"',
      'with op.batch_alter_table(TABLE) as b:\n        b.drop_column("<|>")',
    ],
    ["a table of its own", 'TABLE = "users"', 'op.bulk_insert(sa.table(TABLE, sa.column("<|>")), [])'],
  ])("knows its table by %s", async (_, module, body) => {
    expect(await inFile(module, body)).toEqual(users);
  });

  test("knows no table by a name that is computed, assigned later or is none", async () => {
    expect(await inFile("TABLE = name()", 'op.drop_column(TABLE, "<|>")')).toEqual([]);
    expect(await inFile("", 'op.drop_column(table, "<|>")\n    table = "users"')).toEqual([]);
    expect(await inFile("TABLE = TABLE", 'op.drop_column(TABLE, "<|>")')).toEqual([]);
    expect(await inFile('SCHEMA = "app"', 'op.drop_column("audit", "<|>", schema=SCHEMA)')).toEqual(["at"]);
  });

  test.each<[string, string, string, readonly string[]]>([
    ["of the table", "", 'op.bulk_insert(sa.table("users"), [{"<|>": 1}])', users],
    [
      "of its columns",
      "",
      'op.bulk_insert(sa.table("users", sa.column("id"), sa.column("email")), [{"<|>": 1}])',
      ["id", "email"],
    ],
    ["of a constant", 't = sa.table("users", sa.column("id"))', 'op.bulk_insert(t, [{"<|>"}])', ["id"]],
    [
      "of a local table",
      "",
      't = sa.table("users")\n    op.bulk_insert(t, [{"id": 1}, {"id": 2, "<|>": 1}])',
      ["email", "team_id"],
    ],
    [
      "of a new table",
      "",
      't = op.create_table("t", sa.Column("k", sa.Text()))\n    op.bulk_insert(t, rows=[{"<|>": 1}])',
      ["k"],
    ],
    ["of another schema", "", 'op.bulk_insert(sa.table("audit", schema="app"), [{"<|>": 1}])', ["at"]],
    ["not of a value", "", 'op.bulk_insert(sa.table("users"), [{"id": "<|>"}])', []],
    ["not of a table that is not known", "", 'op.bulk_insert(tables["users"], [{"<|>": 1}])', []],
    ["not of another dictionary", "", 'op.bulk_insert(sa.table("users", info={"<|>": 1}), [])', []],
  ])("offers the keys of a row: %s", async (_, module, body, expected) => {
    expect(await inFile(module, body)).toEqual(expected);
  });

  test("goes by the name that the file has for `op`", async () => {
    const named = `from alembic import op as o\n\nrevision = "0002"\ndown_revision = "0001"\n\n\ndef upgrade():\n    o.drop_table("<|>")\n`;
    expect((await complete(`${shop}-- versions/0002_next.py --\n${named}`)).labels).toEqual(tables);
  });
});

describe("the schema", () => {
  test("is the one that the operation meets", async () => {
    const steps = [
      'op.drop_column("users", "<|>")',
      'op.add_column("users", sa.Column("name", sa.Text()))',
      'op.drop_column("users", "<|>")',
    ];
    expect(await labels(steps.slice(0, 2).join("\n"))).toEqual(users);
    expect(await labels(steps.slice(1).join("\n"))).toEqual([...users, "name"]);
  });

  test("of a downgrade is what the upgrade leaves", async () => {
    const file = `revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("users", sa.Column("name", sa.Text()))


def downgrade():
    op.drop_column("users", "<|>")
`;
    expect(
      (await complete(`${shop}-- versions/0002_next.py --\nfrom alembic import op\nimport sqlalchemy as sa\n\n${file}`))
        .labels,
    ).toEqual([...users, "name"]);
  });

  test("is not invented where an operation before is not understood", async () => {
    const { completions } = await complete(at('op.execute(f"DROP TABLE {name()}")\nop.drop_column("users", "<|>")'));
    expect(completions.items.map(({ doubt }) => doubt !== undefined)).toEqual([true, true, true]);
  });

  test("types, nullability, constraints and indexes are told", async () => {
    const details = async (line: string) =>
      (await complete(at(line))).completions.items.map(({ label, detail }) => `${label}: ${detail ?? ""}`);
    expect(await details('op.drop_column("users", "<|>")')).toEqual([
      "id: integer NOT NULL serial",
      "email: character varying(100) NOT NULL",
      "team_id: integer",
    ]);
    expect(await details('op.drop_constraint("<|>", "users", type_="foreignkey")')).toEqual([
      "users_team_id_fkey: FOREIGN KEY (team_id) REFERENCES teams (id)",
    ]);
    expect(await details('op.drop_table("<|>")')).toEqual([
      "Odd Name: table, 1 column",
      "teams: table, 2 columns",
      "users: table, 3 columns",
    ]);
  });
});

describe("the edit", () => {
  test.each([
    ['op.drop_table("te<|>am")', "teams", 'op.drop_table("teams")'],
    ["op.drop_table('<|>)", "teams", "op.drop_table('teams)"],
    ['op.drop_table("<|>, "x")', "teams", 'op.drop_table("teams, "x")'],
    ['op.drop_table("""us<|>""")', "teams", 'op.drop_table("""teams""")'],
    ['op.drop_column("üü", op.drop_table("u<|>"))', "teams", 'op.drop_column("üü", op.drop_table("teams"))'],
    ['op.execute("DROP TABLE <|>")', "Odd Name", String.raw`op.execute("DROP TABLE \"Odd Name\"")`],
    ["op.execute('DROP TABLE <|>')", "Odd Name", `op.execute('DROP TABLE "Odd Name"')`],
    [`op.execute('DROP TABLE "Od<|>')`, "Odd Name", `op.execute('DROP TABLE "Odd Name"')`],
    [String.raw`op.execute("DROP TABLE \"Od<|>\"")`, "Odd Name", String.raw`op.execute("DROP TABLE \"Odd Name\"")`],
    [
      String.raw`op.execute("SELECT '\n' FROM te<|> WHERE id = 1")`,
      "teams",
      String.raw`op.execute("SELECT '\n' FROM teams WHERE id = 1")`,
    ],
    [
      'op.execute(f"DELETE FROM users WHERE te<|> = {1}")',
      "team_id",
      'op.execute(f"DELETE FROM users WHERE team_id = {1}")',
    ],
  ])("of %s takes %s in", async (line, label, expected) => {
    expect((await complete(at(line))).take(label)).toBe(expected);
  });

  test("keeps the quotes that the name is in", async () => {
    const backticks = await complete(at('op.execute("DROP TABLE `us<|>`")'), { dialect: "mysql" });
    expect(backticks.take("users")).toBe('op.execute("DROP TABLE `users`")');
    expect((await complete(at(`op.execute('DROP TABLE "us<|>"')`))).take("users")).toBe(
      `op.execute('DROP TABLE "users"')`,
    );
  });

  test("is not offered where the literal cannot hold it", async () => {
    const raw = await complete(at('op.execute(r"DROP TABLE <|>")'));
    expect(raw.labels).not.toContain("Odd Name");
    expect(raw.labels).toContain("teams");
  });
});

test("of thousands only what fits is sent, and more when asked again", async () => {
  const many = Array.from({ length: 400 }, (_, n) => `op.create_table("t${String(n)}", sa.Column("id", sa.Integer()))`);
  const source = (line: string): string =>
    `-- versions/0001_many.py --\n${many.join("\n")}\n-- versions/0002_next.py --\n${line}\n`;
  for (const line of ['op.drop_table("t39<|>")', 'op.execute("DROP TABLE t39<|>")']) {
    const { completions, labels: found } = await complete(source(line));
    expect(completions.isIncomplete).toBe(true);
    expect(found).toContain("t399");
    expect(found).not.toContain("t1");
  }
  expect((await complete(source('op.drop_table("<|>")'))).labels).toHaveLength(300);
});

describe("half-typed", () => {
  test.each<[string, readonly string[]]>([
    ['op.drop_column("users", "<|>', users],
    ['op.drop_column("users", "em<|>\nop.drop_table("teams")', users],
    ['op.drop_column("users",\n    "<|>\nop.drop_table("teams")', users],
    ['op.create_index("ix", "users", ["<|>', users],
    ['op.create_index("ix", "users", ["<|>\nop.drop_column("teams", "title")', users],
    ['op.drop_index("<|>, table_name="users")', ["ix_users_team"]],
    ['op.execute("DELETE FROM u<|>', ["Odd Name", "app.audit", "teams", "users"]],
    ['op.execute("""\n    UPDATE users SET <|>\nop.drop_column("teams", "title")', users],
    ['op.execute(\n    sa.text("UPDATE users SET e<|>', users],
  ])("%j", async (line, expected) => {
    expect(await labels(line)).toEqual(expected);
  });
});

describe("an option", () => {
  const column = ["schema="];
  test.each<[string, readonly string[]]>([
    ['op.drop_column("users", "id", <|>)', column],
    ['op.drop_column("users", "id", sch<|>)', column],
    ['op.drop_column("users", "id", schema="app", <|>)', []],
    ['op.drop_column("users", "id", schema=<|>)', []],
    ['op.create_unique_constraint("uq", "users", ["id"], <|>', ["schema="]],
    ['op.drop_constraint("uq", "users", <|>', ["type_=", "schema=", "if_exists="]],
    ['op.drop_constraint("uq", "users", "unique", <|>', ["schema=", "if_exists="]],
    ['with op.batch_alter_table("users") as batch_op:\n    batch_op.drop_constraint("uq", <|>)', ["type_="]],
    ['sa.Column("a", <|>)', []],
    ["op.<|>", []],
  ])("%s", async (line, expected) => {
    expect(await labels(line)).toEqual(expected);
  });

  test("of PostgreSQL is offered on PostgreSQL", async () => {
    const line = at('op.create_index("ix", "users", ["id"], <|>)');
    expect((await complete(line)).labels).toContain("postgresql_concurrently=");
    expect((await complete(line, { dialect: "mysql" })).labels).toEqual(["schema=", "unique=", "if_not_exists="]);
  });
});

describe("SQL", () => {
  const all = ["Odd Name", "app.audit", "teams", "users"];
  test.each<[string, readonly string[]]>([
    ["SELECT * FROM <|>", all],
    ["SELECT * FROM users u JOIN <|>", all],
    ["UPDATE <|> SET a = 1", all],
    ["INSERT INTO <|>", all],
    ["DELETE FROM <|>", all],
    ["ALTER TABLE <|>", ["Odd Name", "app.audit", "teams", "users"]],
    ["DROP TABLE IF EXISTS <|>", ["Odd Name", "app.audit", "teams", "users"]],
    ["DROP TABLE users, <|>", ["Odd Name", "app.audit", "teams", "users"]],
    ["TRUNCATE <|>", all],
    ["SELECT * FROM users, <|>", all],
    ["SELECT * FROM app.<|>", ["audit"]],
    ["SELECT <|> FROM users", users],
    ["SELECT id, <|> FROM users", users],
    ["SELECT * FROM users WHERE <|>", users],
    ["SELECT * FROM users WHERE id = 1 AND em<|>", users],
    ["SELECT * FROM users WHERE id IN (SELECT <|>)", users],
    ["SELECT count(<|>) FROM users", users],
    ["SELECT * FROM users ORDER BY <|>", users],
    ["SELECT * FROM users u WHERE u.<|>", users],
    ["SELECT * FROM users u JOIN teams AS t ON t.<|> = u.team_id", ["id", "title"]],
    ["SELECT * FROM users WHERE users.<|>", users],
    ["SELECT * FROM users WHERE teams.<|>", []],
    ["SELECT * FROM users u WHERE <|>", [...users, "u"]],
    ["SELECT * FROM users JOIN teams ON <|>", [...users, "id", "title", "users", "teams"]],
    ["UPDATE users SET <|>", users],
    ["UPDATE users SET email = lower(<|>)", users],
    ["UPDATE users SET email = title, <|> FROM teams", users],
    ["UPDATE users SET email = <|> FROM teams", [...users, "id", "title", "users", "teams"]],
    ["INSERT INTO users (id, <|>", users],
    ["INSERT INTO users (id) VALUES (<|>", []],
    ["INSERT INTO teams (id) SELECT <|> FROM users", ["id", "title", ...users, "teams", "users"]],
    ["ALTER TABLE users DROP COLUMN <|>", users],
    ["ALTER TABLE users DROP COLUMN IF EXISTS <|>", users],
    ["ALTER TABLE users DROP <|>", users],
    ["ALTER TABLE users ALTER COLUMN <|>", users],
    ["ALTER TABLE users ALTER <|> SET NOT NULL", users],
    ["ALTER TABLE users ALTER COLUMN email TYPE <|>", ["mood"]],
    ["ALTER TABLE users RENAME COLUMN <|> TO x", users],
    ["ALTER TABLE users RENAME COLUMN email TO <|>", []],
    ["ALTER TABLE users ADD COLUMN <|>", []],
    ["ALTER TABLE users ADD COLUMN feeling <|>", ["mood"]],
    ["ALTER TABLE users ADD CONSTRAINT <|>", []],
    ["ALTER TABLE users ADD COLUMN a integer, DROP COLUMN <|>", users],
    ["ALTER TABLE users DROP CONSTRAINT <|>", ["users_pkey", "users_email_key", "users_team_id_fkey"]],
    ["ALTER TABLE users VALIDATE CONSTRAINT <|>", ["users_pkey", "users_email_key", "users_team_id_fkey"]],
    ["ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (<|>", users],
    [
      "ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES <|>",
      ["Odd Name", "app.audit", "teams", "users"],
    ],
    ["ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES teams (<|>", ["id", "title"]],
    ["ALTER TABLE users ADD CHECK (<|> > 0)", users],
    ["ALTER TABLE users SET SCHEMA <|>", ["app"]],
    ["CREATE INDEX <|> ON users (id)", []],
    ["CREATE INDEX CONCURRENTLY ix ON <|>", all],
    ["CREATE INDEX ix ON users (<|>", users],
    ["CREATE INDEX ix ON users USING gin (<|>", users],
    ["CREATE INDEX ix ON users (id) WHERE <|>", users],
    ["DROP INDEX <|>", ["ix_users_team"]],
    ["DROP INDEX CONCURRENTLY IF EXISTS <|>", ["ix_users_team"]],
    ["CREATE TABLE <|>", []],
    ["CREATE TABLE notes (<|>", []],
    ["CREATE TABLE notes (id integer, user_id integer REFERENCES <|>", ["Odd Name", "app.audit", "teams", "users"]],
    ["CREATE TABLE notes (id integer, user_id integer REFERENCES users (<|>", users],
    ["CREATE TABLE notes (feeling <|>", ["mood"]],
    ["CREATE TABLE copied AS SELECT <|> FROM users", users],
    ["DROP TYPE <|>", ["mood"]],
    ["ALTER TYPE <|> ADD VALUE 'x'", ["mood"]],
    ["SELECT 'x'::<|>", ["mood"]],
    ["COMMENT ON COLUMN users.<|>", users],
    ["COMMENT ON TABLE <|>", ["Odd Name", "app.audit", "teams", "users"]],
    ["DELETE FROM teams; UPDATE users SET <|>; DROP TABLE teams", users],
    ["SELECT * FROM users WHERE email = '<|>'", []],
    ["SELECT * FROM users -- <|>", []],
    ["SELECT * FROM users WHERE id = :na<|>me", []],
    ["SELECT email AS <|> FROM users", []],
    ["SELECT email <|> FROM users", []],
    ["SELECT * FROM users LIMIT <|>", []],
    ["DO $$ BEGIN UPDATE users SET <|> ; END $$", users],
    ["<|>", []],
    ["SEL<|>", []],
    ["WITH moved AS (DELETE FROM users RETURNING <|>) SELECT 1", users],
    ["SELECT id FROM users WHERE email IS DISTINCT FROM <|>", users],
    ["SELECT extract(year FROM <|>) FROM app.audit", ["at"]],
  ])("%s", async (sql, expected) => {
    expect(await labels(`op.execute("""${sql}""")`)).toEqual(expected);
  });

  test.each([
    'op.execute(sa.text("SELECT * FROM users WHERE <|>"))',
    'op.get_bind().execute(sa.text("SELECT * FROM users WHERE <|>"))',
    'op.get_bind().exec_driver_sql("SELECT * FROM users WHERE <|>")',
    'statement = "SELECT * FROM users WHERE <|>"',
    'op.execute("SELECT * FROM users " "WHERE <|>")',
    'op.execute("SELECT * FROM users "\n    "WHERE <|>"\n    " = 1")',
    'op.execute("SELECT * FROM " + "users WHERE <|>")',
    'op.execute("SELECT * FROM users WHERE x = %s AND <|>" % 1)',
    'op.create_check_constraint("ck", "users", "<|>")',
    'op.create_check_constraint("ck", "users", sa.text("id > 0 AND <|>"))',
    'op.create_index("ix", "users", [sa.text("lower(<|>)")])',
    'op.create_index("ix", "users", ["id"], postgresql_where=sa.text("<|> IS NULL"))',
  ])("is where SQL stands: %s", async (line) => {
    expect(await labels(line)).toEqual(users);
  });

  test("tables of what is computed are not known", async () => {
    expect(await labels('op.execute(f"SELECT * FROM {name} WHERE <|>")')).toEqual([]);
    expect(await labels('op.execute(f"SELECT * FROM {prefix}us<|>")')).toEqual([]);
  });
});

describe("the id of a revision", () => {
  const history = (link: string): string => `-- versions/0001_first.py --
pass
-- versions/0002_second.py --
pass
-- versions/0004_side.py --
"""side

Create Date: 2026-03-01 10:00:00
"""
revision = "0004"
down_revision = "0001"
-- versions/0003_next.py --
"""next"""
revision = "0003"
${link}
`;

  test("is offered, the heads first, then the newest", async () => {
    expect((await complete(history('down_revision = "<|>"'))).labels).toEqual(["0004", "0002", "0001"]);
    expect((await complete(history('down_revision = ("0001", "<|>"'))).labels).toEqual(["0004", "0002", "0001"]);
    expect((await complete(history('down_revision: str | None = "00<|>"'))).take("0002")).toBe(
      'down_revision: str | None = "0002"',
    );
    expect((await complete(history('down_revision = "0002"\ndepends_on = ["<|>"]'))).labels).toEqual([
      "0004",
      "0002",
      "0001",
    ]);
  });

  test("is none of those that come after", async () => {
    const source = `-- versions/0001_first.py --\nrevision = "0001"\ndown_revision = "<|>"\n-- versions/0002_second.py --\npass\n`;
    expect((await complete(source)).labels).toEqual([]);
  });
});
