import { describe, expect, test } from "vitest";
import { duplicateAssignment as rule } from "../../server/src/rules/duplicate-assignment.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";

describe("finds", () => {
  test("and names the column", () =>
    flags(
      rule,
      `` +
        marked(
          `op.execute("UPDATE users SET a = 1, b = 2, a = 3 WHERE id = 1")`,
          `UPDATE users SET a = 1, b = 2, a = 3 WHERE id = 1`,
          `warning: This UPDATE sets users.a twice, which PostgreSQL refuses.`,
        ) +
        ``,
    ));
  test.each([
    ["an INSERT", `op.execute("INSERT INTO users (a, b, a) VALUES (1, 2, 3)")`],
    [
      "a batch block",
      `with op.batch_alter_table("users") as batch:\n    batch.execute("UPDATE users SET a = 1, a = 2 WHERE id = 1")`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["different columns", `op.execute("UPDATE users SET a = 1, b = 2 WHERE id = 1")`],
    ["quoted names that differ in case", `op.execute('UPDATE users SET "A" = 1, a = 2 WHERE id = 1')`],
    ["fields of a column", `op.execute("UPDATE users SET address.street = 'a', address.town = 'b' WHERE id = 1")`],
    ["rows of bulk_insert", `op.bulk_insert(sa.table("t", sa.column("a")), [{"a": 1}, {"a": 2}])`],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});
