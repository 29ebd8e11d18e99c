import { describe, expect, test } from "vitest";
import { rowByRowChange as rule } from "../../server/src/rules/row-by-row-change.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";

describe("finds", () => {
  test("and says what is done how often", () =>
    flags(
      rule,
      `connection = op.get_bind()\nfor row in connection.execute(sa.text("SELECT id FROM users")):\n` +
        marked(
          `    op.execute("UPDATE orders SET a = 1 WHERE user_id = 1")`,
          `UPDATE orders SET a = 1 WHERE user_id = 1`,
          `warning: UPDATE orders runs once for each row of users, with a round trip each and all in one transaction.`,
        ) +
        ``,
    ));
  test.each([
    [
      "fetched rows",
      `connection = op.get_bind()\nrows = connection.execute(sa.text("SELECT id FROM users")).fetchall()\nfor row in rows:\n    connection.execute(sa.text("UPDATE orders SET a = 1 WHERE user_id = :id"), {"id": row.id})`,
    ],
    [
      "tuples",
      `connection = op.get_bind()\nfor id, name in connection.execute(sa.text("SELECT id FROM users")).all():\n    connection.execute(sa.text("UPDATE orders SET a = 1 WHERE user_id = :id"), {"id": row.id})`,
    ],
    [
      "enumerated rows",
      `connection = op.get_bind()\nfor i, row in enumerate(connection.execute(sa.text("SELECT id FROM users"))):\n    connection.execute(sa.text("UPDATE orders SET a = 1 WHERE user_id = :id"), {"id": row.id})`,
    ],
    [
      "a query that SQLAlchemy builds",
      `connection = op.get_bind()\nusers = sa.table("users", sa.column("id"), sa.column("name"))\nfor row in connection.execute(sa.select(users.c.id)):\n    connection.execute(sa.text("UPDATE orders SET a = 1 WHERE user_id = :id"), {"id": row.id})`,
    ],
    [
      "an INSERT of each",
      `connection = op.get_bind()\nfor row in connection.execute(sa.text("SELECT id FROM users")):\n    connection.execute(sa.text("INSERT INTO tags (a) VALUES (1)"))`,
    ],
    [
      "two statements of one loop",
      `connection = op.get_bind()\nfor row in connection.execute(sa.text("SELECT id FROM users")):\n    connection.execute(sa.text("UPDATE orders SET a = 1 WHERE user_id = :id"), {"id": row.id})\n    connection.execute(sa.text("UPDATE orders SET a = 1 WHERE user_id = :id"), {"id": row.id})`,
    ],
    [
      "a test in the loop",
      `connection = op.get_bind()\nfor row in connection.execute(sa.text("SELECT id FROM users")):\n    if row.id:\n        connection.execute(sa.text("UPDATE orders SET a = 1 WHERE user_id = :id"), {"id": row.id})`,
    ],
    [
      "a helper in the loop",
      `def fix(connection, row):\n    connection.execute(sa.text("UPDATE orders SET a = 1 WHERE user_id = :id"), {"id": row.id})\n\n\ndef upgrade():\n    connection = op.get_bind()\n    for row in connection.execute(sa.text("SELECT id FROM users")):\n        fix(connection, row)`,
    ],
    [
      "rows with a condition",
      `connection = op.get_bind()\nfor row in connection.execute(sa.text("SELECT id FROM users WHERE a IS NULL")):\n    connection.execute(sa.text("UPDATE orders SET a = 1 WHERE user_id = :id"), {"id": row.id})`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["constants", `for id in (1, 2):\n    op.execute(f"UPDATE orders SET a = 1 WHERE id = {id}")`],
    [
      "names of the catalogue",
      `connection = op.get_bind()\nfor table in sa.inspect(connection).get_table_names():\n    connection.execute(sa.text("UPDATE orders SET a = 1 WHERE t = :t"), {"t": table})`,
    ],
    [
      "rows of its own table",
      `connection = op.get_bind()\nop.execute("CREATE TEMP TABLE users AS SELECT 1 AS id")\nfor row in connection.execute(sa.text("SELECT id FROM users")):\n    connection.execute(sa.text("UPDATE orders SET a = 1 WHERE user_id = :id"), {"id": row.id})`,
    ],
    [
      "groups",
      `connection = op.get_bind()\nfor row in connection.execute(sa.text("SELECT a FROM users GROUP BY a")):\n    connection.execute(sa.text("UPDATE orders SET a = 1 WHERE user_id = :id"), {"id": row.id})`,
    ],
    [
      "one statement after the loop",
      `connection = op.get_bind()\nids = [row.id for row in connection.execute(sa.text("SELECT id FROM users"))]\nconnection.execute(sa.text("DELETE FROM orders WHERE user_id = ANY(:ids)"), {"ids": ids})`,
    ],
    [
      "rows that come from elsewhere",
      `from app import rows\nfor row in rows():\n    op.execute("UPDATE orders SET a = 1 WHERE id = 2")`,
    ],
    [
      "a loop that only reads",
      `connection = op.get_bind()\nfor row in connection.execute(sa.text("SELECT id FROM users")):\n    connection.execute(sa.text("SELECT 1 FROM orders WHERE id = 1"))`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});
