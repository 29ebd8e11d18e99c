import { expect, test } from "vitest";
import type { Dialect } from "../../server/src/sql/action.ts";
import { parseSql } from "../../server/src/sql/parse.ts";
import { renderAction } from "./render.ts";

test.each<readonly [sql: string, asked: Dialect, understood: Dialect | undefined, action: string]>([
  [
    "UPDATE t SET `group` = 'a'",
    "postgresql",
    "mysql",
    "update data t (group) hasWhere=false; update t; update t.group",
  ],
  [
    "UPDATE a JOIN b ON a.id = b.id SET a.x = 1",
    "postgresql",
    "mysql",
    "update data a (x) hasWhere; update a; update a.x; read b; read a.id; read b.id",
  ],
  [
    "INSERT OR IGNORE INTO t (a) VALUES (1)",
    "postgresql",
    "sqlite",
    "insert data t (a) source=values rows=1 onConflict; insert t; insert t.a; require index t",
  ],
  ["UPDATE [t] SET [a] = 1", "postgresql", "sqlite", "update data t (a) hasWhere=false; update t; update t.a"],
  [
    "ALTER TABLE t VALIDATE CONSTRAINT c",
    "mysql",
    "postgresql",
    'validate_constraint schema t "c"; constrain t; require constraint c',
  ],
  ["UPDATE t SET a = 1", "oracle", "postgresql", "update data t (a) hasWhere=false; update t; update t.a"],
  ["UPDATE t SET a = 1", "mariadb", undefined, "update data t (a) hasWhere=false; update t; update t.a"],
  [
    "DO $$ BEGIN UPDATE t SET a = 1; END $$",
    "sqlite",
    "postgresql",
    "update data t (a) hasWhere=false; update t; update t.a",
  ],
  [
    "CREATE FUNCTION f() RETURNS trigger AS $b$ BEGIN NEW.a := 'it''s'; RETURN NEW; END $b$ LANGUAGE plpgsql",
    "mysql",
    "postgresql",
    'create_function schema "f" language=plpgsql; create function f',
  ],
  ["PRAGMA foreign_keys = OFF", "postgresql", "sqlite", "set session"],
])("%s of a %s project is understood as %s", (sql, asked, understood, action) => {
  const [statement] = parseSql(sql, asked);
  expect(statement).toMatchObject({ confidence: "parsed" });
  expect(statement?.dialect).toBe(understood);
  expect(statement?.actions.map(renderAction)).toEqual([action]);
});
