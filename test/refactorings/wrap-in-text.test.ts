import { expect, test } from "vitest";
import { wrapInText as wrap } from "../../server/src/refactorings/wrap-in-text.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { upgradesOf } from "./upgrades.ts";

const source = (...statements: readonly string[]): string =>
  `-- versions/0001_case.py --\nconnection = op.get_bind()\n${statements.join("\n")}\n`;

test("wraps all strings of the selection, also f-strings and variables", async () => {
  const made = await refactors(
    wrap,
    source(`table = "t"`, `<|>connection.execute(f"DELETE FROM {table}")`, `n = connection.scalar("SELECT 1")<|>`),
  );
  expect(made.title).toBe("Wrap 2 strings in text()");
  expect(upgradesOf(made)[0]?.split("\n").slice(2)).toEqual([
    `connection.execute(sa.text(f"DELETE FROM {table}"))`,
    `n = connection.scalar(sa.text("SELECT 1"))`,
  ]);
});

test("refuses what text() would read otherwise", async () => {
  await refuses(wrap, source(`<|>connection.execute("DELETE FROM t WHERE a = 'x :y'")`), "holds a colon before a word");
  await refuses(wrap, source(`<|>connection.execute("DELETE FROM t WHERE a = %s", (1,))`), "parameters or signs");
});

test("has nothing to do where plain strings are taken", async () => {
  await ignores(wrap, source(`<|>op.execute("DELETE FROM t")`));
  await ignores(wrap, source(`<|>connection.exec_driver_sql("DELETE FROM t")`));
});
