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
    ["DROP INDEX i ON t", ['drop_index schema t "i"; alter t; drop index i']],
  ])("%s", expectActions);
});
