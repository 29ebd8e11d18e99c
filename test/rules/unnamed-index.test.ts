import { describe, expect, test } from "vitest";
import { unnamedIndex as rule } from "../../server/src/rules/unnamed-index.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";

/** Advice is opt-in. */
const strict = { settings: mergeSettings([{ rules: { "unnamed-index": { severity: "information" } } }]) };

describe("finds", () => {
  test("and names the table", () =>
    flags(
      rule,
      `` +
        marked(
          `op.execute("CREATE INDEX ON t (a)")`,
          `CREATE INDEX ON t (a)`,
          `information: This index of t has no name: each database may give it another one.`,
        ) +
        ``,
      strict,
    ));
  test.each([["through a connection", `op.get_bind().execute(sa.text("CREATE UNIQUE INDEX ON t (a)"))`]])(
    "%s",
    async (_, code) => {
      expect(await findsIn(rule, `${code}\n`, strict)).toHaveLength(1);
    },
  );
});

describe("is silent about", () => {
  test.each([
    ["a name", `op.execute("CREATE INDEX ix ON t (a)")`],
    ["a name that is not known", `op.execute(f"CREATE INDEX {name()} ON t (a)")`],
    ["a directive", `op.create_index(None, "t", ["a"])`],
  ])("%s", (_, code) => allows(rule, `${code}\n`, strict));
});
