import { describe, test } from "vitest";
import { nonConcurrentReindex as rule } from "../../server/src/rules/non-concurrent-reindex.ts";
import { allows, flags } from "../support/cases.ts";

describe("finds", () => {
  test("REINDEX of a table, and that readers wait, too", () =>
    flags(
      rule,
      `
op.execute("REINDEX TABLE users")
            ^^^^^^^^^^^^^^^^^^^ warning: While REINDEX builds anew, nobody can read or write users.
`,
    ));
});

describe("allows", () => {
  test.each([
    [
      "CONCURRENTLY",
      `op.execute("REINDEX TABLE CONCURRENTLY users")
`,
    ],
    [
      "a table that is dropped after",
      `op.execute("REINDEX TABLE users")
op.drop_table("users")
`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});
