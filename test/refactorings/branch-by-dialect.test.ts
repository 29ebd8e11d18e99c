import { describe, expect, test } from "vitest";
import { branchByDialect as branch } from "../../server/src/refactorings/branch-by-dialect.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { givenTable, upgradesOf } from "./upgrades.ts";

test("the project's own dialect comes first, over the file's own connection", async () => {
  const source = `-- versions/0001_case.py --\nconnection = op.get_bind()\n<|>connection.execute(sa.text("UPDATE t SET a = CONCAT(b, c) WHERE d < NOW()"))\n`;
  const [up = ""] = upgradesOf(await refactors(branch, source, { dialect: "mysql" }));
  expect(up.split("\n").slice(1)).toEqual([
    `dialect = op.get_context().dialect.name`,
    `if dialect in ("mysql", "mariadb"):`,
    `    connection.execute(sa.text("UPDATE t SET a = CONCAT(b, c) WHERE d < NOW()"))`,
    `elif dialect == "postgresql":`,
    `    connection.execute(sa.text("UPDATE t SET a = (b || c) WHERE d < now()"))`,
    `elif dialect == "sqlite":`,
    `    connection.execute(sa.text("UPDATE t SET a = (b || c) WHERE d < datetime('now')"))`,
    `else:`,
    `    raise NotImplementedError(f"There is no SQL for {dialect} here.")`,
  ]);
});

describe("refuses", () => {
  test.each([
    [`op.execute("UPDATE t SET a = EXTRACT(YEAR FROM b::date)")`, /`::` on line \d+ has no form in MySQL/],
    [`op.execute("UPDATE t SET a = b || 'x', b = a")`, /reads a column that it sets/],
    [`op.execute("UPDATE t SET " + "a = now()")`, /put together from parts/],
  ])("%s", (statement, why) => refuses(branch, `${givenTable}<|>${statement}`, why));
});

test("has nothing to do where the SQL is the same everywhere, or is branched already", async () => {
  await ignores(branch, `${givenTable}<|>op.execute("UPDATE t SET a = 1")`);
  await ignores(
    branch,
    `${givenTable}if op.get_context().dialect.name == "postgresql":\n    <|>op.execute("UPDATE t SET a = now()")`,
  );
});
