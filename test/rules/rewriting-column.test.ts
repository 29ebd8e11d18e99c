import { describe, expect, test } from "vitest";
import { rewritingColumn as rule } from "../../server/src/rules/rewriting-column.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

describe("finds", () => {
  test("a default that differs from row to row, and names it", () =>
    flags(
      rule,
      `
op.add_column("users", sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))
   ^^^^^^^^^^ warning: Adding users.token writes every row of users anew, since each gets its own gen_random_uuid(); meanwhile nobody can read or write users.
`,
    ));
  test.each([
    [`op.execute("ALTER TABLE users ADD COLUMN n bigserial")`, "each gets a number"],
    [`op.execute("ALTER TABLE users ADD COLUMN n int GENERATED ALWAYS AS IDENTITY")`, "each gets a number"],
    [
      `op.execute("ALTER TABLE users ADD COLUMN n int GENERATED ALWAYS AS (a * 2) STORED")`,
      "its value is stored in each",
    ],
  ])("%s", async (source, reason) => {
    expect(await findsIn(rule, `${source}\n`)).toEqual([expect.stringContaining(reason)]);
  });
});

describe("allows", () => {
  test.each([
    ["a virtual column", `op.execute("ALTER TABLE users ADD COLUMN n int GENERATED ALWAYS AS (a * 2) VIRTUAL")\n`],
    ["an emptied table", `op.execute("TRUNCATE users")\nop.execute("ALTER TABLE users ADD COLUMN n serial")\n`],
    ["a default for new rows only", `op.alter_column("users", "token", server_default=sa.text("gen_random_uuid()"))\n`],
  ])("%s", (_, source) => allows(rule, source));
});
