import { describe, expect, test, vi } from "vitest";
import type { Dialect } from "../../server/src/sql/action.ts";
import { longestParsed, parseSql } from "../../server/src/sql/parse.ts";
import { readKeywords } from "../../server/src/sql/keyword.ts";
import { scan } from "../../server/src/sql/scan.ts";
import { splitStatements } from "../../server/src/sql/split.ts";
import { renderAction } from "./render.ts";

/** What keywords alone tell, whether or not a grammar would understand the statement. */
function keywords(sql: string, dialect: Dialect = "mssql"): string {
  const [piece] = splitStatements(sql, scan(sql, dialect), dialect);
  return piece ? readKeywords(sql, piece, dialect).actions.map(renderAction).join() : "";
}

describe("leading keywords tell kind, table and columns", () => {
  test.each([
    [
      "UPDATE x SET a = (b, c), d = 1 WHERE e = 2",
      "update data x (a, d) hasWhere incomplete; update x; update x.a; update x.d",
    ],
    ["UPDATE s.x y SET a = 1", "update data s.x (a) hasWhere=false incomplete; update s.x; update s.x.a"],
    [
      "INSERT INTO x (a, b) SELECT 1, 2 FROM dual",
      "insert data x (a, b) source=query incomplete; insert x; insert x.a; insert x.b",
    ],
    ['DELETE FROM "x" WHERE a = 1', "delete data x hasWhere incomplete; delete x"],
    ["MERGE INTO x USING y ON (x.a = y.a) WHEN MATCHED THEN UPDATE SET x.b = 1", "merge data incomplete"],
    ["WITH q AS (SELECT 1 FROM dual) SELECT * FROM q", "select read incomplete"],
    ["CREATE GLOBAL TEMPORARY TABLE x (a NUMBER)", "create_table schema x temporary incomplete; create x"],
    [
      "CREATE UNIQUE INDEX i ON x (a, b)",
      'create_index schema x "i" (a, b) unique incomplete; create index i; require x; require x.a; require x.b',
    ],
    [
      "CREATE OR REPLACE TRIGGER tr BEFORE INSERT ON x BEGIN NULL; END",
      'create_trigger schema x "tr"; create trigger tr; alter x',
    ],
    ["ALTER TABLE x ADD a NUMBER", "add_column schema x (a) incomplete; alter x; create x.a"],
    ["ALTER TABLE x DROP COLUMN a CASCADE CONSTRAINTS", "drop_column schema x (a) incomplete; alter x; drop x.a"],
    ["ALTER TABLE x MODIFY a NOT NULL", "alter_column schema x (a) incomplete; alter x; alter x.a"],
    ["ALTER TABLE x ADD CONSTRAINT c CHECK (a > 0)", "alter_table schema x incomplete; alter x"],
    ["ALTER TABLE x DROP CONSTRAINT c PURGE", 'drop_constraint schema x "c" incomplete; alter x; drop constraint c'],
    ["ALTER TABLE x RENAME TO y", "rename_table schema x newName=y; alter x; rename x; create y"],
    ["DROP TABLE x", "drop_table schema x; drop x"],
    ["DROP TABLE x PURGE", "drop_table schema x incomplete; drop x"],
    ["GRANT SELECT ON x TO y", "maintenance maintenance incomplete"],
    ["SET TRANSACTION READ ONLY", "set session"],
    ["SAVEPOINT a", 'transaction transaction "savepoint"'],
    ["ROLLBACK TO a", 'transaction transaction "rollback_to"'],
    ["what is this", ""],
  ])("%s", (sql, action) => {
    expect(keywords(sql)).toBe(action);
  });

  test("ALTER COLUMN tells what it changes", () => {
    expect(keywords("ALTER TABLE t ALTER COLUMN a SET NOT NULL", "mssql")).toContain("nullable=false");
    expect(keywords("ALTER TABLE t ALTER COLUMN a DROP DEFAULT", "mysql")).toContain("serverDefault=false");
  });
});

describe("what MySQL's grammar does not know", () => {
  test.each([
    [
      "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
      "alter_table schema t alteration=set_options.convert to character set.collate; alter t",
    ],
    [
      "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4, ENGINE = InnoDB",
      "alter_table schema t alteration=set_options.convert to character set.engine; alter t",
    ],
    ["ALTER TABLE t RENAME KEY a TO b", 'rename_index schema t "a" newName=b; alter t; rename index a; create index b'],
    [
      "ALTER TABLE t ALTER COLUMN a SET INVISIBLE",
      "alter_column schema t (a) alteration=set_column_options.visible; alter t; alter t.a",
    ],
  ])("%s", (sql, expected) => {
    const [statement] = parseSql(sql, "mysql");
    expect([statement?.confidence, ...(statement?.actions.map(renderAction) ?? [])]).toEqual(["parsed", expected]);
  });

  test("is not taken for whole where something is missing", () => {
    expect(parseSql("ALTER TABLE t CONVERT TO", "mysql")[0]?.confidence).toBe("keyword");
    expect(parseSql("ALTER TABLE t ENGINE =", "mysql")[0]?.confidence).toBe("keyword");
  });
});

describe("a statement that its grammar refuses", () => {
  test("is read by its keywords and says why", () => {
    const [statement] = parseSql("UPDATE t SET a = 1 WHERE WHERE", "postgresql");
    expect(statement?.confidence).toBe("keyword");
    expect(statement?.why).toContain("syntax error");
    expect(statement?.actions.map(renderAction)).toEqual([
      "update data t (a) hasWhere incomplete; update t; update t.a",
    ]);
  });

  test("leaves its neighbours alone", () => {
    const statements = parseSql("DROP TABLE a; ALTER TABLE b FROB c; DROP TABLE d", "postgresql");
    expect(statements.map(({ confidence }) => confidence)).toEqual(["parsed", "keyword", "parsed"]);
  });

  test("is never parsed when the text is too long", () => {
    const [statement] = parseSql(`INSERT INTO t (a) VALUES ('${"x".repeat(longestParsed)}')`, "postgresql");
    expect(statement).toMatchObject({ confidence: "keyword", why: "the SQL is longer than 256 kB" });
    expect(statement?.actions[0]?.table).toEqual({ name: "t" });
  });

  test("is refused before its depth can overflow the grammar's stack, however often", () => {
    const deep = `SELECT ${"1+".repeat(6000)}1`;
    for (let i = 0; i < 60; i++) expect(parseSql(deep, "postgresql")[0]?.why).toContain("nested too deeply");
    expect(parseSql("SELECT 1", "postgresql")[0]?.confidence).toBe("parsed");
  });
});

test("before its grammar is loaded a dialect has keywords only", async () => {
  vi.resetModules();
  const fresh = await import("../../server/src/sql/parse.ts");
  const [statement] = fresh.parseSql("UPDATE t SET a = 1", "mariadb");
  expect(statement).toMatchObject({ confidence: "keyword", why: "the grammar is not loaded" });
  expect(statement?.actions[0]).toMatchObject({ kind: "update", table: { name: "t" }, columns: ["a"] });
});
