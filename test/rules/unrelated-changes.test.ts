import { describe, expect, test } from "vitest";
import { unrelatedChanges as rule } from "../../server/src/rules/unrelated-changes.ts";
import { allows, findsIn } from "../support/cases.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";

/** Advice is opt-in. */
const strict = { settings: mergeSettings([{ rules: { "unrelated-changes": { severity: "information" } } }]) };

describe("finds", () => {
  test("and names the groups", async () => {
    const found = await findsIn(
      rule,
      `op.add_column("users", sa.Column("phone", sa.String(20)))\nop.drop_column("invoices", "remark")\n`,
      strict,
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      /«upgrade» This revision makes 2 changes that have nothing to do with each other: of users; of invoices\.$/,
    );
  });
  test.each([
    [
      "schema here, rows there",
      `op.add_column("users", sa.Column("phone", sa.String(20)))\nop.execute("UPDATE invoices SET paid = true WHERE id = 1")`,
    ],
    [
      "three",
      `op.add_column("users", sa.Column("phone", sa.String(20)))\nop.drop_column("a", "y")\nop.create_index("ix", "c", ["z"])`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`, strict)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["one table", `op.add_column("users", sa.Column("phone", sa.String(20)))\nop.drop_column("users", "fax")`],
    [
      "the same change of two",
      `op.add_column("users", sa.Column("phone", sa.String(20)))\nop.add_column("invoices", sa.Column("phone", sa.String(20)))`,
    ],
    [
      "a foreign key between them",
      `op.add_column("users", sa.Column("phone", sa.String(20)))\nop.create_foreign_key("fk", "invoices", "users", ["user_id"], ["id"])`,
    ],
    [
      "rows that come from the other",
      `op.add_column("users", sa.Column("phone", sa.String(20)))\nop.execute("UPDATE users SET phone = c.phone FROM contacts c WHERE c.user_id = users.id")\nop.drop_column("contacts", "phone")`,
    ],
    [
      "new tables",
      `op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))\nop.create_table("u", sa.Column("id", sa.Integer(), primary_key=True))`,
    ],
    [
      "what is not understood",
      `op.add_column("users", sa.Column("phone", sa.String(20)))\nfrom app import fix\nfix(op.get_bind())\nop.drop_column("invoices", "remark")`,
    ],
    [
      "a setting",
      `op.add_column("users", sa.Column("phone", sa.String(20)))\nop.execute("SET LOCAL lock_timeout = '5s'")`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`, strict));
});
