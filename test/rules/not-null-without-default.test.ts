import { describe, expect, test } from "vitest";
import { notNullWithoutDefault as rule } from "../../server/src/rules/not-null-without-default.ts";
import { allows, findsIn, says } from "../support/cases.ts";

const add = `op.add_column("users", sa.Column("a", sa.Text()))\n`;
const require = `op.alter_column("users", "a", nullable=False)\n`;
const words = `Code that inserts into "users" without "a" fails once this has run: NOT NULL, and no default.`;

describe("finds", () => {
  test.each([
    ["a column that is NOT NULL at once", `op.add_column("users", sa.Column("a", sa.Text(), nullable=False))\n`],
    ["a column that is filled in between", `${add}op.execute("UPDATE users SET a = b WHERE id < 5")\n${require}`],
    ["a default that goes in vain", `${add}op.alter_column("users", "a", server_default=None)\n${require}`],
    [
      "a trigger of another table",
      `${add}${require}op.execute("CREATE TRIGGER t BEFORE INSERT ON teams EXECUTE FUNCTION f()")\n`,
    ],
  ])("%s", async (_, code) => {
    expect(await says(rule, code)).toEqual([words]);
  });

  test("on MySQL", async () => {
    expect(await findsIn(rule, `${add}${require}`, { dialect: "mysql" })).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["a default before", `op.add_column("users", sa.Column("a", sa.Text(), server_default="x"))\n${require}`],
    ["a default after", `${add}${require}op.alter_column("users", "a", server_default="x")\n`],
    ["an identity", `op.add_column("users", sa.Column("a", sa.Integer(), sa.Identity(), nullable=False))\n`],
    ["NULL again", `${add}${require}op.alter_column("users", "a", nullable=True)\n`],
    ["a column that goes again", `${add}${require}op.drop_column("users", "a")\n`],
    ["a column that was there", require],
    [
      "a trigger, which may fill it",
      `${add}${require}op.execute("CREATE TRIGGER t BEFORE INSERT ON users EXECUTE FUNCTION f()")\n`,
    ],
    ["a downgrade", `def upgrade():\n    pass\n\n\ndef downgrade():\n    ${add}    ${require}`],
  ])("%s", (_, code) => allows(rule, code));
});
