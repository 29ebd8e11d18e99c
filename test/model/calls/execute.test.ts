import { describe, expect, test } from "vitest";
import { places, runOne, run, shown } from "./python.ts";

describe("SQL that is executed", () => {
  const update = "update users(age) | update users, update users.age, read users.id";
  const forms = [
    `op.execute("UPDATE users SET age = 1 WHERE id > 2")`,
    `op.execute(sa.text("UPDATE users SET age = :age WHERE id > 2").bindparams(age=1))`,
    `op.execute(sqltext=sa.DDL("UPDATE users SET age = 1 WHERE id > 2"), execution_options={})`,
    `conn.execute(sa.text("UPDATE users SET age = 1 WHERE id > 2"))`,
    `conn.exec_driver_sql("UPDATE users SET age = 1 WHERE id > 2")`,
    `session.execute("UPDATE users SET age = 1 WHERE id > 2")`,
    `sessionmaker(bind=conn)().execute("UPDATE users SET age = 1 WHERE id > 2")`,
    `op.get_context().connection.execute("UPDATE users SET age = 1 WHERE id > 2")`,
    `op.get_bind().engine.execute("UPDATE users SET age = 1 WHERE id > 2")`,
    `conn.connection.cursor().execute("UPDATE users SET age = 1 WHERE id > 2")`,
    `with conn.engine.begin() as c:\n    c.execute("UPDATE users SET age = 1 WHERE id > 2")`,
    `with op.batch_alter_table("t") as b:\n    b.execute("UPDATE users SET age = 1 WHERE id > 2")`,
    `from psycopg2.extras import execute_batch\nexecute_batch(conn.connection.cursor(), "UPDATE users SET age = %s WHERE id > 2", [(1,)])`,
    `something_else.execute("UPDATE users SET age = 1 WHERE id > 2")`,
  ];
  for (const form of forms) {
    test(`is read in: ${form.split("\n").at(-1)?.trim() ?? ""}`, () => {
      expect(shown(form).filter((line) => !line.startsWith("transaction"))).toEqual([update]);
    });
  }

  test.each([
    [`op.execute("INSERT INTO t (a) VALUES (1), (2)")`, 2],
    [`conn.execute(sa.text("INSERT INTO t (a) VALUES (:a)"), {"a": 1})`, 1],
    [`conn.execute(sa.text("INSERT INTO t (a) VALUES (:a)"), [{"a": 1}, {"a": 2}, {"a": 3}])`, 3],
    [`conn.execute(sa.text("INSERT INTO t (a) VALUES (:a)"), [{"a": x} for x in load()])`, undefined],
    [`op.execute("INSERT INTO t (a) SELECT b FROM u")`, undefined],
    [`conn.execute(sa.table("t", sa.column("a")).insert().values(a=1))`, 1],
    [`conn.execute(sa.table("t", sa.column("a")).insert().values([{"a": 1}, {"a": 2}]))`, 2],
    [`conn.execute(sa.table("t", sa.column("a")).insert(), [{"a": 1}, {"a": 2}])`, 2],
    [`conn.execute(sa.table("t", sa.column("a")).insert(), load())`, undefined],
    [`op.bulk_insert(sa.table("t", sa.column("a")), [{"a": 1}])`, 1],
    [`op.bulk_insert(sa.table("t", sa.column("a")), [])`, 0],
    [`op.bulk_insert(sa.table("t", sa.column("a")), [{"a": x} for x in load()])`, undefined],
  ])("%s: how many rows it lists", (code, rows) => {
    const inserts = run(`from app import load\n${code}`).operations.filter(({ effect }) => effect === "data");
    expect(inserts.map(({ details }) => details.rows)).toEqual([rows]);
  });

  test("of several statements has a range for each", () => {
    expect(places(`op.execute("""\n    UPDATE users\n    SET age = 1;\n    DELETE FROM users;\n""")`)).toEqual([
      ["UPDATE users", "UPDATE users\n        SET age = 1"],
      ["DELETE FROM users", "DELETE FROM users"],
    ]);
  });

  test("is found where a constant holds it", () => {
    const [place] = places(`statement = "DELETE FROM users"\nconn.execute(sa.text(statement))`);
    expect(place).toEqual(["DELETE FROM users", "DELETE FROM users"]);
  });

  test("shows unknown parts as …, and is likely", () => {
    const operation = runOne(`op.execute(f"UPDATE users SET age = {compute()}")`);
    expect(operation).toMatchObject({ kind: "update", table: { name: "users" }, confidence: "likely", via: "sql" });
    expect(operation.sql).toBe("UPDATE users SET age = …");
    expect(operation.why).toContain("a part of the SQL is not known");
  });

  test("whose first word is not known is opaque", () => {
    expect(runOne("op.execute(compute())")).toMatchObject({ kind: "opaque", effect: "unknown", confidence: "opaque" });
  });

  test("is read in both arms of a choice", () => {
    expect(shown(`op.execute("DELETE FROM users" if x() else "DELETE FROM posts")`)).toEqual([
      "delete users | delete users",
      "delete posts | delete posts",
    ]);
  });

  test("is a read where it only asks", () => {
    expect(runOne(`conn.execute(sa.text("SELECT id FROM users")).fetchall()`)).toMatchObject({
      kind: "select",
      effect: "read",
    });
  });
});

describe("a statement that SQLAlchemy builds", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      "conn.execute(users.update().where(users.c.id == 1).values(age=users.c.id + 1))",
      ["update users(age) | update users, update users.age, read users.id"],
    ],
    [
      `op.execute(sa.update(User).where(User.age.is_(None)).values({"name": "x", User.age: 1}))`,
      ["update users(name, age) | update users, update users.name, update users.age, read users.age"],
    ],
    [
      `session.execute(sa.delete(posts).where(posts.c.user_id.in_(sa.select(users.c.id))))`,
      ["delete blog.posts | delete blog.posts, read blog.posts.user_id, read users.id"],
    ],
    [`op.execute(users.delete())`, ["delete users | delete users"]],
    [
      `conn.execute(users.insert().values(id=1, name="x"))`,
      ["insert users(id, name) | insert users, insert users.id, insert users.name"],
    ],
    [
      `conn.execute(sa.insert(users), [{"id": 1}, {"id": 2, "age": 3}])`,
      ["insert users(id, age) | insert users, insert users.id, insert users.age"],
    ],
    [
      `conn.execute(posts.insert().from_select(["user_id"], sa.select(users.c.id).where(users.c.age > 3)))`,
      ["insert blog.posts(user_id) | insert blog.posts, insert blog.posts.user_id, read users.id, read users.age"],
    ],
    [
      `conn.execute(postgresql.insert(users).values(id=1).on_conflict_do_update(index_elements=["id"], set_={"age": 2}))`,
      [
        "insert users(id) | insert users, insert users.id, require users.id, require index:users, update users, update users.age",
      ],
    ],
    [
      `conn.execute(sa.select(users.c.id, posts.c.id).join(posts))`,
      ["select users | read users.id, read blog.posts.id, read blog.posts, read blog.posts.*"],
    ],
    [
      `t = op.create_table("t", sa.Column("id", sa.Integer))\nop.execute(t.insert().values(id=1))`,
      ["create_table t(id) | create t, create t.id", "insert t(id) | insert t, insert t.id"],
    ],
    [
      `gone = users.delete().where(users.c.id > 1).returning(users.c.id).cte()\nconn.execute(sa.select(gone.c.id))`,
      ["delete users | delete users, read users.id", "select users | read users.id"],
    ],
  ];
  for (const [body, expected] of cases) {
    test(body.split("\n").at(-1) ?? "", () => {
      expect(shown(body)).toEqual(expected);
    });
  }

  test("knows whether rows are restricted and whether only NULL is set", () => {
    expect(runOne("op.execute(users.update().values(age=None))").details).toEqual({
      hasWhere: false,
      setsNull: true,
      statement: "UPDATE users SET age = NULL",
    });
    expect(runOne("op.execute(users.update().where(users.c.id > 1).values(age=sa.null()))").details).toEqual({
      hasWhere: true,
      setsNull: true,
      statement: "UPDATE users SET age = NULL WHERE id > 1",
    });
  });

  test("on a table that is not known is likely and incomplete", () => {
    const operation = runOne("from app.models import Account\nop.execute(sa.update(Account).values(age=1))");
    expect(operation).toMatchObject({
      kind: "update",
      effect: "data",
      confidence: "likely",
      incomplete: true,
      columns: ["age"],
    });
    expect(operation.why).toContain("app.models.Account");
  });

  test("is no operation before it is executed", () => {
    expect(run("stmt = users.update().values(age=1)\nd = {}\nd.update({'a': 1})").operations).toEqual([]);
  });
});

describe("a definition that SQLAlchemy makes", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      `posts.create(conn, checkfirst=True)`,
      ["create_table blog.posts(id, user_id) | create blog.posts, create blog.posts.id, create blog.posts.user_id"],
    ],
    [
      `User.__table__.create(conn)`,
      [
        "create_table users(id, user_name, age) | create users, create users.id, create users.user_name, create users.age",
      ],
    ],
    [`posts.drop(conn)`, ["drop_table blog.posts | drop blog.posts"]],
    [`sa.Enum("a", "b", name="kind").create(conn)`, ["create_type ? | create type:kind"]],
    [`postgresql.ENUM(name="kind").drop(op.get_bind())`, ["drop_type ? | drop type:kind"]],
    [`op.execute(sa.schema.CreateSequence(sa.Sequence("s")))`, ["create_sequence ? | create sequence:s"]],
    [`op.execute(sa.schema.DropTable(posts))`, ["drop_table blog.posts | drop blog.posts"]],
    [`Base.metadata.create_all(conn)`, ["likely create_table ?"]],
    [
      `sa.Index("ix", users.c.age).create(conn)`,
      ["create_index users(age) | create index:ix, require users, require users.age"],
    ],
  ];
  for (const [body, expected] of cases) {
    test(body, () => {
      expect(shown(body)).toEqual(expected);
    });
  }

  test("of an enum is nothing where the server has no enum types", () => {
    expect(run(`sa.Enum("a", name="kind").create(conn)`, "sqlite").operations).toEqual([]);
  });

  test("that is not known is opaque schema", () => {
    expect(runOne("from app.types import kind\nkind.create(op.get_bind())")).toMatchObject({
      kind: "opaque",
      effect: "schema",
    });
  });
});

describe("a question to the catalogue", () => {
  test("requires the table that it is about", () => {
    expect(
      shown(
        `inspector = sa.inspect(conn)\ninspector.get_columns("users", schema="app")\nconn.dialect.has_table(conn, "posts")`,
      ),
    ).toEqual(["select app.users | require app.users", "select posts | require posts"]);
  });

  test("is asked by reflection", () => {
    expect(shown(`sa.Table("users", sa.MetaData(), autoload_with=conn)`)).toEqual(["select users | require users"]);
  });

  test("is taken from the name of a helper that is not in the file", () => {
    expect(
      shown(`from app.migrations import column_exists\nif column_exists("users", "age", conn):\n    pass`),
    ).toEqual(["likely select users | require users"]);
  });
});

describe("a function that is not in the file", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [`add_column("users", sa.Column("x", sa.Integer))`, ["likely add_column users(x) | create users.x, require users"]],
    [
      `drop_columns("users", "a", "b")`,
      [
        "likely drop_column users(a) | drop users.a, require users",
        "likely drop_column users(b) | drop users.b, require users",
      ],
    ],
    [
      `create_table_if_not_exists("t", sa.Column("id", sa.Integer))`,
      ["likely create_table t(id) | create t, create t.id"],
    ],
    // Which of the two names comes first differs from project to project.
    [`create_index("a", "b", ["c"])`, ["likely create_index ? | require a, require b"]],
    [`drop_index(index_name="ix", table_name="users")`, ["likely drop_index users | drop index:ix, require users"]],
    [`has_table("users")`, ["likely select users | require users"]],
    [`mysql_drop_foreignkey_if_exists("fk", "users", op)`, ["opaque opaque ?"]],
    [`ensure_column_exists("users", conn)`, ["opaque opaque ?"]],
  ];
  for (const [body, expected] of cases) {
    test(body, () => {
      const name = body.slice(0, body.indexOf("("));
      expect(shown(`from app.migrations.util import ${name}\n${body}`)).toEqual(expected);
    });
  }
});
