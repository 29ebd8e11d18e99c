import { describe, test } from "vitest";
import { irreversibleWithoutReason as rule } from "../../server/src/rules/irreversible-without-reason.ts";
import { allows, flags } from "../support/cases.ts";

const revision = (up: string, down: string): string => `def upgrade():\n    ${up}\n\n\ndef downgrade():\n    ${down}\n`;
const back = `op.add_column("users", sa.Column("age", sa.Integer()))`;

describe("finds", () => {
  test("a column that comes back empty", () =>
    flags(
      rule,
      revision(
        `op.drop_column("users", "age")
       ^^^^^^^^^^^ information: This drops the values of users.age; downgrade() makes the column again, empty, and does not say so.`,
        back,
      ),
    ));

  test("a column of a batch block", () =>
    flags(
      rule,
      revision(
        `with op.batch_alter_table("users") as batch:
        batch.drop_column("age")
              ^^^^^^^^^^^ information: *`,
        back,
      ),
    ));
});

describe("allows", () => {
  const drop = `op.drop_column("users", "age")`;
  test.each([
    ["a reason", drop, `# the ages are gone\n    ${back}`],
    ["a downgrade that does not make it again", drop, `op.execute("SELECT 1")`],
    [
      "what the same revision has made",
      `op.create_table("t", sa.Column("a", sa.Integer()))\n    op.drop_table("t")`,
      `op.create_table("t", sa.Column("a", sa.Integer()))`,
    ],
    ["what a helper may have moved", `move(op.get_bind())\n    ${drop}`, back],
  ])("%s", (_, up, down) => allows(rule, revision(up, down)));
});
