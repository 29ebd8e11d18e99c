/** How an operation gets to the server, and what its text tells of the rows that it is about. */
import { describe, expect, test } from "vitest";
import type { Operation } from "../../server/src/model/revision.ts";
import { parseSql } from "../../server/src/sql/parse.ts";
import type { Details, Dialect } from "../../server/src/sql/action.ts";
import { upgradeOf } from "./reading.ts";

const last = (body: string, before = ""): Operation => {
  const operation = upgradeOf(body, before).operations.at(-1);
  if (!operation) throw new Error("there is no operation");
  return operation;
};

const detailsOf = (sql: string, dialect: Dialect = "postgresql"): Details =>
  parseSql(sql, dialect)[0]?.actions[0]?.details ?? {};

describe("what runs a statement", () => {
  test.each([
    [`op.execute("SELECT 1")`, "op"],
    [`op.get_bind().execute(sa.text("SELECT 1"))`, "connection"],
    [`sa.orm.Session(bind=op.get_bind()).execute(sa.text("SELECT 1"))`, "session"],
    [`sa.inspect(op.get_bind()).get_columns("t")`, "inspector"],
    [`op.drop_table("t")`, undefined],
  ])("%s", (body, runner) => {
    expect(last(body).runner).toBe(runner);
  });
});

describe("a plain string where a construct is wanted", () => {
  test.each([
    [`op.get_bind().execute("SELECT 1")`, `"SELECT 1"`],
    [`query = "SELECT 1"\nop.get_bind().execute(query)`, "query"],
    [`op.get_bind().execute(sa.text("SELECT 1"))`, undefined],
    [`op.execute("SELECT 1")`, undefined],
    [`op.get_bind().exec_driver_sql("SELECT 1")`, undefined],
    [`op.get_bind().connection.cursor().execute("SELECT 1")`, undefined],
  ])("%s", (body, written) => {
    const { text, operations } = upgradeOf(body);
    const range = operations.at(-1)?.bareString;
    expect(range && text.slice(range.start, range.end)).toBe(written);
  });
});

describe("values that are put into the text", () => {
  const row = `name = op.get_bind().execute(sa.text("SELECT name FROM t LIMIT 1")).scalar()\n`;
  test.each([
    [`${row}op.execute(f"DELETE FROM t WHERE a = '{name}'")`, [{ by: "f-string", from: "rows" }]],
    [`${row}op.execute("DELETE FROM t WHERE a = '%s'" % name)`, [{ by: "percent", from: "rows" }]],
    [`${row}op.execute(f"DELETE FROM t WHERE a = {len(name)}")`, [{ by: "f-string", from: "other" }]],
    [
      `import os\nop.execute("DELETE FROM t WHERE a = " + os.environ["A"])`,
      [{ by: "concatenation", from: "environment" }],
    ],
    [`from app import x\nop.execute(f"DELETE FROM {x}.t")`, [{ by: "f-string", from: "other" }]],
    [`x = "a"\nop.execute(f"DELETE FROM {x}.t")`, undefined],
  ])("%s", (body, interpolated) => {
    expect(last(body).interpolated).toEqual(interpolated);
  });
});

describe("what a grammar refuses", () => {
  test("and another dialect's takes", () => {
    const { refusal } = last(`op.execute("UPDATE t SET a = 1 LIMIT 5")`);
    expect(refusal).toEqual({ why: `syntax error at or near "LIMIT"`, speaks: "mysql" });
  });
  test("and nobody's takes", () => {
    expect(last(`op.execute("UPDATE t SET a = = 1")`).refusal).toEqual({ why: `syntax error at or near "="` });
  });
  test.each([`op.execute("UPDATE t SET a = 1")`, `from app import x\nop.execute(f"UPDATE t SET a = = {x}")`])(
    "not %s",
    (body) => {
      expect(last(body).refusal).toBeUndefined();
    },
  );
});

describe("rows that are read into memory", () => {
  const query = `op.get_bind().execute(sa.text("SELECT id FROM t"))`;
  test.each([
    `${query}.fetchall()`,
    `${query}.mappings().all()`,
    `list(${query})`,
    `result = ${query}\nrows = result.fetchall()`,
  ])("%s", (body) => {
    expect(last(body).fetched).toBe(true);
  });
  test.each([query, `${query}.fetchone()`, `for row in ${query}:\n    print(row)`])("not %s", (body) => {
    expect(last(body).fetched).toBeUndefined();
  });
});

describe("a loop over rows", () => {
  const loop = (over: string): unknown => {
    const [context] = last(
      `connection = op.get_bind()\nfor row in ${over}:\n    op.execute("DELETE FROM u WHERE a = 1")`,
    ).context;
    return context?.kind === "loop" ? (context.rowsOf ?? context.over) : context;
  };
  test("tells of which tables they are", () => {
    expect(loop(`connection.execute(sa.text("SELECT t.id FROM t JOIN s ON s.id = t.id")).fetchall()`)).toEqual([
      { name: "t" },
      { name: "s" },
    ]);
  });
  test("does not where they are summed up, or not known", () => {
    expect(loop(`connection.execute(sa.text("SELECT a FROM t GROUP BY a"))`)).toBe("query");
    expect(loop(`("a", "b")`)).not.toBe("query");
  });
});

describe("code of the application", () => {
  test.each([
    [`sa.orm.Session(op.get_bind()).query(User).all()`, "app.models.User"],
    [`op.get_bind().execute(User.__table__.select())`, "app.models.User"],
    [`fix(op.get_bind())`, "app.models.fix"],
    [`fix.of(op.get_bind()).run()`, "app.models.fix.of"],
    [`User(op.get_bind()).run()`, "app.models.User"],
    [`fix({"a": 1})`, undefined],
    [`asyncio.run(op.get_bind())`, undefined],
    [`importlib.import_module("app.fix").run(op.get_bind())`, undefined],
    [`op.add_column("t", sa.Column("a", User()))`, undefined],
    [`op.get_bind().execute(sa.text("SELECT 1"))`, undefined],
  ])("%s", (body, name) => {
    expect(last(body, "import asyncio, importlib\nfrom app.models import User, fix\n").application?.name).toBe(name);
  });
});

test.each([
  [`default=0`, { text: "default=0", constant: 0 }],
  [`default="x"`, { text: `default="x"`, constant: "x" }],
  [`default=make()`, { text: "default=make()", constant: undefined }],
  [`default=None`, undefined],
  [`server_default="0"`, undefined],
])("a column with %s", (argument, expected) => {
  const { text, operations } = upgradeOf(`op.add_column("t", sa.Column("a", sa.Integer(), ${argument}))`);
  const given = operations[0]?.details.pythonDefault;
  expect(given && { text: text.slice(given.range.start, given.range.end), constant: given.constant }).toEqual(expected);
});

describe("a WHERE that may pass every row", () => {
  test.each([
    ["UPDATE t SET a = 1 WHERE b IS NULL", true],
    ["UPDATE t SET a = 1 FROM u WHERE u.id = t.u_id", true],
    ["UPDATE t SET a = 1 WHERE b IS NULL AND id < 5", undefined],
    ["UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t)", undefined],
    ["UPDATE t SET a = 1 FROM (VALUES (1)) v (id) WHERE v.id = t.id", undefined],
    ["WITH v AS (SELECT 1 AS id) UPDATE t SET a = 1 FROM v WHERE v.id = t.id", undefined],
    ["UPDATE t SET a = 1", undefined],
  ])("%s", (sql, wide) => {
    expect(detailsOf(sql).wideWhere).toBe(wide);
  });
  test.each([
    ["UPDATE t SET a = 1 WHERE b IS NULL", true],
    ["UPDATE t JOIN u ON u.id = t.u_id SET t.a = u.a", true],
    ["UPDATE t JOIN u ON u.id = t.u_id AND u.kind = 'x' SET t.a = u.a", undefined],
    ["UPDATE t SET a = 1 WHERE b IS NULL LIMIT 5", undefined],
  ])("on MySQL %s", (sql, wide) => {
    expect(detailsOf(sql, "mysql").wideWhere).toBe(wide);
  });
});

test.each([
  ["SELECT id FROM t", undefined],
  ["SELECT count(*) FROM t", true],
  ["SELECT id FROM t LIMIT 1", true],
  ["SELECT DISTINCT a FROM t", true],
  ["SELECT a FROM t GROUP BY a", true],
  ["SELECT 1", true],
])("whether %s sums up", (sql, digest) => {
  expect(detailsOf(sql).digest).toBe(digest);
});

test.each([
  ["INSERT INTO t SELECT id FROM u", false],
  ["INSERT INTO t SELECT id FROM u WHERE a = 1", true],
  ["INSERT INTO t SELECT count(*) FROM u GROUP BY a", true],
  ["INSERT INTO t SELECT 1", true],
  ["INSERT INTO t VALUES (1)", undefined],
])("whether %s takes less than a table", (sql, hasWhere) => {
  expect(detailsOf(sql).hasWhere).toBe(hasWhere);
});

test.each([
  ["UPDATE t SET a = strftime(b), c = now()", ["strftime", "now"]],
  ["INSERT INTO t SELECT app.f(a) FROM u", ["app.f"]],
  ["UPDATE t SET a = 1", undefined],
])("functions of %s", (sql, functions) => {
  expect(detailsOf(sql).functions).toEqual(functions);
});

describe("an UPDATE of some rows at a time", () => {
  const batch = (set: string, where: string): Details["batch"] =>
    detailsOf(`UPDATE t SET ${set} WHERE id IN (SELECT id FROM t WHERE ${where} LIMIT 9)`).batch;

  test("says what it chooses by", () => {
    expect(batch("a = 1", "a IS NULL AND b IS NOT NULL")).toEqual({
      isNull: ["a"],
      isNotNull: ["b"],
      mentions: ["a", "b"],
      fixed: true,
      sets: [{ column: "a", nullWhen: { columns: [] } }],
    });
    expect(batch("a = 1", "id > :last")?.fixed).toBe(false);
  });

  test.each([
    ["b", { columns: ["b"] }],
    ["b || ' ' || c", { columns: ["b", "c"] }],
    ["b * 100", { columns: ["b"] }],
    ["lower(b)", { columns: ["b"] }],
    ["b::text", { columns: ["b"] }],
    ["coalesce(b, 'x')", { columns: [] }],
    ["coalesce(b, c)", { columns: ["b", "c"] }],
    ["concat_ws(' ', b, c)", { columns: [] }],
    ["f(b)", { columns: [], otherwise: true }],
    ["NULL", { columns: [], otherwise: true }],
    ["(SELECT max(x) FROM u)", { columns: [], otherwise: true }],
    ["CASE WHEN b THEN 1 END", { columns: [], otherwise: true }],
  ])("and when %s is NULL", (value, nullWhen) => {
    expect(batch(`a = ${value}`, "a IS NULL")?.sets[0]?.nullWhen).toEqual(nullWhen);
  });

  test.each([
    "UPDATE t SET a = 1 WHERE a IS NULL",
    "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM u LIMIT 9)",
    "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t LIMIT 9 OFFSET 9)",
  ])("not %s", (sql) => {
    expect(detailsOf(sql).batch).toBeUndefined();
  });
});

test.each([
  ["GRANT SELECT ON t TO PUBLIC", "public"],
  ["GRANT ALL ON t TO app", "all"],
  ["GRANT SELECT ON t TO app", undefined],
  ["REVOKE ALL ON t FROM PUBLIC", undefined],
  ["CREATE ROLE r SUPERUSER", "superuser"],
  ["ALTER ROLE r NOSUPERUSER", undefined],
  ["CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql SECURITY DEFINER", "definer-open"],
  ["CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql SECURITY DEFINER SET search_path = a", "definer"],
])("rights of %s", (sql, privilege) => {
  expect(detailsOf(sql).privilege).toBe(privilege);
});

test.each([
  [`op.get_bind().dialect.name == "postgresql" and not context.is_offline_mode()`, false],
  [`op.get_bind().dialect.name == "postgresql" and context.is_offline_mode()`, true],
  [`op.get_bind().dialect.name == "postgresql"`, undefined],
])("what %s says of offline mode", (condition, runsOffline) => {
  const [context] = last(`if ${condition}:\n    op.execute("SELECT 1")`, "from alembic import context\n").context;
  expect(context?.kind === "branch" && context.runsOffline).toBe(runsOffline);
});
