import { describe, expect, test } from "vitest";
import { otherDialectSql as rule } from "../../server/src/rules/other-dialect-sql.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";

describe("finds", () => {
  test("a clause of MySQL", () =>
    flags(
      rule,
      `` +
        marked(
          `op.execute("UPDATE t SET a = 1 WHERE b IS NULL LIMIT 10")`,
          `UPDATE t SET a = 1 WHERE b IS NULL LIMIT 10`,
          `error: PostgreSQL does not accept this SQL (syntax error at or near "LIMIT"); MySQL does.`,
        ) +
        ``,
    ));
  test("a function of MySQL", () =>
    flags(
      rule,
      `` +
        marked(
          `op.execute("UPDATE t SET a = SUBSTRING_INDEX(b, ' ', 1)")`,
          `UPDATE t SET a = SUBSTRING_INDEX(b, ' ', 1)`,
          `error: PostgreSQL has no function substring_index: that is MySQL's. Use split_part.`,
        ) +
        ``,
    ));
  test.each([
    ["a query", `connection = op.get_bind()\nconnection.execute(sa.text("SELECT IFNULL(a, 0) FROM t"))`],
    ["an INSERT", `op.execute("INSERT INTO t (a) SELECT GROUP_CONCAT(a) FROM u")`],
    ["INSERT OR IGNORE of SQLite", `op.execute("INSERT OR IGNORE INTO t (a) VALUES (1)")`],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["PostgreSQL's own functions", `op.execute("UPDATE t SET a = split_part(b, ' ', 1), c = coalesce(d, now())")`],
    [
      "the other dialect's branch",
      `if op.get_bind().dialect.name != "postgresql":\n    op.execute("UPDATE t SET a = IFNULL(b, 1)")`,
    ],
    [
      "a function in the body of another",
      `op.execute("CREATE FUNCTION ifnull(a int, b int) RETURNS int AS $$ SELECT coalesce(a, b) $$ LANGUAGE sql")\nop.execute("UPDATE t SET a = ifnull(b, 1)")`,
    ],
    ["the extension that brings it", `op.execute("CREATE EXTENSION orafce")\nop.execute("UPDATE t SET a = nvl(b, 1)")`],
    ["a function of a schema of one's own", `op.execute("UPDATE t SET a = app.nvl(b, 1)")`],
  ])("%s", (_, code) => allows(rule, `${code}\n`));

  test.each(["mysql", "sqlite"] as const)("a project for %s", (dialect) =>
    allows(rule, `op.execute("UPDATE t SET a = IFNULL(b, 1) WHERE id = 1")\n`, { dialect }),
  );
});

test.each([
  ["PRAGMA foreign_keys = OFF", "SQLite"],
  ["USE shop", "MySQL"],
])("finds a statement that PostgreSQL does not have: %s", async (sql, server) => {
  expect(await findsIn(rule, `op.execute("${sql}")\n`)).toEqual([expect.stringContaining(`; ${server} does.`)]);
});

describe("on other servers than PostgreSQL", () => {
  const update = (value: string): string => `op.execute("UPDATE t SET a = ${value} WHERE id = 1")\n`;

  test.each([
    ["mysql", "split_part(b, ' ', 1)", "MySQL has no function split_part: that is PostgreSQL's. Use SUBSTRING_INDEX."],
    ["mariadb", "gen_random_uuid()", "MariaDB has no function gen_random_uuid: that is PostgreSQL's. Use UUID()."],
    ["mysql", "coalesce(strftime('%Y', b), 'x')", "MySQL has no function strftime: that is SQLite's. Use DATE_FORMAT."],
    ["sqlite", "greatest(b, c)", "SQLite has no function greatest"],
    ["sqlite", "EXTRACT(YEAR FROM b)", "SQLite has no function extract"],
    ["sqlite", "YEAR(b)", "SQLite has no function year"],
    ["mysql", "datetime('now')", "MySQL has no function datetime"],
    ["sqlite", "to_char(b, 'YYYY')", "SQLite has no function to_char"],
  ] as const)("%s: %s", async (dialect, value, says) => {
    expect(await findsIn(rule, update(value), { dialect })).toEqual([expect.stringContaining(says)]);
  });

  test.each([
    ["mysql", "SUBSTRING_INDEX(b, ' ', 1)"],
    ["mysql", "IFNULL(b, c)"],
    ["sqlite", "strftime('%Y', b)"],
    ["sqlite", "coalesce(b, 'now()')"],
    ["mssql", "GETDATE()"],
  ] as const)("%s has its own: %s", (dialect, value) => allows(rule, update(value), { dialect }));

  test("a branch for the other server is right", () =>
    allows(rule, `if op.get_bind().dialect.name == "postgresql":\n    ${update("split_part(b, ' ', 1)")}`, {
      dialect: "mysql",
    }));
});
