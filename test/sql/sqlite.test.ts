import { describe, expect, test } from "vitest";
import { parseSql } from "../../server/src/sql/parse.ts";
import { renderAction } from "./render.ts";

type Row = readonly [sql: string, actions: readonly string[]];

/** The statement as written, through the grammar: each of its actions with all that it touches. */
function expectActions(sql: string, actions: readonly string[]): void {
  const statements = parseSql(sql, "sqlite");
  expect(statements.flatMap((statement) => statement.actions.map(renderAction))).toEqual(actions);
  expect(statements.map(({ range, confidence }) => [sql.slice(range.start, range.end), confidence])).toEqual([
    [sql, "parsed"],
  ]);
}

describe("SQLite", () => {
  test.each<Row>([
    ["PRAGMA foreign_keys=OFF", ["set session"]],
    [
      "INSERT OR IGNORE INTO t (a, b) SELECT a, b FROM old",
      [
        "insert data t (a, b) source=query onConflict; insert t; insert t.a; insert t.b; read old; read old.a; read old.b; require index t",
      ],
    ],
    [
      "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = excluded.b",
      ["insert data t (a) source=values rows=1 onConflict; insert t; insert t.a; require index t; update t.*"],
    ],
    ["DELETE FROM [order]", ["delete data order hasWhere=false; delete order"]],
    ["DROP INDEX IF EXISTS i", ['drop_index schema "i" ifExists; drop index i']],
    [
      "CREATE UNIQUE INDEX i ON t (a, lower(b)) WHERE a > 1",
      [
        'create_index schema t "i" (a, b) unique expression; require t; require t.a; require t.b; create index i; constrain t.a; constrain t.b; create index t',
      ],
    ],
    [
      'ALTER TABLE "_alembic_tmp_t" RENAME TO t',
      ["rename_table schema _alembic_tmp_t newName=t; alter _alembic_tmp_t; rename _alembic_tmp_t; create t"],
    ],
    [
      "CREATE TABLE t (a INTEGER NOT NULL, b VARCHAR(20) UNIQUE, PRIMARY KEY (a), FOREIGN KEY(b) REFERENCES u (id))",
      [
        "create_table schema t (a, b) definitions=[a integer false false, b varchar(20) true false] references=[u]; create t; constrain t.a; create index t; constrain t.b; require t.a; require t.b; require u; require u.id",
      ],
    ],
    [
      "CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE q SET a = 1; DELETE FROM z; END",
      ['create_trigger schema t "tr"; alter t; create trigger tr'],
    ],
    ["COMMIT", ['transaction transaction "commit"']],
  ])("%s", expectActions);
});
