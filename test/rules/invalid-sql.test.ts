import { describe, expect, test } from "vitest";
import { invalidSql as rule } from "../../server/src/rules/invalid-sql.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";

describe("finds", () => {
  test("and says where the grammar stops", () =>
    flags(
      rule,
      `` +
        marked(
          `op.execute("UPDATE t SET a = = 1")`,
          `UPDATE t SET a = = 1`,
          `error: PostgreSQL does not accept this SQL: syntax error at or near "=".`,
        ) +
        ``,
    ));
  test.each([
    ["a second statement", `op.execute("SELECT 1; SELEC 2")`],
    ["through a connection", `connection = op.get_bind()\nconnection.execute(sa.text("UPDATE t SET a = 1 WHERE"))`],
    ["psql's command", `op.execute("\\\\connect app")`],
    ["a table alone", `op.execute("users")`],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    [
      "parameters",
      `connection = op.get_bind()\nconnection.execute(sa.text("UPDATE t SET a = :a, b = %(b)s WHERE c = ANY(:c)"))`,
    ],
    ["a part that is not known", `op.execute(f"UPDATE t SET a = 1 {rest()} x x x")`],
    ["another dialect's branch", `if op.get_bind().dialect.name == "mysql":\n    op.execute("UPDATE t SET a = = 1")`],
    [
      "a test that is not known",
      `from app import is_mysql_there\nif is_mysql_there:\n    op.execute("UPDATE t SET a = = 1")`,
    ],
    ["a try", `try:\n    op.execute("UPDATE t SET a = = 1")\nexcept Exception:\n    pass`],
    ["dollar quotes", `op.execute("DO $$ BEGIN PERFORM 1; END $$")`],
    ["an escaped colon", `connection = op.get_bind()\nconnection.execute(sa.text(r"SELECT a\\:\\:text FROM t"))`],
    ["an operator with a question mark", `op.execute("UPDATE t SET a = 1 WHERE data ? 'k'")`],
    ["a comment", `op.execute("-- nothing")`],
  ])("%s", (_, code) => allows(rule, `${code}\n`));

  test("a project whose server is not known", () =>
    allows(
      rule,
      `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\npath_separator = os\n-- versions/0001_a.py --\nop.execute("UPDATE t SET a = = 1")\n`,
    ));
  test("a server that only resembles PostgreSQL", () =>
    allows(
      rule,
      `-- alembic.ini --\n[alembic]\nscript_location = %(here)s\npath_separator = os\nsqlalchemy.url = cockroachdb://localhost/app\n-- versions/0001_a.py --\nop.execute("UPDATE t SET a = = 1")\n`,
    ));
});
