import { describe, expect, test } from "vitest";
import { unguardedDataChange as rule } from "../../server/src/rules/unguarded-data-change.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";

/** Advice is opt-in. */
const strict = { settings: mergeSettings([{ rules: { "unguarded-data-change": { severity: "information" } } }]) };

describe("finds", () => {
  test("and says what", () =>
    flags(
      rule,
      `` +
        marked(
          `op.execute("DELETE FROM t WHERE a = 1")`,
          `DELETE FROM t WHERE a = 1`,
          `information: Nothing counts the rows of t before or after DELETE FROM t.`,
        ) +
        ``,
      strict,
    ));
  test.each([
    ["TRUNCATE", `op.execute("TRUNCATE t")`],
    ["an UPDATE", `op.execute("UPDATE t SET a = 1 WHERE b = 2")`],
    ["a table expression", `t = sa.table("t", sa.column("a"))\nop.execute(t.delete().where(t.c.a == 1))`],
    [
      "a count of another table",
      `op.get_bind().execute(sa.text("SELECT count(*) FROM u")).scalar()\nop.execute("DELETE FROM t WHERE a = 1")`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`, strict)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    [
      "a count before",
      `op.get_bind().execute(sa.text("SELECT count(*) FROM t")).scalar()\nop.execute("DELETE FROM t WHERE a = 1")`,
    ],
    [
      "a check after",
      `op.execute("DELETE FROM t WHERE a = 1")\nop.get_bind().execute(sa.text("SELECT 1 FROM t WHERE a = 1")).first()`,
    ],
    ["an empty column filled", `op.execute("UPDATE t SET a = 1 WHERE a IS NULL")`],
    ["an INSERT", `op.execute("INSERT INTO t (a) VALUES (1)")`],
    ["a new table", `op.create_table("t", sa.Column("a", sa.Integer()))\nop.execute("DELETE FROM t WHERE a = 1")`],
    ["code that is not known", `from app import check\ncheck(op.get_bind())\nop.execute("DELETE FROM t WHERE a = 1")`],
  ])("%s", (_, code) => allows(rule, `${code}\n`, strict));
});
