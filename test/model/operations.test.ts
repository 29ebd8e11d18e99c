import { describe, expect, test } from "vitest";
import { operationsOf, read, show, upgradeOf } from "./reading.ts";

describe("names of op and sqlalchemy", () => {
  test.each([
    ["from alembic import op as operations", `operations.drop_table("t")`],
    ["import alembic.op as x", `x.drop_table("t")`],
    ["import alembic", `alembic.op.drop_table("t")`],
    ["from alembic.op import drop_table", `drop_table("t")`],
    ["from alembic.op import drop_table as gone", `gone("t")`],
    ["from alembic.op import *", `drop_table("t")`],
  ])("%s", (before, body) => {
    expect(operationsOf(body, before)).toEqual(["drop_table t"]);
  });

  test.each([
    ["import sqlalchemy", `op.execute(sqlalchemy.text("DELETE FROM t"))`],
    ["from sqlalchemy import text", `op.execute(text("DELETE FROM t"))`],
    ["from sqlalchemy.sql import text as sql", `op.get_bind().execute(sql("DELETE FROM t"))`],
    ["from sqlalchemy import *", `op.execute(text("DELETE FROM t"))`],
  ])("%s", (before, body) => {
    expect(operationsOf(body, before)).toEqual(["delete t"]);
  });

  test("op handed in as a parameter is op", () => {
    const file = read(
      `revision = "a"\ndown_revision = None\ndef upgrade(op, tables, tester):\n    op.drop_table("t")\n`,
    );
    expect(file.upgrades[0]?.operations.map(show)).toEqual(["drop_table t"]);
  });
});

describe("a statement variable", () => {
  test("takes the value of the nearest assignment before", () => {
    expect(
      operationsOf(`
conn = op.get_bind()
stmt = sa.text("UPDATE a SET x = 1")
conn.execute(stmt)
stmt = sa.text("DELETE FROM b WHERE id = :id")
stmt = stmt.bindparams(id=3)
conn.execute(stmt)`),
    ).toEqual(["update a(x)", "delete b"]);
  });

  test("is built by concatenation, join, format, percent, f-string and dedent", () => {
    expect(
      operationsOf(
        `
op.execute("UPDATE " + TABLE + " SET x = 1")
op.execute("\\n".join(["UPDATE joined", "SET x = 1"]))
op.execute("UPDATE {} SET {column} = 1".format("formatted", column="y"))
op.execute("UPDATE %s SET x = 1" % TABLE)
op.execute("UPDATE %(t)s SET x = 1" % {"t": "named"})
op.execute(f"UPDATE {TABLE} SET x = {1}")
op.execute(dedent("""
    UPDATE dedented
    SET x = 1
"""))
sql = "UPDATE grown "
sql += "SET x = 1"
op.execute(sql)`,
        `from textwrap import dedent\nTABLE = "constants"`,
      ),
    ).toEqual([
      "update constants(x)",
      "update joined(x)",
      "update formatted(y)",
      "update constants(x)",
      "update named(x)",
      "update constants(x)",
      "update dedented(x)",
      "update grown(x)",
    ]);
  });

  test("keeps its known beginning when the rest is not known", () => {
    const { operations } = upgradeOf(`op.execute("UPDATE users SET x = " + compute())`, "from app import compute");
    expect(operations.map(show)).toEqual(["update users(x)"]);
  });
});

describe("loops", () => {
  test("over a constant are unrolled, each turn with its own values", () => {
    expect(
      operationsOf(`
for table in ["a", "b"]:
    op.add_column(table, sa.Column("x", sa.Integer()))
    op.execute(f"UPDATE {table} SET x = 1")`),
    ).toEqual([
      "add_column a(x) if loop(constant)",
      "update a(x) if loop(constant)",
      "add_column b(x) if loop(constant)",
      "update b(x) if loop(constant)",
    ]);
  });

  test("over pairs and dictionaries bind every name", () => {
    expect(
      operationsOf(
        `
for table, column in PAIRS:
    op.drop_column(table, column)
for table, columns in COLUMNS.items():
    for column in columns:
        op.drop_column(table, column)`,
        `PAIRS = (("a", "x"), ("b", "y"))\nCOLUMNS = {"c": ["z"]}`,
      ),
    ).toEqual([
      "drop_column a(x) if loop(constant)",
      "drop_column b(y) if loop(constant)",
      "drop_column c(z) if loop(constant) and loop(constant)",
    ]);
  });

  test("over a list of SQL statements run each", () => {
    expect(operationsOf(`for sql in ["DROP TABLE a", "DELETE FROM b"]:\n    op.execute(sql)`)).toEqual([
      "drop_table a if loop(constant)",
      "delete b if loop(constant)",
    ]);
  });

  test("over rows of a query are read once", () => {
    expect(
      operationsOf(`
conn = op.get_bind()
rows = conn.execute(sa.text("SELECT id FROM a")).fetchall()
for row in rows:
    conn.execute(sa.text("UPDATE a SET x = :x WHERE id = :id"), {"x": 1, "id": row.id})`),
    ).toEqual(["select a", "update a(x) if loop(query)"]);
  });

  test("without an end are seen as such", () => {
    expect(
      operationsOf(`
while True:
    result = op.get_bind().execute(sa.text("UPDATE a SET x = 1 WHERE x IS NULL"))
    if result.rowcount == 0:
        break`),
    ).toEqual(["update a(x) if loop(endless)"]);
  });

  test("places count once however often they run", () => {
    const file = read(
      `from alembic import op\nrevision = "a"\ndef upgrade():\n    for t in ("a", "b", "c"):\n        op.drop_table(t)\n`,
    );
    expect(file.upgrades[0]?.operations).toHaveLength(3);
    expect(file.statements).toEqual({ total: 1, analysed: 1 });
  });
});

describe("helpers of the same file", () => {
  test("are entered with their arguments, defaults and keywords", () => {
    expect(
      operationsOf(
        `
add("a", "x")
add(table="b", column="y")
add("c")`,
        `def add(table, column="z"):\n    op.add_column(table, sa.Column(column, sa.Integer()))\n`,
      ),
    ).toEqual(["add_column a(x) via add", "add_column b(y) via add", "add_column c(z) via add"]);
  });

  test("give operations the place where the call is written, and the statement that leads there", () => {
    const { operations, text } = upgradeOf(`pass\nrun("a")`, `def run(t):\n    op.drop_table(t)\n`);
    const [operation] = operations;
    expect(operation && text.slice(operation.range.start, operation.range.end)).toBe("op.drop_table(t)");
    expect(operation?.statement).toBe(1);
    expect(operation?.calls.map((call) => text.slice(call.range.start, call.range.end))).toEqual([`run("a")`]);
  });

  test("may return SQL", () => {
    expect(operationsOf(`op.execute(sql("a"))`, `def sql(t):\n    return "DELETE FROM " + t\n`)).toEqual(["delete a"]);
  });

  test("may be nested, lambdas, methods, generators and partial applications", () => {
    expect(
      operationsOf(
        `
def nested(t):
    op.drop_table(t)
nested("a")
drop = lambda t: op.drop_table(t)
drop("b")
Fix("c").run()
for t in names():
    op.drop_table(t)
partial(op.drop_table, "f")()`,
        `
from functools import partial
class Fix:
    def __init__(self, table):
        self.table = table
    def run(self):
        op.drop_table(self.table)
def names():
    yield "d"
    yield "e"
`,
      ),
    ).toEqual([
      "drop_table a via nested",
      "drop_table b via <lambda>",
      "drop_table c via run",
      "drop_table d if loop(constant)",
      "drop_table e if loop(constant)",
      "drop_table f",
    ]);
  });

  test("that call themselves end", () => {
    expect(operationsOf(`again(3)`, `def again(n):\n    op.drop_table("t")\n    again(n - 1)\n`)).toEqual([
      "drop_table t via again",
    ]);
  });

  test("that are not called do nothing", () => {
    expect(operationsOf(`pass`, `def unused():\n    op.execute("DELETE FROM t")\n`)).toEqual([]);
  });

  test("that are handed on are taken to be called", () => {
    expect(operationsOf(`retry(work)`, `from app import retry\ndef work():\n    op.drop_table("t")\n`)).toEqual([
      "opaque",
      "drop_table t via work",
    ]);
  });
});

describe("branches", () => {
  test.each([
    [`op.get_bind().dialect.name == "postgresql"`, "dialect(postgresql)"],
    [`op.get_context().dialect.name != "sqlite"`, "not dialect(sqlite)"],
    [`op.get_bind().engine.name in ("mysql", "mariadb")`, "dialect(mysql,mariadb)"],
    [`not op.get_bind().dialect.name == "mysql"`, "not dialect(mysql)"],
    [`op.get_bind().dialect.name.startswith("postgres")`, "dialect(postgresql)"],
    [`isinstance(op.get_bind().dialect, PGDialect)`, "dialect(postgresql)"],
    [`"sqlite" in op.get_bind().dialect.dialect_description`, "dialect(sqlite)"],
    [`op.get_bind().dialect.dialect_description == "mysql+pymysql"`, "dialect(mysql)"],
    [`context.is_offline_mode()`, "offline"],
    [`not op.get_context().as_sql`, "not offline"],
    [`sa.inspect(op.get_bind()).has_table("t")`, "existence"],
    [`"x" not in [c["name"] for c in sa.inspect(op.get_bind()).get_columns("t")]`, "existence"],
    [`not column_exists("t", "x")`, "not existence"],
    [`something()`, "other"],
  ])("%s", (test, expected) => {
    const before = `
from alembic import context
from sqlalchemy.dialects.postgresql.base import PGDialect
from app import something, column_exists
`;
    const drop = upgradeOf(`if ${test}:\n    op.drop_table("t")`, before).operations.filter(
      (operation) => operation.kind === "drop_table",
    );
    expect(drop.map(show)).toEqual([`drop_table t if ${expected}`]);
  });

  test("a helper's yes or no is known by what it asked", () => {
    expect(
      operationsOf(
        `
if not has(op.get_bind(), "t"):
    op.drop_table("t")
found = False
for index in sa.inspect(op.get_bind()).get_indexes("t"):
    if index["name"] == "i":
        found = True
if found:
    op.drop_table("u")`,
        `
def has(bind, column):
    for one in sa.inspect(bind).get_columns("t"):
        if one["name"] == column:
            return True
    return False
`,
      ).filter((line) => line.startsWith("drop")),
    ).toEqual(["drop_table t if not existence", "drop_table u if existence"]);
  });

  test("else is the opposite", () => {
    expect(
      operationsOf(`
dialect = op.get_bind().dialect.name
if dialect == "postgresql":
    op.drop_table("a")
else:
    op.drop_table("b")`),
    ).toEqual(["drop_table a if dialect(postgresql)", "drop_table b if not dialect(postgresql)"]);
  });

  test("elif and else run where no test above them held", () => {
    expect(
      operationsOf(`
dialect = op.get_bind().dialect.name
if dialect == "sqlite":
    op.drop_table("a")
elif sa.inspect(op.get_bind()).has_table("b"):
    op.drop_table("b")
else:
    op.drop_table("c")`).filter((line) => line.startsWith("drop")),
    ).toEqual([
      "drop_table a if dialect(sqlite)",
      "drop_table b if not dialect(sqlite) and existence",
      "drop_table c if not dialect(sqlite) and not existence",
    ]);
  });

  test.each([
    ["if a:\n    return\nelif b:\n    return", "not other and not other"],
    ["if a:\n    return\nelif b:\n    print(1)", "not other"],
    ["if a:\n    print(1)\nelif b:\n    return", ""],
    ["if a:\n    print(1)\nelse:\n    return", "other"],
    ["if a:\n    return\nelse:\n    print(1)", "not other"],
    ["if a:\n    print(1)\nelse:\n    raise ValueError()", ""],
    ["if a:\n    raise ValueError()\nelif b:\n    return", "not other"],
    ["if a:\n    raise ValueError()\nelif b:\n    print(1)\nelse:\n    return", "other"],
  ])("%j leaves for what follows: %s", (branch, expected) => {
    const drop = operationsOf(`${branch}\nop.drop_table("t")`, "from app import a, b").at(-1);
    expect(drop).toBe(`drop_table t${expected === "" ? "" : ` if ${expected}`}`);
  });

  test("what follows a conditional return runs under the opposite", () => {
    expect(operationsOf(`if op.get_bind().dialect.name == "sqlite":\n    return\nop.drop_table("t")`)).toEqual([
      "drop_table t if not dialect(sqlite)",
    ]);
  });

  test("what follows a conditional raise runs under nothing", () => {
    expect(operationsOf(`if unsafe:\n    raise RuntimeError()\nop.drop_table("t")`, "from app import unsafe")).toEqual([
      "drop_table t",
    ]);
  });

  test("that are decided by constants are taken as decided", () => {
    expect(
      operationsOf(
        `for t in ("a", "b"):\n    if t == "a":\n        op.drop_table(t)\n    else:\n        op.rename_table(t, "c")`,
      ),
    ).toEqual(["drop_table a if loop(constant)", expect.stringMatching(/^rename_table b.* if loop\(constant\)$/)]);
  });

  test("a table named differently in both arms is not one table", () => {
    const { operations } = upgradeOf(`name = "a" if flag else "b"\nop.drop_table(name)`, "from app import flag");
    expect(operations[0]?.kind).toBe("drop_table");
    expect(operations[0]?.confidence).not.toBe("certain");
  });

  test("nothing runs after a return", () => {
    expect(operationsOf(`op.drop_table("a")\nreturn\nop.drop_table("b")`)).toEqual(["drop_table a"]);
  });
});

describe("blocks", () => {
  test("batch_op.execute runs before the other operations of its block", () => {
    expect(
      operationsOf(`
with op.batch_alter_table("t") as batch_op:
    batch_op.add_column(sa.Column("x", sa.Integer()))
    batch_op.execute("UPDATE t SET y = 1")
    batch_op.drop_column("y")
op.drop_table("z")`),
    ).toEqual(["update t(y) if batch", "add_column t(x) if batch", "drop_column t(y) if batch", "drop_table z"]);
  });

  test("autocommit, try and nested contexts are kept, outermost first", () => {
    expect(
      operationsOf(`
try:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY i")
except Exception:
    op.drop_table("t")
finally:
    op.drop_table("u")`),
    ).toEqual(["drop_index if try and autocommit", "drop_table t if try", "drop_table u"]);
  });

  test("a session in a with statement is a session", () => {
    expect(
      operationsOf(
        `with Session(bind=op.get_bind()) as session, session.begin():\n    session.execute(sa.text("DELETE FROM t"))`,
        "from sqlalchemy.orm import Session",
      ),
    ).toContain("delete t");
  });
});

describe("rows of the ORM", () => {
  const models = `
from sqlalchemy.orm import Session
from sqlalchemy.ext.declarative import declarative_base
Base = declarative_base()
class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String)
`;
  test("an attribute set on a queried object is an update", () => {
    expect(
      operationsOf(
        `
session = Session(bind=op.get_bind())
for user in session.query(User).filter(User.id > 1):
    user.name = "x"
    setattr(user, "name", "y")
session.commit()`,
        models,
      ).filter((line) => line.startsWith("update")),
    ).toEqual(["update users(name) if loop(query)", "update users(name) if loop(query)"]);
  });
});

describe("models of the file", () => {
  const models = `
from sqlalchemy import orm
Base = orm.declarative_base()
class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String)
    roles = orm.relationship("Role")
    def rename(self):
        self.name = "x"
`;
  test("their methods are entered when called on a row", () => {
    expect(
      operationsOf(`for user in orm.Session(bind=op.get_bind()).query(User):\n    user.rename()`, models),
    ).toContain("update users(name) if loop(query) via rename");
  });

  test("their relationships write somewhere", () => {
    const { operations } = upgradeOf(
      `user = orm.Session(bind=op.get_bind()).query(User).first()\nuser.roles.append(x)`,
      models,
    );
    expect(operations.at(-1)).toMatchObject({ effect: "data", confidence: "opaque", via: "orm" });
  });
});

describe("multi-database revisions", () => {
  test.each([
    `globals()["upgrade_%s" % engine_name]()`,
    `globals()[f"upgrade_{engine_name}"]()`,
    `eval("upgrade_%s" % engine_name)()`,
  ])("%s picks one direction for each engine", (dispatch) => {
    const file = read(`from alembic import op
revision = "a"
def upgrade(engine_name):
    ${dispatch}

def upgrade_engine1():
    op.drop_table("a")

def upgrade_engine2():
    pass
`);
    expect(file.upgrades.map(({ engine, form, operations }) => [engine, form, operations.map(show)])).toEqual([
      ["engine1", "body", ["drop_table a"]],
      ["engine2", "pass", []],
    ]);
  });
});

test("a list of which only a sample is known may be empty", () => {
  expect(
    operationsOf(
      `
if duplicates(op.get_bind()):
    raise RuntimeError("duplicates")
op.drop_table("t")`,
      `def duplicates(conn):\n    return [row[0] for row in conn.execute(sa.text("SELECT id FROM t"))]\n`,
    ),
  ).toEqual(["select t via duplicates", "drop_table t"]);
});

test("a logger that the project brings is no code to distrust", () => {
  expect(operationsOf(`logger.info("x", op.get_bind())`, "from app.log import logger")).toEqual([]);
});
