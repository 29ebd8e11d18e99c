import { describe, expect, test } from "vitest";
import { batchesInOneTransaction as rule } from "../../server/src/rules/batches-in-one-transaction.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const batch = `"DELETE FROM logs WHERE id IN (SELECT id FROM logs WHERE old LIMIT 1000)"`;

test("names the table whose rows stay locked", () =>
  flags(
    rule,
    `
while True:
    gone = op.get_bind().execute(sa.text("DELETE FROM logs WHERE id IN (SELECT id FROM logs WHERE old LIMIT 1000)"))
                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: DELETE FROM logs runs in batches that share one transaction: every row of logs that it has changed stays locked until the last batch is done.
    if gone.rowcount == 0:
        break
`,
  ));

test.each(["mysql", "mariadb"] as const)("also on %s", async (dialect) => {
  const source = `while True:\n    if op.get_bind().execute(sa.text("DELETE FROM logs WHERE old LIMIT 1000")).rowcount == 0:\n        break\n`;
  expect(await findsIn(rule, source, { dialect })).toHaveLength(1);
});

describe("allows", () => {
  const loop = (around: string, within = ""): string =>
    `${around}while True:\n    gone = op.get_bind().execute(sa.text(${batch}))\n${within}    if gone.rowcount == 0:\n        break\n`;

  test("an autocommit block", () =>
    allows(
      rule,
      `with op.get_context().autocommit_block():\n    while True:\n        gone = op.get_bind().execute(sa.text(${batch}))\n        if gone.rowcount == 0:\n            break\n`,
    ));

  test.each([
    ["a commit of whatever", loop("", "    op.get_bind().commit()\n")],
    ["a commit as text", loop("", `    op.execute("COMMIT")\n`)],
    ["a table of the revision's own", loop(`op.execute("CREATE TABLE logs AS SELECT * FROM lines")\n`)],
    ["what may commit", loop("from app import checkpoint\n", "    checkpoint(op.get_bind())\n")],
  ])("%s", (_, source) => allows(rule, source));

  test("SQLite", () => allows(rule, loop(""), { dialect: "sqlite" }));
});
