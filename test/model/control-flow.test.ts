import { describe, expect, test } from "vitest";
import { appliesTo } from "../../server/src/model/applies.ts";
import { operationsOf, read, revisionWith, upgradeOf } from "./reading.ts";

describe("a test of the dialect", () => {
  test.each([
    ["op.get_bind().dialect.name == 'postgresql'", "dialect(postgresql)"],
    ["op.get_context().dialect.name == 'sqlite'", "dialect(sqlite)"],
    ["op.get_bind().engine.name in ('mysql', 'mariadb')", "dialect(mysql,mariadb)"],
    ["op.get_bind().dialect.name not in ['sqlite']", "not dialect(sqlite)"],
    ["op.get_bind().dialect.name.startswith('postgres')", "dialect(postgresql)"],
    ["isinstance(op.get_bind().dialect, sa.dialects.postgresql.dialect)", "dialect(postgresql)"],
    ["(bind := op.get_bind()) and bind.dialect.name == 'sqlite'", "dialect(sqlite)"],
    ["bool(op.get_bind().engine.name == 'sqlite')", "dialect(sqlite)"],
    ["not is_postgres()", "not dialect(postgresql)"],
    ["is_sqlite_too(op.get_bind())", "dialect(sqlite)"],
    ["op.get_context().as_sql", "offline"],
    ["context.is_offline_mode()", "offline"],
    ["not sa.inspect(op.get_bind()).has_table('t')", "not existence"],
    ["'a' in [c['name'] for c in sa.inspect(op.get_bind()).get_columns('t')]", "existence"],
  ])("%s", (condition, context) => {
    const before = `from alembic import context
def is_postgres():
    return op.get_bind().dialect.name == "postgresql"
def is_sqlite_too(bind):
    if bind.dialect.name != "sqlite":
        return False
    return True
`;
    const drop = (operations: readonly string[]) => operations.filter((one) => one.startsWith("drop_table"));
    expect(drop(operationsOf(`if ${condition}:\n    op.drop_table("t")`, before))).toEqual([
      `drop_table t if ${context}`,
    ]);
    const other = context.startsWith("not ") ? context.slice(4) : `not ${context}`;
    expect(drop(operationsOf(`if ${condition}:\n    return\nop.drop_table("t")`, before))).toEqual([
      `drop_table t if ${other}`,
    ]);
  });

  test("beside another one holds only where both do", () => {
    const body = `if op.get_bind().dialect.name == "sqlite" and flag():
    op.drop_table("a")
else:
    op.drop_table("b")
if op.get_bind().dialect.name == "sqlite" or flag():
    op.drop_table("c")
else:
    op.drop_table("d")`;
    const { operations } = upgradeOf(body, "from other import flag");
    const onPostgres = operations
      .filter((one) => appliesTo(one, "postgresql"))
      .flatMap(({ table }) => table?.name ?? []);
    const onSqlite = operations.filter((one) => appliesTo(one, "sqlite")).flatMap(({ table }) => table?.name ?? []);
    expect(onPostgres).toEqual(["b", "c", "d"]);
    expect(onSqlite).toEqual(["a", "b", "c"]);
  });

  test("with a name that is no dialect says nothing", () => {
    const { operations } = upgradeOf('if op.get_bind().dialect.name == "postgres_old":\n    op.drop_table("t")\n');
    expect(operations.map((one) => appliesTo(one, "mysql"))).toEqual([false]);
    const other = upgradeOf('if op.get_bind().dialect.name == "snowflake":\n    op.drop_table("t")\n');
    expect(other.operations.map((one) => appliesTo(one, "mysql"))).toEqual([true]);
  });
});

describe("a context manager of the file", () => {
  const before = `from contextlib import contextmanager
@contextmanager
def foreign_keys_off():
    op.execute("PRAGMA foreign_keys = OFF")
    try:
        yield op.get_bind()
    finally:
        op.execute("PRAGMA foreign_keys = ON")
@contextmanager
def only_on_sqlite():
    if op.get_bind().dialect.name != "sqlite":
        yield
    else:
        op.execute("BEGIN")
        yield
        op.execute("COMMIT")
class Step:
    def __enter__(self):
        op.create_table("first")
        return "second"
    def __exit__(self, *error):
        op.drop_table("last")
`;

  test("runs around its block", () => {
    expect(operationsOf('with foreign_keys_off() as c:\n    c.execute(sa.text("DELETE FROM t"))', before)).toEqual([
      "set via foreign_keys_off",
      "delete t if try",
      "set via foreign_keys_off",
    ]);
  });

  test("with a yield in each arm has one block, whatever the arms ask", () => {
    expect(operationsOf('with only_on_sqlite():\n    op.drop_table("t")', before)).toEqual([
      "drop_table t",
      "transaction if dialect(sqlite) via only_on_sqlite",
      "transaction if dialect(sqlite) via only_on_sqlite",
    ]);
  });

  test("that is a class is entered and left", () => {
    expect(operationsOf("with Step() as name:\n    op.drop_table(name)", before)).toEqual([
      "create_table first via __enter__",
      "drop_table second",
      "drop_table last via __exit__",
    ]);
  });

  test("lets its block bind names and leave", () => {
    const body =
      'with foreign_keys_off():\n    name = "t"\nop.drop_table(name)\nwith foreign_keys_off():\n    return\nop.drop_table("x")';
    expect(operationsOf(body, before).filter((one) => one.startsWith("drop"))).toEqual(["drop_table t"]);
  });
});

describe("a relationship", () => {
  const before = `from sqlalchemy.orm import Session, declarative_base, relationship
Base = declarative_base()
links = sa.Table("user_roles", Base.metadata, sa.Column("user_id", sa.Integer))
class Role(Base):
    __tablename__ = "roles"
    id = sa.Column(sa.Integer, primary_key=True)
class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    roles = relationship("Role", secondary=links)
    posts = relationship("Post")
`;
  const session = "s = Session(bind=op.get_bind())\nuser = s.query(User).first()\n";

  test.each([
    ["user.roles.append(Role())", "insert user_roles"],
    ["user.roles.remove(user.roles[0])", "delete user_roles"],
    ["user.posts.append(1)", "opaque"],
  ])("that %s changes", (call, shown) => {
    const { operations } = upgradeOf(session + call, before);
    const last = operations.at(-1);
    expect(last?.confidence === "opaque" ? "opaque" : `${last?.kind ?? ""} ${last?.table?.name ?? ""}`).toBe(shown);
  });
});

test("a query that is executed reads its table", () => {
  const before = `from sqlalchemy.orm import Session, declarative_base
class User(declarative_base()):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
`;
  const body = "s = Session(bind=op.get_bind())\nq = s.query(User).filter(User.id > 1)\ns.execute(q)";
  expect(operationsOf(body, before)).toEqual(["select users"]);
});

describe("a type that the code chooses by the dialect", () => {
  const typeOf = (type: string, before: string, dialect: "postgresql" | "sqlite"): string | undefined => {
    const body = `${before}\nop.add_column("t", sa.Column("c", ${type}))`.trim();
    const helper =
      'def kind(name):\n    if name == "postgresql":\n        return postgresql.JSONB()\n    return sa.Text()\n';
    const text = revisionWith(body, `from sqlalchemy.dialects import postgresql\n${helper}`);
    const [column] = read(text, dialect).upgrades[0]?.operations.at(-1)?.details.definitions ?? [];
    return column?.sqlType?.name;
  };
  const dialect = "op.get_bind().dialect.name";
  const branch = `if ${dialect} == "postgresql":\n    kind_of = postgresql.JSONB\nelse:\n    kind_of = sa.Text`;

  test.each([
    ["in an expression", `postgresql.JSONB() if ${dialect} == "postgresql" else sa.Text()`, ""],
    ["by another name", `sa.Text() if ${dialect} != "postgresql" else postgresql.JSONB()`, ""],
    ["in a helper", `kind(${dialect})`, ""],
    ["in a branch", "kind_of", branch],
    ["in a branch, called", "kind_of()", branch],
    [
      "in several",
      "k",
      `k = sa.Text() if ${dialect} in ("sqlite", "mysql") else sa.Float() if ${dialect} == "mssql" else postgresql.JSONB()`,
    ],
  ])("is the one that is meant for it: %s", (_, type, before) => {
    expect(typeOf(type, before, "postgresql")).toBe("jsonb");
    expect(typeOf(type, before, "sqlite")).toBe("TEXT");
  });

  test.each([
    ["another question", "postgresql.JSONB() if flag() else sa.Text()"],
    ["more than the dialect", `postgresql.JSONB() if ${dialect} == "postgresql" and flag() else sa.Text()`],
  ])("is not known where it goes by %s", (_, type) => {
    expect(typeOf(type, "", "postgresql")).toBeUndefined();
  });
});
