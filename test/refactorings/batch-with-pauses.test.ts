import { expect, test } from "vitest";
import { batchWithPauses as batch } from "../../server/src/refactorings/batch-with-pauses.ts";
import { refactors, refuses } from "../support/cases.ts";
import { givenTable, upgradesOf } from "./upgrades.ts";

test("the pause comes between two batches, in no transaction, as long as the file says", async () => {
  const made = await refactors(batch, `${givenTable}op.execute("UPDATE t SET a = b")<|>\n`);
  expect(upgradesOf(made)[0]?.split("\n").slice(-2)).toEqual([
    "            if not is_last:",
    "                time.sleep(PAUSE_SECONDS)",
  ]);
  const [text = ""] = made.parts.map((part) => part.text);
  expect(text).toContain("PAUSE_SECONDS = 0.1\n");
  expect(text).toMatch(/^import time$/m);
  expect(made.title).toBe("Change the rows in batches with pauses");
});

test("what cannot be run twice is refused", () =>
  refuses(batch, `${givenTable}op.execute("UPDATE t SET a = a + 1")<|>\n`, /another value when it is set again/));
