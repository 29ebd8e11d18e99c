import { describe, test } from "vitest";
import { validatedCheck as rule } from "../../server/src/rules/validated-check.ts";
import { defaultSettings, mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, flags } from "../support/cases.ts";
import { statistics } from "../support/statistics.ts";

describe("finds", () => {
  test("a condition on an existing table, and says who waits", () =>
    flags(
      rule,
      `
op.create_check_constraint("ck", "orders", "total >= 0")
   ^^^^^^^^^^^^^^^^^^^^^^^ warning: Adding the check ck reads every row; meanwhile nobody can read or write orders.
`,
    ));
  test("one without a name", () =>
    flags(
      rule,
      `
op.execute("ALTER TABLE orders ADD CHECK (total >= 0)")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: Adding the check on orders (total) reads every row; meanwhile nobody can read or write orders.
`,
    ));
});

test("a table may be too small to matter", () => {
  const options = { "validated-check": { options: { minimumRows: 100_000_000 } } };
  return allows(
    rule,
    `-- retort.stats.json --
${JSON.stringify(statistics)}
-- versions/0001_check.py --
op.create_check_constraint("ck", "users", "age > 0")
`,
    { settings: mergeSettings([defaultSettings, { rules: options }]) },
  );
});

describe("allows", () => {
  test.each([
    ["NOT VALID", `op.create_check_constraint("ck", "orders", "total >= 0", postgresql_not_valid=True)\n`],
    ["validation", `op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck")\n`],
    ["an emptied table", `op.execute("TRUNCATE orders")\nop.create_check_constraint("ck", "orders", "total >= 0")\n`],
    ["a domain", `op.execute("ALTER DOMAIN amount ADD CHECK (VALUE >= 0)")\n`],
  ])("%s", (_, source) => allows(rule, source));
});
