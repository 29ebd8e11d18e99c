import { expect, test } from "vitest";
import { droppedExtension as rule } from "../../server/src/rules/dropped-extension.ts";
import { allows, says } from "../support/cases.ts";

test("names it", async () => {
  expect(await says(rule, `op.execute("DROP EXTENSION hstore")\n`)).toEqual([
    'Code that still uses functions, types or operators of the extension "hstore" fails once this has run.',
  ]);
});

test("an extension of its own is nobody else's", () =>
  allows(rule, `op.execute("CREATE EXTENSION hstore")\nop.execute("DROP EXTENSION hstore")\n`));
