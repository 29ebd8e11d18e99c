import { describe, expect, test } from "vitest";
import type { Dialect } from "../../server/src/sql/action.ts";
import { HOLE } from "../../server/src/sql/hole.ts";
import { parseSql } from "../../server/src/sql/parse.ts";
import { renderAction } from "./render.ts";

const read = (sql: string, dialect: Dialect = "postgresql"): readonly string[] =>
  parseSql(sql, dialect).flatMap(({ actions, confidence }) => [confidence, ...actions.map(renderAction)]);

describe("an unknown part", () => {
  test.each([
    [
      "of a value changes nothing",
      `UPDATE t SET a = ${HOLE} WHERE id = ${HOLE}`,
      "update data t (a) hasWhere; update t; update t.a; read t.id",
    ],
    [
      "of a string changes nothing",
      `UPDATE t SET a = 'x${HOLE}y'`,
      "update data t (a) hasWhere=false; update t; update t.a",
    ],
    [
      "of a number changes nothing",
      `UPDATE t SET a = 1${HOLE}`,
      "update data t (a) hasWhere=false; update t; update t.a",
    ],
    [
      "as a list of values changes nothing",
      `DELETE FROM t WHERE id IN ${HOLE}`,
      "delete data t hasWhere; delete t; read t.id",
    ],
    ["as a table leaves the table out", `DELETE FROM ${HOLE} WHERE a = 1`, "delete data hasWhere incomplete"],
    ["as a schema leaves the table out", `DELETE FROM ${HOLE}.t`, "delete data hasWhere=false incomplete"],
    ["of a table's name leaves the table out", `DROP TABLE t_${HOLE}`, "drop_table schema incomplete"],
    ["of a quoted name leaves it out", `DROP TABLE "t_${HOLE}"`, "drop_table schema incomplete"],
    [
      "as a column that is set may be any",
      `UPDATE t SET ${HOLE} = 1`,
      "update data t hasWhere=false; update t; update t.*",
    ],
    [
      "of a column that is read may be any",
      `UPDATE t SET a = b_${HOLE}`,
      "update data t (a) hasWhere=false; update t; update t.a; read t.*",
    ],
    ["as an output may be any column", `SELECT ${HOLE} FROM t`, "select read t hasWhere=false; read t; read t.*"],
    [
      "as the columns of an INSERT may be all",
      `INSERT INTO t (${HOLE}) VALUES (${HOLE})`,
      "insert data t source=values rows=1; insert t; insert t.*",
    ],
    [
      "as a type is no type",
      `ALTER TABLE t ADD COLUMN a ${HOLE}`,
      "add_column schema t (a) definitions=[a true false]; alter t; create t.a",
    ],
    [
      "as all assignments may set any column",
      `UPDATE t SET ${HOLE} WHERE a`,
      "update data t hasWhere; update t; update t.*; read t.a",
    ],
    [
      "as a trailing clause leaves the rest as it is",
      `CREATE INDEX i ON t (a) ${HOLE}`,
      'create_index schema t "i" (a) incomplete; require t; create index i; require t.a',
    ],
  ])("%s", (_, sql, action) => {
    expect(read(sql)).toEqual(["parsed", action]);
  });

  test("as the whole statement is opaque", () => {
    expect(read(HOLE)).toEqual(["keyword", "opaque unknown incomplete"]);
  });

  test("keeps the leading keywords where nothing fits", () => {
    expect(read(`ALTER TABLE t ${HOLE}`)).toEqual(["keyword", "alter_table schema t incomplete; alter t"]);
  });

  test("is known as such in the other grammars too", () => {
    expect(read(`UPDATE ${HOLE} SET a = ${HOLE}`, "mysql")).toEqual([
      "parsed",
      "update data (a) hasWhere=false incomplete",
    ]);
    expect(read(`UPDATE t SET a = ${HOLE} WHERE b = '${HOLE}'`, "mysql")).toEqual([
      "parsed",
      "update data t (a) hasWhere; update t; update t.a; read t.b",
    ]);
  });
});

test("parameters stand wherever a value may", () => {
  expect(
    read("UPDATE t SET a = :a, b = %(b)s, c = %s WHERE d IN :ids AND e = ANY(:x) AND f ? 'k' AND g = :g::int LIMIT 1"),
  ).toContain("keyword");
  expect(
    read("UPDATE t SET a = :a, b = %(b)s, c = %s WHERE d IN :ids AND e = ANY(:x) AND f ? 'k' AND g = :g::int"),
  ).toEqual([
    "parsed",
    "update data t (a, b, c) hasWhere; update t; update t.a; update t.b; update t.c; read t.d; read t.e; read t.f; read t.g",
  ]);
});
