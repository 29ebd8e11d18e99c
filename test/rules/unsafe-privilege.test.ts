import { describe, expect, test } from "vitest";
import { unsafePrivilege as rule } from "../../server/src/rules/unsafe-privilege.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";

describe("finds", () => {
  test("rights for everybody", () =>
    flags(
      rule,
      `` +
        marked(
          `op.execute("GRANT SELECT ON orders TO PUBLIC")`,
          `GRANT SELECT ON orders TO PUBLIC`,
          `warning: This grants rights on orders to PUBLIC: to every role that there is, and every one that will be made.`,
        ) +
        ``,
    ));
  test.each([
    ["all rights", `op.execute("GRANT ALL PRIVILEGES ON orders TO app")`],
    ["a superuser", `op.execute("CREATE ROLE root SUPERUSER LOGIN")`],
    ["row level security without a policy", `op.execute("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")`],
    [
      "a definer without a path",
      `op.execute("CREATE OR REPLACE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql SECURITY DEFINER")`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["a single right", `op.execute("GRANT SELECT, INSERT ON orders TO app")`],
    ["REVOKE", `op.execute("REVOKE ALL ON orders FROM PUBLIC")`],
    ["a role of no rank", `op.execute("CREATE ROLE app LOGIN NOSUPERUSER")`],
    [
      "a policy in another revision",
      `-- versions/0001_a.py --\nop.execute("ALTER TABLE t ENABLE ROW LEVEL SECURITY")\n-- versions/0002_b.py --\nop.execute("CREATE POLICY p ON t USING (true)")`,
    ],
    [
      "a pinned definer",
      `op.execute("CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog")`,
    ],
    ["an invoker", `op.execute("CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql SECURITY INVOKER")`],
    ["a downgrade", `def upgrade():\n    pass\n\n\ndef downgrade():\n    op.execute("GRANT ALL ON t TO app")`],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});
