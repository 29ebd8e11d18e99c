import { describe, expect, test } from "vitest";
import { identifierTooLong as rule } from "../../server/src/rules/identifier-too-long.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const long = "x".repeat(64);

describe("finds", () => {
  test("a name of more bytes than the server keeps", () =>
    flags(
      rule,
      `op.create_index("${long}", "users", ["a"])
   ^^^^^^^^^^^^ warning: The name of the index "${long}" is 64 long, and the server's names are at most 63: it is cut or refused.
`,
    ));

  test.each([
    ["a constraint", `op.create_unique_constraint("${long}", "users", ["a"])`],
    [
      "a batch block",
      `with op.batch_alter_table("users") as batch:\n    batch.add_column(sa.Column("${long}", sa.Integer()))`,
    ],
    ["a new name", `op.rename_table("users", "${long}")`],
  ])("%s", async (_, body) => {
    expect(await findsIn(rule, body)).toHaveLength(1);
  });

  test("on MySQL one character more", async () => {
    expect(
      await findsIn(rule, `op.create_table("${long}x", sa.Column("id", sa.Integer()))`, { dialect: "mysql" }),
    ).toHaveLength(1);
    await allows(rule, `op.create_table("${long}", sa.Column("id", sa.Integer()))`, { dialect: "mysql" });
  });
});

describe("allows", () => {
  test.each([
    ["a name that just fits", `op.create_table("${long.slice(1)}", sa.Column("id", sa.Integer()))`],
    ["what is dropped", `op.drop_index("${long}")`],
    ["constraints without a name", `op.create_unique_constraint(None, "users", ["a"])`],
  ])("%s", (_, body) => allows(rule, body));
});
