import { describe, expect, test } from "vitest";
import { parseSql } from "../../server/src/sql/parse.ts";

const kinds = (sql: string): readonly string[] =>
  parseSql(sql, "postgresql").map(({ actions }) =>
    actions.map(({ kind, table }) => (table ? `${kind} ${table.name}` : kind)).join(", "),
  );

const fill = "CREATE FUNCTION fill(n int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET a = n; END $$";

describe("a function of the same text", () => {
  test.each<readonly [title: string, sql: string, kinds: readonly string[]]>([
    ["does when it is selected what its body says", `${fill}; SELECT fill(1)`, ["create_function", "select, update t"]],
    [
      "is found with its schema and without",
      `${fill.replace("fill", "s.fill")}; SELECT fill(1); SELECT s.fill(1)`,
      ["create_function", "select, update t", "select, update t"],
    ],
    ["does nothing before it is defined", `SELECT fill(1); ${fill}`, ["select", "create_function"]],
    [
      "is not what another of its name was",
      `${fill}; DROP FUNCTION fill; SELECT fill(1)`,
      ["create_function", "drop_function", "select"],
    ],
    [
      "is followed into the functions that it calls",
      `${fill}; CREATE FUNCTION g() RETURNS void LANGUAGE sql AS 'SELECT fill(2)'; DO $$ BEGIN PERFORM g(); END $$`,
      ["create_function", "create_function", "select, select, update t"],
    ],
    [
      "may call itself",
      "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DELETE FROM t; SELECT f()'; SELECT 1",
      ["create_function", "select"],
    ],
    [
      "may be a procedure, whose call is then no riddle",
      "CREATE PROCEDURE p() LANGUAGE sql AS 'DELETE FROM t'; CALL p()",
      ["create_function", "delete t"],
    ],
    [
      "may have a body that is not known",
      "CREATE FUNCTION f() RETURNS void LANGUAGE c AS 'l'; SELECT f()",
      ["create_function", "select"],
    ],
  ])("%s", (_, sql, expected) => {
    expect(kinds(sql)).toEqual(expected);
  });

  test("is told once, however often it calls itself and others", () => {
    const many = (name: string): string => `SELECT ${name}();`.repeat(50);
    const define = (name: string, body: string): string =>
      `CREATE FUNCTION ${name}() RETURNS void LANGUAGE sql AS 'DELETE FROM ${name}; ${body}';`;
    const sql = ["a", "b", "c", "d", "e"].map((name) => define(name, many("a") + many("b") + many("c"))).join("");
    expect(
      kinds(`${sql} SELECT e()`)
        .at(-1)
        ?.split(", ")
        .filter((kind) => kind.startsWith("delete")),
    ).toEqual(["delete e", "delete a", "delete b", "delete c"]);
  });
});
