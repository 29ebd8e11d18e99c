import { describe, test } from "vitest";
import { blockingRefresh as rule } from "../../server/src/rules/blocking-refresh.ts";
import { allows, flags } from "../support/cases.ts";

describe("finds", () => {
  test("a view that people read", () =>
    flags(
      rule,
      `
op.execute("REFRESH MATERIALIZED VIEW totals")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: While totals is filled anew, nobody can read it.
`,
    ));
});

describe("allows", () => {
  test.each([
    [
      "CONCURRENTLY",
      `op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY totals")
`,
    ],
    [
      "a view made here",
      `op.execute("CREATE MATERIALIZED VIEW totals AS SELECT 1")
op.execute("REFRESH MATERIALIZED VIEW totals")
`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});
