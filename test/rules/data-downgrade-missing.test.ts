import { describe, test } from "vitest";
import { dataDowngradeMissing as rule } from "../../server/src/rules/data-downgrade-missing.ts";
import { allows, flags } from "../support/cases.ts";

const revision = (up: string, down: string): string => `def upgrade():\n    ${up}\n\n\ndef downgrade():\n    ${down}\n`;

describe("finds", () => {
  test("rows that stay", () =>
    flags(
      rule,
      revision(
        `op.bulk_insert(sa.table("roles", sa.column("name")), [{"name": "auditor"}])
       ^^^^^^^^^^^ information: bulk_insert roles: nothing in downgrade() changes these rows back.`,
        "pass",
      ),
    ));

  test.each([
    [
      "a delete",
      `op.execute("DELETE FROM users WHERE age < 0")
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: *`,
      "pass",
    ],
    [
      "an update beside a change of another table",
      `op.execute("UPDATE users SET plan = 'free'")
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: *`,
      `op.drop_column("teams", "plan")`,
    ],
  ])("%s", (_, up, down) => flags(rule, revision(up, down)));
});

describe("allows", () => {
  const insert = `op.execute("INSERT INTO roles (name) VALUES ('auditor')")`;
  test.each([
    ["a delete for an insert", insert, `op.execute("DELETE FROM roles WHERE name = 'auditor'")`],
    ["a downgrade that is not understood", insert, `undo(op.get_bind())`],
    ["a raise", insert, `raise NotImplementedError()`],
    [
      "a column that is altered around it",
      `op.execute("UPDATE users SET age = 0")\n    op.alter_column("users", "age", nullable=False)`,
      `op.alter_column("users", "age", nullable=True)`,
    ],
    ["the rows of a table that goes", insert, `op.drop_table("roles")`],
  ])("%s", (_, up, down) => allows(rule, revision(up, down)));
});
