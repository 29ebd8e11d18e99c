import { describe, expect, test } from "vitest";
import { analyzeMissingAfterBackfill as rule } from "../../server/src/rules/analyze-missing-after-backfill.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";

describe("finds", () => {
  test("and names the table", () =>
    flags(
      rule,
      `op.create_table("n", sa.Column("id", sa.Integer()))\n` +
        marked(
          `op.execute("INSERT INTO n SELECT id FROM users")`,
          `INSERT INTO n SELECT id FROM users`,
          `information: The planner's statistics of n are out of date after this: run ANALYZE n at the end.`,
        ) +
        ``,
    ));
  test.each([
    ["CREATE TABLE AS", `op.execute("CREATE TABLE n AS SELECT id FROM users")`],
    ["an UPDATE of all rows", `op.execute("UPDATE users SET a = 1")`],
    ["an UPDATE that joins", `op.execute("UPDATE users SET a = o.a FROM orders o WHERE o.user_id = users.id")`],
    ["ANALYZE of another table", `op.execute("UPDATE users SET a = 1")\nop.execute("ANALYZE orders")`],
    ["an ANALYZE before", `op.execute("ANALYZE users")\nop.execute("UPDATE users SET a = 1")`],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["ANALYZE of the table", `op.execute("UPDATE users SET a = 1")\nop.execute("ANALYZE users")`],
    ["ANALYZE of all", `op.execute("UPDATE users SET a = 1")\nop.execute("ANALYZE")`],
    ["some rows", `op.execute("UPDATE users SET a = 1 WHERE id = 5")`],
    ["a temporary table", `op.execute("CREATE TEMP TABLE n AS SELECT id FROM users")`],
    ["rows of its own", `op.execute("INSERT INTO roles (name) VALUES ('a')")`],
    [
      "a batch",
      `while True:\n    r = op.get_bind().execute(sa.text("UPDATE t SET a = 1 WHERE a IS NULL AND id < 5"))\n    if not r.rowcount:\n        break`,
    ],
    ["a downgrade", `def upgrade():\n    pass\n\n\ndef downgrade():\n    op.execute("UPDATE users SET a = 1")`],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});
