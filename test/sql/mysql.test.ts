import { describe, expect, test } from "vitest";
import { parseSql } from "../../server/src/sql/parse.ts";
import { renderAction } from "./render.ts";

type Row = readonly [sql: string, actions: readonly string[]];

/** The statement as written, through the grammar: each of its actions with all that it touches. */
function expectActions(sql: string, actions: readonly string[]): void {
  const statements = parseSql(sql, "mysql");
  expect(statements.flatMap((statement) => statement.actions.map(renderAction))).toEqual(actions);
  expect(statements.map(({ range, confidence }) => [sql.slice(range.start, range.end), confidence])).toEqual([
    [sql, "parsed"],
  ]);
}

describe("Rows", () => {
  test.each<Row>([
    [
      "UPDATE a JOIN b ON a.id = b.id SET a.x = b.y, a.z = NULL",
      ["update data a (x, z) hasWhere; update a; update a.x; update a.z; read b; read a.id; read b.id; read b.y"],
    ],
    [
      "UPDATE a JOIN b ON a.id = b.id SET a.x = 1, b.y = 2 WHERE a.k = 1",
      [
        "update data a (x) hasWhere; update a; update a.x; read b; read a.id; read b.id; read a.k",
        "update data b (y) hasWhere; update b; update b.y; read b; read a.id; read b.id; read a.k",
      ],
    ],
    ["UPDATE `t` SET a = NULL", ["update data t (a) hasWhere=false setsNull; update t; update t.a"]],
    [
      "UPDATE t SET a = (SELECT max(x) FROM u WHERE u.id = t.id)",
      ["update data t (a) hasWhere=false; update t; update t.a; read u; read? u.x; read? t.x; read u.id; read t.id"],
    ],
    [
      "INSERT IGNORE INTO t (a) SELECT a FROM u WHERE z > 3",
      ["insert data t (a) source=query onConflict; insert t; insert t.a; read u; read u.a; read u.z; require index t"],
    ],
    [
      "INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE b = VALUES(b)",
      ["insert data t (a) source=values rows=1 onConflict; insert t; insert t.a; require index t; update t.b"],
    ],
    [
      "REPLACE INTO t (a) VALUES (1)",
      ["insert data t (a) source=values rows=1 onConflict; insert t; insert t.a; require index t; delete t"],
    ],
    [
      "DELETE a FROM a JOIN b ON a.id = b.id",
      ["delete data a hasWhere; delete a; read a; read b; read a.id; read b.id"],
    ],
    [
      "DELETE FROM t WHERE id IN (SELECT id FROM u)",
      ["delete data t hasWhere; delete t; read t.id; read u; read? u.id"],
    ],
    ["TRUNCATE TABLE t", ["truncate data t hasWhere=false; delete t"]],
    [
      "SELECT a, count(b) AS c FROM t GROUP BY a ORDER BY c",
      ["select read t hasWhere=false; read t; read t.a; read t.b"],
    ],
  ])("%s", expectActions);
});

describe("Definitions", () => {
  test.each<Row>([
    [
      "CREATE TABLE `x y` (id int primary key auto_increment, a varchar(3) not null default 'x', foreign key (a) references u (id), unique key uk (a))",
      [
        "create_table schema x y (id, a) definitions=[id int false true, a varchar(3) false true] references=[u]; create x y; create index x y; constrain x y.id; constrain x y.a; require x y.a; require u; require u.id; create constraint uk",
      ],
    ],
    [
      "ALTER TABLE t MODIFY COLUMN a varchar(20) NOT NULL, CHANGE b c int, ADD COLUMN d int DEFAULT 3, DROP COLUMN e",
      [
        "alter_column schema t (a) newType=varchar(20) nullable=false; alter t; alter t.a; constrain t.a",
        "alter_column schema t (b) newType=int nullable newName=c; alter t; alter t.b; relax t.b; rename t.b; create t.c",
        "add_column schema t (d) definitions=[d int true true]; alter t; create t.d",
        "drop_column schema t (e); alter t; drop t.e",
      ],
    ],
    [
      "ALTER TABLE t ADD UNIQUE KEY uk (a), ADD INDEX i (b), DROP FOREIGN KEY fk, DROP INDEX j, DROP PRIMARY KEY",
      [
        'create_unique_constraint schema t "uk" (a) constraintType=unique unique; alter t; require t.a; constrain t.a; create constraint uk; create index t',
        'create_index schema t "i" (b); require t; require t.b; create index i',
        'drop_constraint schema t "fk"; alter t; drop constraint fk; relax t',
        'drop_index schema t "j"; alter t; drop index j; relax t',
        "drop_constraint schema t constraintType=primary; alter t; relax t",
      ],
    ],
    [
      "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES u (id), ADD CONSTRAINT ck CHECK (a > b)",
      [
        'create_foreign_key schema t "fk" (a) constraintType=foreignkey referencedTable=u; alter t; require t.a; constrain t.a; create constraint fk; require u; require u.id',
        'create_check_constraint schema t "ck" (a, b) constraintType=check; alter t; require t.a; require t.b; constrain t.a; constrain t.b; create constraint ck',
      ],
    ],
    [
      "ALTER TABLE t RENAME COLUMN a TO b, RENAME TO u",
      [
        "alter_column schema t (a) newName=b; alter t; rename t.a; create t.b",
        "rename_table schema t newName=u; alter t; rename t; create u",
      ],
    ],
    [
      "CREATE UNIQUE INDEX `i` ON `t` (`a`(20))",
      ['create_index schema t "i" (a) unique; require t; require t.a; create index i; constrain t.a; create index t'],
    ],
    ["DROP INDEX i ON t", ['drop_index schema t "i"; alter t; drop index i']],
    ["RENAME TABLE a TO b", ["rename_table schema a newName=b; rename a; create b"]],
    ["DROP TABLE IF EXISTS `t`", ["drop_table schema t ifExists; drop t"]],
    ["CREATE VIEW v AS SELECT a FROM t", ['create_view schema "v"; create view v; read t; read t.a']],
  ])("%s", expectActions);
});

describe("Session and transaction", () => {
  test.each<Row>([
    ["SET FOREIGN_KEY_CHECKS = 0", ["set session setting=foreign_key_checks.0"]],
    ["SET @@session.foreign_key_checks = OFF", ["set session setting=foreign_key_checks.OFF"]],
    ["SET @mine = 1", ["set session"]],
    ["START TRANSACTION", ["transaction transaction"]],
  ])("%s", expectActions);
});

describe("what a query gives", () => {
  const digests = (sql: string): boolean =>
    parseSql(sql, "mysql").some(({ actions }) => actions.some(({ details }) => details.digest === true));

  test.each([
    "SELECT id FROM t LIMIT 5",
    "SELECT count(*) FROM t",
    "SELECT max(a) + 1 FROM t",
    "SELECT DISTINCT a FROM t",
    "SELECT a, count(*) FROM t GROUP BY a",
    "SELECT t.a FROM t JOIN u ON u.id = t.u_id",
    "SELECT 1 FROM t",
  ])("is not the table's rows: %s", (sql) => {
    expect(digests(sql)).toBe(true);
  });

  test.each([
    "SELECT id FROM t",
    "SELECT * FROM t ORDER BY id",
    "SELECT a, lower(b) FROM t WHERE c = 1",
    "SELECT row_number() OVER (ORDER BY a), a FROM t",
  ])("is the table's rows: %s", (sql) => {
    expect(digests(sql)).toBe(false);
  });
});
