import { describe, expect, test } from "vitest";
import { addRowCountChecks as check } from "../../server/src/refactorings/add-row-count-checks.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { givenTable, upgradesOf } from "./upgrades.ts";

const up = async (statement: string): Promise<string> =>
  upgradesOf(await refactors(check, `${givenTable}${statement.includes("<|>") ? "" : "<|>"}${statement}`))[0] ?? "";

describe("what is left", () => {
  test.each([
    [`op.execute("UPDATE t SET a = 1 WHERE a IS NULL AND b > 2")`, true],
    [`op.execute("UPDATE t SET a = b WHERE a IS NULL")`, false],
    [`op.execute("UPDATE t SET a = 1 WHERE a IS NULL OR b = 1")`, false],
    [`op.execute("UPDATE t SET a = 1 WHERE b > 2")`, false],
    [`op.execute("DELETE FROM t WHERE b > 2")`, true],
    [`op.execute("DELETE FROM t WHERE b IN (SELECT a FROM t)")`, false],
  ])("is checked where none can be: %s %s", async (statement, isChecked) => {
    expect((await up(statement)).includes("left != 0")).toBe(isChecked);
  });
});

test("the statement runs in the words of the file", async () => {
  const text = await up(
    `count = 1\nconnection = op.get_bind()\n<|>connection.execute(sa.text("""UPDATE t AS x SET a = 1\n WHERE x.a IS NULL"""))`,
  );
  expect(text).toContain(`count_ = sa.text("SELECT count(*) FROM t x WHERE x.a IS NULL")`);
  expect(text).toContain(`bind.execute(sa.text("""UPDATE t AS x SET a = 1\n WHERE x.a IS NULL""")).rowcount`);
});

describe("refuses", () => {
  test.each([
    [`for i in (1, 2):\n    <|>op.execute("UPDATE t SET a = 1 WHERE a IS NULL")`, /in a helper, a loop/],
    [`op.execute("UPDATE t SET a = 1 FROM p WHERE p.a = t.a")`, /joins, returns rows/],
    [`op.execute("UPDATE t SET a = 1 " + "WHERE a IS NULL")`, /put together from parts/],
  ])("%s", (statement, why) =>
    refuses(check, `${givenTable}${statement.includes("<|>") ? "" : "<|>"}${statement}`, why),
  );
});

test("has nothing to do where no condition says which rows, or on another server", async () => {
  await ignores(check, `${givenTable}<|>op.execute("UPDATE t SET a = 1")`);
  await ignores(check, `${givenTable}<|>op.execute("INSERT INTO t (a) VALUES (1)")`);
  await ignores(check, `${givenTable}<|>op.execute("UPDATE t SET a = 1 WHERE b = 1")`, { dialect: "mysql" });
});
