import { describe, expect, test } from "vitest";
import { translate, type Speech } from "../../server/src/sql/translate.ts";

const set = (expression: string): string => `UPDATE t SET a = ${expression} WHERE b IS NOT NULL`;
const into = (expression: string, from: Speech, to: Speech): string => {
  const made = translate(set(expression), from, to);
  return "strange" in made ? `strange: ${made.strange}` : (/SET a = (.*) WHERE b/s.exec(made.sql)?.[1] ?? made.sql);
};

describe("from PostgreSQL", () => {
  test.each([
    ["EXTRACT(YEAR FROM t.at)", "YEAR(t.at)", "CAST(strftime('%Y', t.at) AS INTEGER)"],
    ["now()", "NOW()", "datetime('now')"],
    ["CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP", "datetime('now')"],
    ["split_part(n, ' ', 1)", "SUBSTRING_INDEX(n, ' ', 1)", "substr(n, 1, instr(n || ' ', ' ') - 1)"],
    [
      "split_part(lower(n), ',', -1)",
      "SUBSTRING_INDEX(lower(n), ',', -1)",
      "substr(lower(n), length(rtrim(lower(n), replace(lower(n), ',', ''))) + 1)",
    ],
    ["x || ' ' || upper( y )", "CONCAT(x, ' ', upper( y ))", "x || ' ' || upper( y )"],
    ["coalesce(x || y, 'z')", "coalesce(CONCAT(x, y), 'z')", "coalesce(x || y, 'z')"],
    ["concat(x, now())", "CONCAT_WS('', x, NOW())", "(coalesce(x, '') || coalesce(datetime('now'), ''))"],
    ['"Odd" + 1', "`Odd` + 1", '"Odd" + 1'],
    [
      "CASE WHEN x IN (1, 2) THEN 'a' ELSE NULL END",
      "CASE WHEN x IN (1, 2) THEN 'a' ELSE NULL END",
      "CASE WHEN x IN (1, 2) THEN 'a' ELSE NULL END",
    ],
    ["x::int", "strange: ::", "strange: ::"],
    ["x LIKE 'a%'", "strange: LIKE", "strange: LIKE"],
    ["regexp_replace(x, 'a', 'b')", "strange: regexp_replace", "strange: regexp_replace"],
    ["split_part(n, ' ', 2)", "strange: split_part", "strange: split_part"],
    ["x || y + 1", "strange: +", "strange: +"],
    ["CASE WHEN x THEN y END || z", "strange: END", "strange: END"],
    ["x / 2", "strange: /", "strange: /"],
    ["'a\\b'", "strange: 'a\\b'", "strange: 'a\\b'"],
  ])("%s", (expression, mysql, sqlite) => {
    expect([into(expression, "postgresql", "mysql"), into(expression, "postgresql", "sqlite")]).toEqual([
      mysql,
      sqlite,
    ]);
  });
});

describe("from MySQL and SQLite", () => {
  test.each<[string, Speech, Speech, string]>([
    ["CONCAT(`x`, ' ', YEAR(at))", "mysql", "postgresql", `("x" || ' ' || EXTRACT(YEAR FROM at))`],
    ["SUBSTRING_INDEX(n, ' ', 1)", "mysql", "postgresql", "split_part(n, ' ', 1)"],
    ["SUBSTRING_INDEX(n, ' ', -1)", "mysql", "postgresql", "split_part(n, ' ', -1)"],
    ["NOW()", "mysql", "sqlite", "datetime('now')"],
    ["IFNULL(x, 1)", "mysql", "postgresql", "strange: IFNULL"],
    ["x || y", "mysql", "postgresql", "strange: ||"],
    ["datetime('now')", "sqlite", "postgresql", "now()"],
    ["a || b", "sqlite", "mysql", "CONCAT(a, b)"],
  ])("%s, %s to %s", (expression, from, to, expected) => {
    expect(into(expression, from, to)).toBe(expected);
  });
});

test("refuses what is no single change of rows, and joins in an UPDATE", () => {
  expect(translate("CREATE TABLE t (a int)", "postgresql", "mysql")).toEqual({ strange: "CREATE" });
  expect(translate("UPDATE t SET a = u.a FROM u", "postgresql", "mysql")).toEqual({ strange: "FROM" });
  expect(translate("DELETE FROM t; DELETE FROM u", "postgresql", "mysql")).toEqual({ strange: ";" });
});
