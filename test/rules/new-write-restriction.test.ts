import { expect, test } from "vitest";
import { newWriteRestriction as rule } from "../../server/src/rules/new-write-restriction.ts";
import { allows, says } from "../support/cases.ts";

test.each([
  [`op.create_check_constraint("ck", "users", "a > 0")`, 'the check "ck"'],
  [`op.create_unique_constraint(None, "users", ["a", "b"])`, "the unique constraint on a, b"],
  [`op.create_foreign_key("fk", "users", "teams", ["a"], ["id"])`, 'the foreign key "fk"'],
  [`op.alter_column("users", "a", nullable=False)`, 'NOT NULL of "a"'],
  [`op.execute("CREATE UNIQUE INDEX uq ON users (a)")`, 'the unique index "uq"'],
])("%s", async (code, what) => {
  expect(await says(rule, `${code}\n`)).toEqual([
    `Code that still writes to "users" what ${what} forbids fails once this has run.`,
  ]);
});

test("an index that is not unique forbids nothing", () => allows(rule, `op.create_index("ix", "users", ["a"])\n`));
