import { describe, expect, test } from "vitest";
import { splitMixedMigration as split } from "../../server/src/refactorings/split-mixed-migration.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { functionOf, source, splits } from "./parts.ts";

const seed = `
def upgrade() -> None:
    # Schema change
    op.add_column("users", sa.Column("full_name", sa.String(200)))

    # Data migration in the same step -- holds table lock
    connection = op.get_bind()
    connection.execute(
        sa.text("UPDATE users SET full_name = first_name || ' ' || last_name")
    )

    # More schema changes while data is being migrated
    op.drop_column("users", "first_name")
    op.drop_column("users", "last_name")


def downgrade() -> None:
    op.add_column("users", sa.Column("last_name", sa.String(100)))
    op.add_column("users", sa.Column("first_name", sa.String(100)))
    op.drop_column("users", "full_name")
`;

describe("the seed's example", () => {
  test("becomes the seed's three revisions", async () => {
    const { texts, made } = await splits(seed);
    expect(made.parts.map(({ name, isNew }) => [name, isNew])).toEqual([
      ["expand", true],
      ["backfill", true],
      ["contract", false],
    ]);
    expect(texts.map((text) => functionOf(text, "upgrade"))).toEqual([
      `def upgrade() -> None:
    # Schema change
    op.add_column("users", sa.Column("full_name", sa.String(200)))`,
      `def upgrade() -> None:
    # Data migration in the same step -- holds table lock
    connection = op.get_bind()
    connection.execute(
        sa.text("UPDATE users SET full_name = first_name || ' ' || last_name")
    )`,
      `def upgrade() -> None:
    # More schema changes while data is being migrated
    op.drop_column("users", "first_name")
    op.drop_column("users", "last_name")`,
    ]);
    expect(texts.map((text) => functionOf(text, "downgrade"))).toEqual([
      `def downgrade() -> None:
    op.drop_column("users", "full_name")`,
      `def downgrade() -> None:
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE users SET full_name = NULL"))`,
      `def downgrade() -> None:
    op.add_column("users", sa.Column("last_name", sa.String(100)))
    op.add_column("users", sa.Column("first_name", sa.String(100)))`,
    ]);
  });

  test("keeps the original id on the last part and puts the new ones before it", async () => {
    const { made } = await splits(seed);
    const [expand, backfill, contract] = made.parts;
    expect(contract?.revision).toBe("0002");
    const { revisions } = made.after.history;
    expect(revisions.get("0002")?.parents).toEqual([backfill?.revision]);
    expect(revisions.get(backfill?.revision ?? "")?.parents).toEqual([expand?.revision]);
    expect(revisions.get(expand?.revision ?? "")?.parents).toEqual(["0001"]);
  });

  test("has nothing more to offer afterwards, on any part", async () => {
    const { made } = await splits(seed);
    for (const { path } of made.parts) {
      const file = made.after.files.get(path);
      if (file === undefined) throw new Error(`${path} is missing`);
      expect(split.plan({ project: made.after, file, range: { start: 0, end: 0 } })).toBeUndefined();
    }
  });

  test("is one change: new files first, then the edit of the original", async () => {
    const { made } = await splits(seed);
    expect(made.result.change.create.map(({ path }) => path)).toEqual(made.parts.slice(0, -1).map((part) => part.path));
    expect(made.result.change.edit.map(({ path }) => path)).toEqual(["/project/versions/0002_case.py"]);
  });

  test("gives the same answer each time", async () => {
    const [one, other] = [await splits(seed), await splits(seed)];
    expect(one.texts).toEqual(other.texts);
  });
});

describe("phases", () => {
  test("as many as the code demands", async () => {
    const { up } = await splits(`
op.add_column("a", sa.Column("x", sa.Integer()))
op.execute("UPDATE a SET x = 1")
op.create_unique_constraint("uq_a_x", "a", ["x"])
op.execute("INSERT INTO a (x) VALUES (2) ON CONFLICT (x) DO NOTHING")
op.alter_column("a", "x", nullable=False)
`);
    expect(Object.keys(up)).toEqual(["expand 1", "backfill 1", "expand 2", "backfill 2", "contract"]);
  });

  test("data first where nothing of the schema is needed before it", async () => {
    const { up } = await splits(`
op.execute("UPDATE a SET x = 1 WHERE x IS NULL")
op.alter_column("a", "x", nullable=False)
`);
    expect(Object.keys(up)).toEqual(["backfill", "contract"]);
  });

  test("statements on other tables are gathered", async () => {
    const { up } = await splits(`
op.add_column("a", sa.Column("x", sa.Integer()))
op.execute("UPDATE a SET x = y")
op.drop_column("a", "y")
op.add_column("b", sa.Column("x", sa.Integer()))
op.execute("UPDATE b SET x = y")
op.drop_column("b", "y")
`);
    expect(up).toEqual({
      expand: `op.add_column("a", sa.Column("x", sa.Integer()))\nop.add_column("b", sa.Column("x", sa.Integer()))`,
      backfill: `op.execute("UPDATE a SET x = y")\nop.execute("UPDATE b SET x = y")`,
      contract: `op.drop_column("a", "y")\nop.drop_column("b", "y")`,
    });
  });

  test("a plain index of a new column goes with the column, a unique one waits for the rows", async () => {
    const { up } = await splits(`
op.add_column("a", sa.Column("x", sa.Integer()))
op.execute("UPDATE a SET x = id")
op.create_index("ix_a_x", "a", ["x"])
op.create_index("ux_a_x", "a", ["x"], unique=True)
`);
    expect(up["expand"]).toContain("ix_a_x");
    expect(up["contract"]).toContain("ux_a_x");
  });

  test("a constraint that forbids the new value goes before it is written", async () => {
    const { up } = await splits(`
op.drop_constraint("ck_a", "a", type_="check")
op.execute("UPDATE a SET x = 'new'")
op.create_check_constraint("ck_a", "a", "x IN ('new')")
`);
    expect(Object.keys(up)).toEqual(["expand", "backfill", "contract"]);
  });

  test("an index or constraint that is replaced stays in one piece", async () => {
    const { up } = await splits(`
op.add_column("b", sa.Column("z", sa.Integer()))
op.execute("UPDATE b SET z = 1")
op.drop_constraint("fk_b", "b", type_="foreignkey")
op.create_foreign_key("fk_b", "b", "c", ["z"], ["id"], ondelete="CASCADE")
`);
    expect(up["contract"]).toBe(
      `op.drop_constraint("fk_b", "b", type_="foreignkey")\nop.create_foreign_key("fk_b", "b", "c", ["z"], ["id"], ondelete="CASCADE")`,
    );
  });

  test("rows of its own stay with a new table, rows copied into one do not", async () => {
    const { up } = await splits(`
roles = op.create_table("roles", sa.Column("id", sa.Integer()), sa.Column("name", sa.String(20)))
op.bulk_insert(roles, [{"id": 1, "name": "admin"}])
op.create_table("grants", sa.Column("user_id", sa.Integer()), sa.Column("role_id", sa.Integer()))
op.execute("INSERT INTO grants (user_id, role_id) SELECT id, 1 FROM users WHERE is_admin")
op.drop_column("users", "is_admin")
`);
    expect(up["expand"]).toContain("bulk_insert");
    expect(up["backfill"]).toMatch(/^op\.execute\("INSERT INTO grants/);
    expect(up["contract"]).toContain("is_admin");
  });

  test("an enum rebuilt by way of a temporary type changes its values in the middle", async () => {
    const { up } = await splits(`
tmp = sa.Enum("todo", "done", "pending", name="tmp_status")
new = sa.Enum("done", "pending", name="status")
tmp.create(op.get_bind(), checkfirst=False)
op.execute("ALTER TABLE tasks ALTER COLUMN status TYPE tmp_status USING status::text::tmp_status")
op.execute("UPDATE tasks SET status = 'pending' WHERE status = 'todo'")
op.execute("DROP TYPE status")
new.create(op.get_bind(), checkfirst=False)
op.execute("ALTER TABLE tasks ALTER COLUMN status TYPE status USING status::text::status")
tmp.drop(op.get_bind(), checkfirst=False)
`);
    expect(Object.keys(up)).toEqual(["expand", "backfill", "contract"]);
    expect(up["backfill"]).toBe(`op.execute("UPDATE tasks SET status = 'pending' WHERE status = 'todo'")`);
  });

  test("a loop over constants becomes the same loop in each part", async () => {
    const { up } = await splits(`
for table in ("a", "b"):
    op.add_column(table, sa.Column("x", sa.Integer()))
    op.execute(f"UPDATE {table} SET x = 1")
    op.alter_column(table, "x", nullable=False)
`);
    expect(up["backfill"]).toBe(`for table in ("a", "b"):\nop.execute(f"UPDATE {table} SET x = 1")`);
    expect(Object.keys(up)).toEqual(["expand", "backfill", "contract"]);
  });

  test("a guard for a dialect is repeated with what it guards, in both arms", async () => {
    const { up } = await splits(`
bind = op.get_bind()
if bind.dialect.name == "postgresql":
    op.add_column("a", sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = 1")
else:
    op.add_column("a", sa.Column("x", sa.BigInteger()))
    op.execute("UPDATE a SET x = 2")
`);
    expect(up).toEqual({
      expand: `bind = op.get_bind()
if bind.dialect.name == "postgresql":
op.add_column("a", sa.Column("x", sa.Integer()))
else:
op.add_column("a", sa.Column("x", sa.BigInteger()))`,
      backfill: `bind = op.get_bind()
if bind.dialect.name == "postgresql":
op.execute("UPDATE a SET x = 1")
else:
op.execute("UPDATE a SET x = 2")`,
    });
  });

  test("an arm that keeps nothing becomes pass, or goes where it is the last", async () => {
    const { up } = await splits(`
bind = op.get_bind()
if bind.dialect.name == "mysql":
    op.execute("UPDATE a SET y = 1")
else:
    op.add_column("a", sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = 2")
`);
    expect(up["expand"]).toContain(`if bind.dialect.name == "mysql":\npass\nelse:\nop.add_column`);
  });

  test("an early return for a dialect is repeated in each part", async () => {
    const { up } = await splits(`
if op.get_bind().dialect.name != "postgresql":
    return
op.add_column("a", sa.Column("x", sa.Integer()))
op.execute("UPDATE a SET x = 1")
`);
    for (const body of Object.values(up))
      expect(body).toMatch(/^if op.get_bind\(\).dialect.name != "postgresql":\nreturn\n/);
  });

  test.each([
    `if not sa.inspect(op.get_bind()).has_table("a"):`,
    `if "a" not in sa.inspect(op.get_bind()).get_table_names():`,
    `if op.get_bind().dialect.name == "sqlite" or not column_exists("a", "y", op.get_bind()):`,
  ])("an early return is repeated that asks for what the revision leaves as it is: %s", async (test) => {
    const { up } = await splits(`
from app import column_exists

def upgrade():
    ${test}
        return
    op.add_column("a", sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = 1")
    op.alter_column("a", "x", nullable=False)


def downgrade():
    pass
`);
    expect(up).toEqual({
      expand: `${test}\nreturn\nop.add_column("a", sa.Column("x", sa.Integer()))`,
      backfill: `${test}\nreturn\nop.execute("UPDATE a SET x = 1")`,
      contract: `${test}\nreturn\nop.alter_column("a", "x", nullable=False)`,
    });
  });

  test("a test for a table that the revision leaves is repeated around each half", async () => {
    const { up } = await splits(`
if sa.inspect(op.get_bind()).has_table("a"):
    op.add_column("a", sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = 1")
`);
    expect(up).toEqual({
      expand: `if sa.inspect(op.get_bind()).has_table("a"):\nop.add_column("a", sa.Column("x", sa.Integer()))`,
      backfill: `if sa.inspect(op.get_bind()).has_table("a"):\nop.execute("UPDATE a SET x = 1")`,
    });
  });

  test("a batch block that holds both becomes two blocks", async () => {
    const { up } = await splits(`
with op.batch_alter_table("a", schema=None) as batch_op:
    batch_op.execute("UPDATE a SET z = 1")
    batch_op.alter_column("z", nullable=False)
`);
    expect(up).toEqual({
      backfill: `with op.batch_alter_table("a", schema=None) as batch_op:\nbatch_op.execute("UPDATE a SET z = 1")`,
      contract: `with op.batch_alter_table("a", schema=None) as batch_op:\nbatch_op.alter_column("z", nullable=False)`,
    });
  });
});

/** A context manager before `upgrade()`, and a block under it that holds both halves. */
const under = (manager: string, opened = "scope()"): string => `
from contextlib import contextmanager, nullcontext, suppress

@contextmanager
def scope():
${manager}


def upgrade() -> None:
    with ${opened}:
        op.add_column("a", sa.Column("x", sa.Integer()))
        op.execute("UPDATE a SET x = 1")


def downgrade() -> None:
    pass
`;

describe("a block under a context manager", () => {
  test.each([
    [
      "that sets something for the session, by the dialect",
      `    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA foreign_keys=off")
        yield op
        op.execute("PRAGMA foreign_keys=on")
    else:
        op.execute("SET LOCAL lock_timeout = '5s'")
        yield op`,
    ],
    [
      "that asks the database on another dialect only",
      `    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        yield
        return
    sequence = connection.execute(sa.text("SELECT seq FROM sqlite_sequence")).scalar()
    yield
    if sequence is not None:
        connection.execute(sa.text("UPDATE sqlite_sequence SET seq = :seq"), {"seq": sequence})`,
    ],
    [
      "that hands on what goes wrong",
      `    bind = op.get_context().bind
    if not (bind and bind.dialect.name == "sqlite"):
        yield
    else:
        try:
            op.execute("BEGIN")
            yield
            op.execute("END")
        except Exception:
            op.execute("ROLLBACK")
            raise`,
    ],
  ])("%s is repeated around each half", async (_, manager) => {
    const { up, texts } = await splits(under(manager));
    expect(up).toEqual({
      expand: `with scope():\nop.add_column("a", sa.Column("x", sa.Integer()))`,
      backfill: `with scope():\nop.execute("UPDATE a SET x = 1")`,
    });
    for (const text of texts) expect(text).toContain("def scope():");
  });

  test.each([
    [
      "that asks what the database holds",
      `    if sa.inspect(op.get_bind()).has_table("a"):
        yield
    else:
        yield`,
    ],
    ["that changes rows of its own", `    op.execute("UPDATE log SET n = 1")\n    yield`],
    [
      "that ends what goes wrong",
      `    try:
        yield
    except Exception:
        pass`,
    ],
    [
      "that chooses by what was read",
      `    if op.get_bind().execute(sa.text("SELECT 1 FROM a")).scalar():
        op.execute("SET lock_timeout = 0")
    yield`,
    ],
  ])("%s is refused", async (_, manager) => {
    await refuses(split, source(under(manager)), /^The `with` block on line \d+ changes both schema and data/);
  });

  test("that is opened beside a batch block is asked as well", async () => {
    const batch = 'op.batch_alter_table("a") as batch_op';
    const { up } = await splits(under("    yield", `scope(), ${batch}`));
    expect(up["backfill"]).toBe(`with scope(), ${batch}:\nop.execute("UPDATE a SET x = 1")`);
    await refuses(split, source(under("    yield", `suppress(ValueError), ${batch}`)), /cannot be repeated/);
  });
});

describe("what statements need goes with them", () => {
  test("pure locals are made again, also where one name is bound several times", async () => {
    const { up } = await splits(`
conn = op.get_bind()
stmt = "ALTER TABLE a ADD COLUMN x integer"
conn.execute(sa.text(stmt))
stmt = "UPDATE a SET x = 1"
conn.execute(sa.text(stmt))
stmt = "ALTER TABLE a ALTER COLUMN x SET NOT NULL"
conn.execute(sa.text(stmt))
`);
    expect(up["backfill"]).toBe(`conn = op.get_bind()\nstmt = "UPDATE a SET x = 1"\nconn.execute(sa.text(stmt))`);
  });

  test("a list that is filled later is filled in each part", async () => {
    const { up } = await splits(`
names = ["a"]
names.append("b")
for name in names:
    op.add_column("t", sa.Column(name, sa.Integer()))
op.execute("UPDATE t SET a = 1, b = 2")
`);
    expect(up["expand"]).toMatch(/^names = \["a"\]\nnames.append\("b"\)\nfor/);
    expect(up["backfill"]).toBe(`op.execute("UPDATE t SET a = 1, b = 2")`);
  });

  test("settings of the transaction are set in each", async () => {
    const { up } = await splits(`
op.execute("SET LOCAL lock_timeout = '5s'")
op.add_column("a", sa.Column("x", sa.Integer()))
op.execute("SET session_replication_role = replica")
op.execute("UPDATE a SET x = 1")
op.execute("SET session_replication_role = DEFAULT")
op.alter_column("a", "x", nullable=False)
`);
    expect(up).toEqual({
      expand: `op.execute("SET LOCAL lock_timeout = '5s'")\nop.add_column("a", sa.Column("x", sa.Integer()))`,
      backfill: `op.execute("SET LOCAL lock_timeout = '5s'")\nop.execute("SET session_replication_role = replica")\nop.execute("UPDATE a SET x = 1")\nop.execute("SET session_replication_role = DEFAULT")`,
      contract: `op.execute("SET LOCAL lock_timeout = '5s'")\nop.alter_column("a", "x", nullable=False)`,
    });
  });

  test("maintenance and reports stay behind the work that they are about", async () => {
    const { up } = await splits(`
op.add_column("a", sa.Column("x", sa.Integer()))
print("filling")
result = op.get_bind().execute(sa.text("UPDATE a SET x = 1"))
print(f"{result.rowcount} rows")
op.execute("ANALYZE a")
op.alter_column("a", "x", nullable=False)
`);
    expect(up["backfill"]).toBe(
      `result = op.get_bind().execute(sa.text("UPDATE a SET x = 1"))\nprint(f"{result.rowcount} rows")\nop.execute("ANALYZE a")`,
    );
  });

  test("a check that raises stays with what it guards", async () => {
    const { up } = await splits(`
conn = op.get_bind()
op.add_column("b", sa.Column("z", sa.Integer()))
op.execute("UPDATE b SET z = 1")
duplicates = conn.execute(sa.text("SELECT x FROM a GROUP BY x HAVING count(*) > 1")).fetchall()
if duplicates:
    raise RuntimeError("duplicates")
op.create_unique_constraint("uq", "a", ["x"])
`);
    const part = Object.values(up).find((body) => body.includes("create_unique"));
    expect(part).toContain("raise RuntimeError");
    expect(Object.values(up).filter((body) => body.includes("raise"))).toHaveLength(1);
  });

  test("a table object is written again where its creation is in another part", async () => {
    const { up } = await splits(`
tags = op.create_table("tags", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(20)))
conn = op.get_bind()
rows = conn.execute(sa.text("SELECT tag FROM posts")).fetchall()
op.bulk_insert(tags, [{"name": row.tag} for row in rows])
op.drop_column("posts", "tag")
`);
    expect(up["backfill"]).toBe(`conn = op.get_bind()
rows = conn.execute(sa.text("SELECT tag FROM posts")).fetchall()
tags = sa.table(
"tags",
sa.column("id", sa.Integer()),
sa.column("name", sa.String(20)),
)
op.bulk_insert(tags, [{"name": row.tag} for row in rows])`);
  });

  test("imports, constants and helpers are exactly those that each part uses", async () => {
    const { texts } = await splits(`
import json  # noqa: F401
import os, sys
from sqlalchemy.dialects import postgresql
from sqlalchemy import (
    Integer,
    text,
)

SQL = "UPDATE a SET x = '{}'"
UNUSED = os.sep


def fill(connection):
    connection.execute(text(SQL))


def upgrade() -> None:
    op.add_column("a", sa.Column("x", postgresql.JSONB()))
    fill(op.get_bind())
    op.add_column("b", sa.Column("x", Integer()))
    op.drop_column("a", "y")


def downgrade() -> None:
    pass
`);
    const [expand = "", backfill = "", contract = ""] = texts;
    expect(expand).toContain(
      "import json  # noqa: F401\nfrom sqlalchemy.dialects import postgresql\nfrom sqlalchemy import (\n    Integer,\n)",
    );
    expect(expand).not.toMatch(/SQL|fill|import os/);
    expect(backfill).toContain("from sqlalchemy import (\n    text,\n)");
    expect(backfill).toContain("def fill(connection):");
    expect(backfill).not.toMatch(/postgresql|UNUSED|sqlalchemy as sa/);
    expect(contract).toContain("import os, sys\n");
    expect(contract).toContain("UNUSED = os.sep");
    expect(contract).not.toMatch(/def fill|SQL =|postgresql|import text/);
  });

  test("a session's work stays together, with its model", async () => {
    const { texts } = await splits(`
from sqlalchemy.orm import Session, declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    n = sa.Column(sa.Integer)


def upgrade():
    session = Session(bind=op.get_bind())
    op.add_column("users", sa.Column("n", sa.Integer(), nullable=True))
    for user in session.query(User):
        user.n = 1
    session.commit()
    op.alter_column("users", "n", nullable=False)


def downgrade():
    pass
`);
    expect(texts.map((text) => text.includes("class User"))).toEqual([false, true, false]);
    expect(functionOf(texts[1] ?? "", "upgrade")).toBe(`def upgrade():
    session = Session(bind=op.get_bind())
    for user in session.query(User):
        user.n = 1
    session.commit()`);
  });
});

describe("the downgrade", () => {
  const fill = (downgrade: string): string => `
def upgrade():
    op.add_column("users", sa.Column("n", sa.Integer(), nullable=True))
    op.execute("UPDATE users SET n = old")
    op.alter_column("users", "n", existing_type=sa.Integer(), nullable=False)
    op.drop_column("users", "old")
${downgrade}`;

  test.each([
    ["pass", "\n\ndef downgrade():\n    pass\n"],
    ["raise", '\n\ndef downgrade():\n    raise NotImplementedError("no way back")\n'],
    ["a docstring", '\n\ndef downgrade():\n    """Nothing to do."""\n'],
    ["absence", ""],
  ])("keeps the form %s in every part", async (_, downgrade) => {
    const { texts, made } = await splits(fill(downgrade));
    for (const text of texts) expect(functionOf(text, "downgrade")).toBe(downgrade.trim());
    expect(made.result.notes.join()).toMatch(/downgrade\(\)/);
  });

  test("empties what was filled, after NOT NULL is taken back", async () => {
    const { down } = await splits(
      fill(`

def downgrade():
    op.add_column("users", sa.Column("old", sa.Integer()))
    op.drop_column("users", "n")
`),
    );
    expect(down).toEqual({
      expand: `op.drop_column("users", "n")`,
      backfill: `op.execute("UPDATE users SET n = NULL")`,
      contract: `op.add_column("users", sa.Column("old", sa.Integer()))\nop.alter_column("users", "n", existing_type=sa.Integer(), nullable=True)`,
    });
  });

  test("does not take NOT NULL back twice", async () => {
    const { down } = await splits(
      fill(`

def downgrade():
    op.add_column("users", sa.Column("old", sa.Integer()))
    op.alter_column("users", "n", nullable=True)
    op.drop_column("users", "n")
`),
    );
    expect(down["contract"]?.match(/alter_column/g)).toHaveLength(1);
  });

  test("does not empty what it fills back", async () => {
    const { down } = await splits(
      fill(`

def downgrade():
    op.add_column("users", sa.Column("old", sa.Integer()))
    op.execute("UPDATE users SET old = n")
    op.alter_column("users", "old", nullable=False)
    op.drop_column("users", "n")
`),
    );
    expect(down).toEqual({
      expand: `op.alter_column("users", "old", nullable=False)\nop.drop_column("users", "n")`,
      backfill: `op.execute("UPDATE users SET old = n")`,
      contract: `op.add_column("users", sa.Column("old", sa.Integer()))`,
    });
  });

  test("leaves NULL out where the way back to it cannot be written", async () => {
    const { down } = await splits(`
def upgrade():
    op.add_column("users", sa.Column("n", sa.Integer(), nullable=True))
    op.execute("UPDATE users SET n = old")
    op.alter_column("users", "n", nullable=False, server_default="0")


def downgrade():
    op.drop_column("users", "n")
`);
    expect(down).toEqual({ expand: `op.drop_column("users", "n")`, backfill: "pass", contract: "pass" });
  });

  test("quotes names as the file and the database want them", async () => {
    const { down } = await splits(`
def upgrade():
    op.add_column("Order", sa.Column("fullName", sa.Integer()), schema="app")
    op.execute('UPDATE app."Order" SET "fullName" = 1')


def downgrade():
    op.drop_column("Order", "fullName", schema="app")
`);
    expect(down["backfill"]).toBe(`op.execute('UPDATE app."Order" SET "fullName" = NULL')`);
  });

  test("cuts a batch block that undoes several parts", async () => {
    const { down } = await splits(`
def upgrade():
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("n", sa.Integer(), nullable=True))
    op.execute("UPDATE users SET n = old")
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_column("old")


def downgrade():
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("old", sa.Integer()))
        batch_op.drop_column("n")
`);
    expect(down["expand"]).toBe(`with op.batch_alter_table("users") as batch_op:\nbatch_op.drop_column("n")`);
    expect(down["contract"]).toContain(`batch_op.add_column(sa.Column("old", sa.Integer()))`);
  });

  test("keeps data with the schema that cannot do without it", async () => {
    const { down } = await splits(`
def upgrade():
    op.execute("UPDATE a SET x = '1'")
    op.alter_column("a", "x", type_=sa.Integer(), postgresql_using="x::integer")


def downgrade():
    op.execute("UPDATE a SET x = 1")
    op.alter_column("a", "x", type_=sa.String())
`);
    expect(down).toEqual({
      backfill: "pass",
      contract: `op.execute("UPDATE a SET x = 1")\nop.alter_column("a", "x", type_=sa.String())`,
    });
  });

  test("may stand on one line", async () => {
    const { texts } = await splits(`
def upgrade():
    op.add_column("a", sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = 1")


def downgrade(): op.drop_column("a", "x")
`);
    expect(texts.map((text) => functionOf(text, "downgrade"))).toEqual([
      `def downgrade(): op.drop_column("a", "x")`,
      `def downgrade():\n    op.execute("UPDATE a SET x = NULL")`,
    ]);
  });
});

describe("the style of the file", () => {
  const old = `
-- versions/0001_base.py --
revision = 'aaaaaaaaaaaa'
down_revision = None
-- versions/2024_03_04_bbbbbbbbbbbb_names.py --
# Copyright by someone
"""Names for all.

Revision ID: bbbbbbbbbbbb
Revises: aaaaaaaaaaaa
Create Date: 2024-03-04 05:06:07.123456

More words.
"""

# revision identifiers, used by Alembic.
revision = 'bbbbbbbbbbbb'
down_revision = ('aaaaaaaaaaaa',)
branch_labels = ('names',)
depends_on = ('aaaaaaaaaaaa',)

from alembic import op
import sqlalchemy as sa


def upgrade():
\top.add_column('a', sa.Column('x', sa.Integer()))  # trailing

\t# fill
\top.execute(
\t\t"UPDATE a SET x = 1"
\t)  # after
\top.alter_column('a', 'x', nullable=False)
\t# the end


def downgrade():
\top.drop_column('a', 'x')
`;

  test("header, quotes, tuples, tabs and comments are kept", async () => {
    const { parts } = await refactors(split, old);
    const [expand, backfill, contract] = parts;
    const id = backfill?.revision ?? "";
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(backfill?.text).toBe(`# Copyright by someone
"""Names for all. (backfill)

Revision ID: ${id}
Revises: ${expand?.revision ?? ""}
Create Date: 2024-03-04 05:06:07.123456

More words.
"""

# revision identifiers, used by Alembic.
revision = '${id}'
down_revision = ('${expand?.revision ?? ""}',)
branch_labels = None
depends_on = None

from alembic import op


def upgrade():
\t# fill
\top.execute(
\t\t"UPDATE a SET x = 1"
\t)  # after


def downgrade():
\top.execute('UPDATE a SET x = NULL')
`);
    expect(contract?.text).toContain(`"""Names for all.\n\nRevision ID: bbbbbbbbbbbb\nRevises: ${id}\n`);
    expect(contract?.text).toContain("branch_labels = ('names',)\ndepends_on = None\n");
    expect(contract?.text).toContain("\top.alter_column('a', 'x', nullable=False)\n\t# the end\n");
    expect(expand?.text).toContain("branch_labels = None\ndepends_on = ('aaaaaaaaaaaa',)\n");
    expect(expand?.text).toContain("op.add_column('a', sa.Column('x', sa.Integer()))  # trailing\n");
  });

  test("line ends are the file's own", async () => {
    const crlf = (text: string): string => text.replace(/\n(?!-- )/g, "\r\n").replace(/^\r\n/, "\n");
    const [base, rest] = old.split("-- versions/2024");
    const { parts } = await refactors(
      split,
      `${base ?? ""}-- versions/2024${crlf(rest ?? "").replace(" --\r\n", " --\n")}`,
    );
    for (const { text } of parts) expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });

  test("annotations of identifiers and functions stay", async () => {
    const { texts } = await splits(seed);
    for (const text of texts) {
      expect(text).toMatch(/^down_revision: Union\[str, Sequence\[str\], None\] = "\w+"$/m);
      expect(text).toContain("from typing import Sequence, Union\n");
    }
  });

  test("a base revision's empty Revises is filled in the parts that follow", async () => {
    const { parts } = await refactors(
      split,
      `
-- versions/0001_first.py --
"""first

Revision ID: 0001
Revises:
Create Date: 2024-03-04 05:06:07.123456
"""
revision = "0001"
down_revision = None

from alembic import op
import sqlalchemy as sa


def upgrade():
    op.add_column("a", sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = 1")


def downgrade():
    op.drop_column("a", "x")
`,
    );
    const [expand, backfill] = parts;
    expect(expand?.text).toContain("Revises:\nCreate");
    expect(expand?.text).toContain("down_revision = None");
    expect(backfill?.text).toContain(`Revises: ${expand?.revision ?? ""}\nCreate`);
    expect(backfill?.text).toContain(`down_revision = "${expand?.revision ?? ""}"`);
  });

  test("file names follow the project's template, with the original's date", async () => {
    const { parts } = await refactors(
      split,
      `
-- alembic.ini --
[alembic]
script_location = %(here)s
file_template = %%(year)d_%%(month).2d_%%(day).2d-%%(rev)s_%%(slug)s
${old.trim()}
`,
    );
    expect(parts[0]?.path).toMatch(/\/versions\/2024_03_04-[0-9a-f]{12}_names_for_all_expand\.py$/);
    expect(parts.at(-1)?.path).toBe("/project/versions/2024_03_04_bbbbbbbbbbbb_names.py");
  });
});

describe("refuses", () => {
  test.each([
    [
      "rows carried across a schema change",
      `
conn = op.get_bind()
rows = conn.execute(sa.text("SELECT id, y FROM a")).fetchall()
op.drop_column("a", "y")
op.create_table("b", sa.Column("id", sa.Integer()), sa.Column("y", sa.Integer()))
for row in rows:
    conn.execute(sa.text("INSERT INTO b (id, y) VALUES (:id, :y)"), {"id": row.id, "y": row.y})
`,
      /^Rows read by `rows = .*\(line 23\) are carried in Python across the schema change `op\.drop_column\("a", "y"\)` \(line 24\)\.$/,
    ],
    [
      "a table that is emptied for a column without a default",
      `
op.execute("DELETE FROM a")
op.add_column("a", sa.Column("x", sa.Integer(), nullable=False))
`,
      /^a is emptied on line \d+ so that add_column a\.x can be NOT NULL, and a row that comes between/,
    ],
    [
      "a loop over rows that does both",
      `
for row in op.get_bind().execute(sa.text("SELECT name FROM tenants")):
    op.add_column(row.name, sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = 1")
`,
      /^The loop on line 22 changes both schema and data, and /,
    ],
    [
      "a loop whose rounds depend on each other",
      `
for column in ("x", "y"):
    op.add_column("a", sa.Column(column, sa.Integer()))
    op.execute("INSERT INTO a SELECT * FROM b")
`,
      /^In a loop|changes both/,
    ],
    [
      "an existence test around both",
      `
inspector = sa.inspect(op.get_bind())
if "x" not in [c["name"] for c in inspector.get_columns("a")]:
    op.add_column("a", sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = 1")
`,
      /^The `if` on line 23 changes both schema and data, and its test asks what the database holds/,
    ],
    [
      "an early return for a table that is made",
      `
if sa.inspect(op.get_bind()).has_table("b"):
    return
op.create_table("b", sa.Column("id", sa.Integer()))
op.execute("UPDATE a SET x = 1")
op.drop_column("a", "y")
`,
      /^The early return on line 22 depends on what the database holds/,
    ],
    [
      "a test for a column that is added",
      `
if not column_exists("a", "x"):
    op.add_column("a", sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = 1")
`,
      /^The `if` on line 22 changes both schema and data, and its test asks what the database holds/,
    ],
    [
      "an early return on what the database holds",
      `
conn = op.get_bind()
if not conn.execute(sa.text("SELECT 1 FROM a")).first():
    return
op.add_column("a", sa.Column("x", sa.Integer()))
op.execute("UPDATE a SET x = 1")
`,
      /^The early return on line 23 depends on what the database holds/,
    ],
    [
      "an early return on a value that was read",
      `
conn = op.get_bind()
count = conn.execute(sa.text("SELECT count(*) FROM a")).scalar()
if count == 0:
    return
op.add_column("a", sa.Column("x", sa.Integer()))
op.execute("UPDATE a SET x = 1")
`,
      /^The early return on line 24 depends on what the database holds/,
    ],
    [
      "one SQL text with both",
      `
op.execute("ALTER TABLE a ADD COLUMN x integer; UPDATE a SET x = 1")
`,
      /^The SQL on line 22 changes both schema and data at once\.$/,
    ],
    [
      "a try block with both",
      `
try:
    op.add_column("a", sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = 1")
except Exception:
    pass
`,
      /^The `try` block on line 22 changes both/,
    ],
    [
      "something between the halves that is not understood",
      `
from app import thing
op.add_column("a", sa.Column("x", sa.Integer()))
thing.fix(op.get_bind())
op.execute("UPDATE a SET x = 1")
`,
      /^It is not understood what `thing\.fix\(op\.get_bind\(\)\)` \(line 24\) does/,
    ],
    [
      "a table rebuilt by copying",
      `
op.add_column("c", sa.Column("x", sa.Integer()))
op.create_table("new_a", sa.Column("id", sa.Integer()))
op.execute("INSERT INTO new_a SELECT id FROM a")
op.drop_table("a")
op.rename_table("new_a", "a")
`,
      /^The table rebuilt on line 26 /,
    ],
    [
      "a temporary table that outlives a schema change",
      `
op.execute("CREATE TEMP TABLE kept AS SELECT id, x FROM a")
op.drop_column("a", "x")
op.add_column("a", sa.Column("x", sa.Integer()))
op.execute("UPDATE a SET x = kept.x FROM kept WHERE kept.id = a.id")
`,
      /^`op\.execute\("CREATE TEMP TABLE/,
    ],
  ])("%s", async (_, body, reason) => {
    await refuses(split, source(body), reason);
  });

  test("a helper with both halves", () =>
    refuses(
      split,
      source(`
def upgrade():
    both()


def both():
    op.add_column("a", sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = 1")
`),
      /^The call of both\(\) on line 22 changes both schema and data, and a helper cannot be cut in two\.$/,
    ));

  test("a downgrade whose one statement undoes several parts", () =>
    refuses(
      split,
      source(`
def upgrade():
    op.add_column("a", sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = y")
    op.drop_column("a", "y")


def downgrade():
    back()


def back():
    op.add_column("a", sa.Column("y", sa.Integer()))
    op.drop_column("a", "x")
`),
      /^In downgrade\(\), `back\(\)` \(line 28\) undoes more than one part at once\.$/,
    ));

  test("projects on SQLite", () =>
    refuses(
      split,
      source(`op.add_column("a", sa.Column("x", sa.Integer()))\nop.execute("UPDATE a SET x = 1")\n`),
      /SQLite/,
      {
        dialect: "sqlite",
      },
    ));

  test("revisions of several databases", () =>
    refuses(
      split,
      source(`
def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_one():
    op.add_column("a", sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = 1")


def downgrade_one():
    pass


def upgrade_two():
    pass


def downgrade_two():
    pass
`),
      /several databases/,
    ));
});

describe("is not offered for", () => {
  test.each([
    ["schema alone", `op.add_column("a", sa.Column("x", sa.Integer()))\n`],
    ["data alone", `op.execute("UPDATE a SET x = 1")\n`],
    [
      "a new table with rows of its own",
      `roles = op.create_table("roles", sa.Column("id", sa.Integer()))\nop.bulk_insert(roles, [{"id": 1}])\n`,
    ],
    ["nothing", `pass\n`],
  ])("%s", async (_, body) => {
    await ignores(split, source(body));
  });
});

describe("going one part back and forth", () => {
  test("is not left to a downgrade that is not understood", () =>
    refuses(
      split,
      source(`
from alembic import op
import sqlalchemy as sa
from app.helpers import tidy


def upgrade():
    op.add_column("a", sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = 1")


def downgrade():
    tidy(op)
    op.drop_column("a", "x")
`),
      /^In downgrade\(\), it is not understood what `tidy\(op\)` \(line \d+\) does, so it is not known which part it undoes\.$/,
    ));

  test("does not run a change twice that must run once", () =>
    refuses(
      split,
      source(`
from alembic import op


def upgrade():
    op.alter_column("a", "is_on", new_column_name="is_off")
    op.execute("UPDATE a SET is_off = NOT is_off")


def downgrade():
    op.alter_column("a", "is_off", new_column_name="is_on")
    op.execute("UPDATE a SET is_on = NOT is_on")
`),
      /^The row change on line \d+ gives something else when it is run again/,
    ));

  test("is warned of where the original undoes parts together", async () => {
    const { made } = await splits(`
from alembic import op
import sqlalchemy as sa


def upgrade():
    op.add_column("a", sa.Column("x", sa.Integer()))
    op.execute("UPDATE a SET x = y")
    op.create_unique_constraint("uq", "a", ["x"])


def downgrade():
    op.drop_column("a", "x")
`);
    expect(made.result.notes.join("\n")).toContain("contract part alone leaves create_unique_constraint uq as it is");
  });
});

describe("notes", () => {
  test("tell that the parts share a transaction", async () => {
    const { result } = await refactors(
      split,
      `-- env.py --\nfrom alembic import context\n\ncontext.configure()\n${source(seed)}`,
    );
    expect(result.notes).toEqual([expect.stringContaining("transaction_per_migration=True")]);
  });

  test("are absent where all is well", async () => {
    const { made } = await splits(seed);
    expect(made.result.notes).toEqual([]);
  });
});
