import { describe, expect, test } from "vitest";
import { mustKeepOrder } from "../../server/src/model/order.ts";
import type { Operation } from "../../server/src/model/revision.ts";
import { readRevision } from "../../server/src/model/read.ts";

/** The operations of a body of `upgrade()`. */
function operations(...lines: readonly string[]): readonly Operation[] {
  const body = lines.map((line) => `    ${line}`).join("\n");
  const text = `from alembic import op\nimport sqlalchemy as sa\nrevision = "1"\ndown_revision = None\n\n\ndef upgrade():\n${body}\n`;
  return readRevision("/versions/1.py", text, { dialect: "postgresql" }).upgrades[0]?.operations ?? [];
}

function reason(first: string, second: string): string | undefined {
  const [a, b, ...rest] = operations(first, second);
  if (a === undefined || b === undefined || rest.length > 0) throw new Error("expected two operations");
  return mustKeepOrder(a, b);
}

const sql = (text: string): string => `op.execute(${JSON.stringify(text)})`;
const add = (table: string, column: string, more = ""): string =>
  `op.add_column("${table}", sa.Column("${column}", sa.Integer()${more}))`;

describe("keeps its place", () => {
  test.each([
    ["a column, before rows use it", add("a", "x"), sql("UPDATE a SET x = 1")],
    ["a column, before rows are taken without names", add("a", "x"), sql("INSERT INTO b SELECT * FROM a")],
    ["a column, before rows are given without names", add("a", "x"), sql("INSERT INTO a VALUES (1, 2)")],
    ["rows without names, before a column", sql("INSERT INTO a VALUES (1)"), add("a", "x")],
    [
      "rows that are deleted, before a column that demands a value",
      sql("DELETE FROM a"),
      add("a", "x", ", nullable=False"),
    ],
    ["rows, before the column that they read goes", sql("UPDATE a SET x = y"), `op.drop_column("a", "y")`],
    ["rows, before a column of their table goes", sql("UPDATE a SET x = 1"), `op.drop_column("a", "y")`],
    [
      "rows, before their column gets another name",
      sql("UPDATE a SET x = 1"),
      `op.alter_column("a", "x", new_column_name="y")`,
    ],
    ["another name, before rows use it", `op.alter_column("a", "x", new_column_name="y")`, sql("UPDATE a SET y = 1")],
    ["another name of a table, before rows use it", `op.rename_table("a", "b")`, sql("UPDATE b SET y = 1")],
    ["rows, before NOT NULL", sql("UPDATE a SET x = 1"), `op.alter_column("a", "x", nullable=False)`],
    [
      "a column that may be NULL, before it is",
      `op.alter_column("a", "x", nullable=True)`,
      sql("UPDATE a SET x = NULL"),
    ],
    [
      "rows, before they must be unique",
      sql("DELETE FROM a WHERE x > 1"),
      `op.create_unique_constraint("uq", "a", ["x"])`,
    ],
    [
      "a unique index, before ON CONFLICT",
      `op.create_index("ux", "a", ["x"], unique=True)`,
      sql("INSERT INTO a (x) VALUES (1) ON CONFLICT (x) DO NOTHING"),
    ],
    [
      "ON CONFLICT, before its constraint goes",
      sql("INSERT INTO a (x) VALUES (1) ON CONFLICT (x) DO NOTHING"),
      `op.drop_constraint("uq", "a", type_="unique")`,
    ],
    [
      "a check that goes, before the rows that it forbids",
      `op.drop_constraint("ck", "a", type_="check")`,
      sql("UPDATE a SET x = 2"),
    ],
    [
      "rows, before a foreign key points at them",
      sql("INSERT INTO b (id) VALUES (1)"),
      `op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"])`,
    ],
    [
      "rows, before a foreign key of theirs",
      sql("UPDATE a SET b_id = 1"),
      `op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"])`,
    ],
    ["a table that goes, before rows that it may have held", `op.drop_table("a")`, sql("DELETE FROM b")],
    [
      "a foreign key that goes, before rows that it held",
      `op.drop_constraint("fk", "a", type_="foreignkey")`,
      sql("DELETE FROM b"),
    ],
    ["an enum value, before rows use it", sql("ALTER TYPE mood ADD VALUE 'happy'"), sql("UPDATE a SET x = 'happy'")],
    [
      "a default, before rows take it",
      `op.alter_column("a", "x", server_default="1")`,
      sql("INSERT INTO a (y) VALUES (1)"),
    ],
    [
      "a trigger, before the rows that fire it",
      sql("CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f()"),
      sql("UPDATE a SET x = 1"),
    ],
    ["one data change, before another", sql("UPDATE a SET x = 1"), sql("UPDATE b SET x = 1")],
    ["a query, before its rows change", sql("SELECT x FROM a"), sql("UPDATE a SET x = 1")],
    ["two columns of a table", add("a", "x"), add("a", "y")],
    ["a table, before its column", `op.create_table("a", sa.Column("id", sa.Integer()))`, add("a", "x")],
    [
      "an index that goes, before another of its name",
      `op.drop_index("ix", table_name="a")`,
      `op.create_index("ix", "b", ["x"])`,
    ],
    ["a child table that goes, before its parent", `op.drop_table("child")`, `op.drop_table("parent")`],
    [
      "a constraint that goes, before the index that it may hold",
      `op.drop_constraint("fk", "a")`,
      `op.drop_index("ix", table_name="a")`,
    ],
    ["a view that goes, before its column changes", sql("DROP VIEW v"), `op.alter_column("a", "x", type_=sa.Text())`],
    ["what is not understood, before anything", `op.execute(open("x.sql").read())`, sql("UPDATE a SET x = 1")],
    ["anything, before what is not understood", add("a", "x"), `op.execute(open("x.sql").read())`],
    ["names that differ in case only", `op.add_column("A", sa.Column("X", sa.Integer()))`, sql("UPDATE a SET x = 1")],
  ])("%s", (_, first, second) => {
    expect(reason(first, second)).toMatch(/\w{3}/);
  });
});

describe("may change places with", () => {
  test.each([
    ["a column, and rows that name others", add("a", "x"), sql("UPDATE a SET y = 1")],
    ["a column, and rows of another table", add("a", "x"), sql("INSERT INTO b SELECT * FROM c")],
    ["a plain index, and rows", `op.create_index("ix", "a", ["x"])`, sql("UPDATE a SET x = 1")],
    ["rows, and a plain index", sql("UPDATE a SET x = 1"), `op.create_index("ix", "a", ["x"])`],
    ["rows, and another table", sql("UPDATE a SET x = 1"), `op.create_table("b", sa.Column("id", sa.Integer()))`],
    ["columns of two tables", add("a", "x"), add("b", "x")],
    ["a column that goes, and another that comes", `op.drop_column("a", "x")`, add("a", "y")],
    ["NOT NULL, and an index", `op.alter_column("a", "x", nullable=False)`, `op.create_index("ix", "a", ["x"])`],
    [
      "an index that goes, and a constraint that did not hold it",
      `op.drop_index("ix", table_name="a")`,
      `op.drop_constraint("uq", "a")`,
    ],
    ["two queries", sql("SELECT x FROM a"), sql("SELECT x FROM a")],
    ["rows, and a new type", sql("UPDATE a SET x = 1"), sql("CREATE TYPE mood AS ENUM ('ok')")],
    ["a type that goes, and rows", sql("DROP TYPE mood"), sql("UPDATE a SET x = 1")],
    [
      "tables of one name in two schemas",
      `op.add_column("a", sa.Column("x", sa.Integer()), schema="one")`,
      sql("UPDATE two.a SET x = 1"),
    ],
  ])("%s", (_, first, second) => {
    expect(reason(first, second)).toBeUndefined();
  });
});
