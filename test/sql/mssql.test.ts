import { describe, expect, test } from "vitest";
import { parseSql } from "../../server/src/sql/parse.ts";
import { renderAction } from "./render.ts";

type Row = readonly [sql: string, actions: readonly string[]];

/** The statement as written, through the grammar: each of its actions with all that it touches. */
function expectActions(sql: string, actions: readonly string[]): void {
  const statements = parseSql(sql, "mssql");
  expect(statements.flatMap((statement) => statement.actions.map(renderAction))).toEqual(actions);
  expect(statements.map(({ range, confidence }) => [sql.slice(range.start, range.end), confidence])).toEqual([
    [sql, "parsed"],
  ]);
}

describe("SQL Server", () => {
  test.each<Row>([
    [
      "UPDATE u SET u.a = b.x FROM users u INNER JOIN b ON u.id = b.id",
      ["update data users (a) hasWhere; update users; update users.a; read b; read users.id; read b.id; read b.x"],
    ],
    [
      "UPDATE [a b].[t] SET [x] = ? WHERE id = :id",
      ["update data a b.t (x) hasWhere; update a b.t; update a b.t.x; read a b.t.id"],
    ],
    [
      "ALTER TABLE [dbo].[t] ALTER COLUMN [a] nvarchar(20) NOT NULL",
      [
        "alter_column schema dbo.t (a) newType=nvarchar(20) nullable=false; alter dbo.t; alter dbo.t.a; constrain dbo.t.a",
      ],
    ],
    ["SELECT * INTO #n FROM t", ["create_table schema #n temporary; read t; read t.*; create #n"]],
    [
      "EXEC sp_rename 'dbo.t.a', 'b', 'COLUMN'",
      ["alter_column schema dbo.t (a) newName=b; alter dbo.t; rename dbo.t.a; create dbo.t.b"],
    ],
    [
      "EXEC sp_rename N't.i', N'j', N'INDEX'",
      ['rename_index schema t "i" newName=j; alter t; rename index i; create index j'],
    ],
    ["EXEC sp_rename 't', 'u'", ["rename_table schema t newName=u; rename t; create u"]],
    [
      "CREATE TABLE t (id INT IDENTITY(1,1) NOT NULL)",
      ["create_table schema t (id) definitions=[id int false true]; create t; constrain t.id"],
    ],
    ["DROP INDEX i ON t", ['drop_index schema t "i"; alter t; drop index i']],
  ])("%s", expectActions);
});

describe("IF", () => {
  const statements = (sql: string): readonly (readonly [string, string])[] =>
    parseSql(sql, "mssql").map(({ range, actions }) => [
      sql.slice(range.start, range.end),
      actions.map(({ kind }) => kind).join(),
    ]);

  test.each<readonly [sql: string, inside: readonly (readonly [string, string])[]]>([
    ["IF EXISTS (SELECT 1 FROM x) UPDATE t SET a = 1 WHERE b = 2", [["UPDATE t SET a = 1 WHERE b = 2", "update"]]],
    [
      "IF OBJECT_ID('t') IS NOT NULL BEGIN DROP TABLE t; DELETE FROM u END",
      [
        ["DROP TABLE t", "drop_table"],
        ["DELETE FROM u", "delete"],
      ],
    ],
    ["IF 1 = 1 DROP TABLE t ELSE DROP TABLE u", [["IF 1 = 1 DROP TABLE t ELSE DROP TABLE u", "opaque"]]],
    ["IF 1 = 1", [["IF 1 = 1", "opaque"]]],
  ])("%s", (sql, inside) => {
    expect(statements(sql)).toEqual(inside);
  });

  test("in IF without end is opaque and throws nothing", () => {
    const deep = "IF 1 = 1 BEGIN ".repeat(3000) + "DROP TABLE t" + " END".repeat(3000);
    expect(statements(deep).map(([, kinds]) => kinds)).toEqual(["opaque"]);
  });
});
