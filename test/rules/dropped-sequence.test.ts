import { expect, test } from "vitest";
import { droppedSequence as rule } from "../../server/src/rules/dropped-sequence.ts";
import { allows, says } from "../support/cases.ts";

test("names it", async () => {
  expect(await says(rule, `op.execute("DROP SEQUENCE app.numbers")\n`)).toEqual([
    'Code that still takes numbers from "app.numbers" fails once this has run.',
  ]);
});

test("a sequence that is made again goes on", () =>
  allows(rule, `op.execute("DROP SEQUENCE numbers")\nop.execute("CREATE SEQUENCE numbers START 100")\n`));
