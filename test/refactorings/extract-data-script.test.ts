import { describe, expect, test } from "vitest";
import { extractDataScript as extract } from "../../server/src/refactorings/extract-data-script.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { givenTable, upgradesOf } from "./upgrades.ts";

const fill = `op.execute("UPDATE t AS x SET a = x.b WHERE x.a IS NULL")`;

test("the revision keeps everything else, and the imports that it uses", async () => {
  const made = await refactors(
    extract,
    `${givenTable}<|>${fill}\nop.execute("CREATE INDEX ix ON p (a)")`.replace("CREATE INDEX ix ON p (a)", "SELECT 1"),
  );
  expect(upgradesOf(made)[1]).toBe(`op.execute("SELECT 1")`);
  expect(made.parts.map(({ path }) => path)).toEqual([
    "/project/data_migrations/0002_case.py",
    "/project/versions/0002_case.py",
  ]);
  expect(made.parts[0]?.text).toContain(
    `CHANGE = sa.text("UPDATE t AS x SET a = x.b WHERE (x.a IS NULL) AND x.id >= :low_0 AND x.id <= :high_0")`,
  );
});

test("what is left of a revision of rows alone is pass", async () => {
  const made = await refactors(extract, `${givenTable}<|>op.execute("DELETE FROM t WHERE a > 3")`);
  expect(upgradesOf(made)[1]).toBe("pass");
});

describe("refuses", () => {
  test.each([
    [`<|>${fill}\nop.drop_column("t", "b")`, /must come after it .*split the revision first/],
    [`<|>op.execute("UPDATE p SET a = 1")`, /primary key of p/],
    [`<|>op.execute("UPDATE t SET a = a + 1")`, /another value when it is set again/],
  ])("%s", (statements, why) => refuses(extract, givenTable + statements, why));
});

test("has nothing to do with few rows, or on another server", async () => {
  await ignores(extract, `${givenTable}<|>op.execute("INSERT INTO t (a) VALUES (1)")`);
  await ignores(extract, givenTable + fill.replace("op.", "<|>op."), { dialect: "mysql" });
});
