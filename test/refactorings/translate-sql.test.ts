import { expect, test } from "vitest";
import { translateSql as translate } from "../../server/src/refactorings/translate-sql.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { givenTable, upgradesOf } from "./upgrades.ts";

test("puts MySQL's words into the project's own", async () => {
  const made = await refactors(translate, `${givenTable}<|>op.execute("UPDATE \`t\` SET a = YEAR(b)")\n`);
  expect(made.title).toBe("Translate the SQL to PostgreSQL");
  expect(upgradesOf(made)[0]).toBe(`op.execute('UPDATE "t" SET a = EXTRACT(YEAR FROM b)')`);
});

test("refuses what has no translation", () =>
  refuses(translate, `${givenTable}<|>op.execute("UPDATE \`t\` SET a = IFNULL(b, 1)")\n`, "`IFNULL` on line"));

test("leaves alone what stands in the branch of the dialect that it speaks", () =>
  ignores(
    translate,
    `${givenTable}if op.get_bind().dialect.name == "mysql":\n    <|>op.execute("UPDATE \`t\` SET a = YEAR(b)")\n`,
  ));

test("has nothing to do where the server takes the SQL", () =>
  ignores(translate, `${givenTable}<|>op.execute("UPDATE t SET a = 1")\n`));
