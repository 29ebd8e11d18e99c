import { describe, expect, test } from "vitest";
import { nonConcurrentIndexDrop as rule } from "../../server/src/rules/non-concurrent-index-drop.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

describe("finds", () => {
  test("an index that is dropped plainly, and says who waits", () =>
    flags(
      rule,
      `
op.drop_index("ix", table_name="users")
   ^^^^^^^^^^ warning: Dropping ix waits for all queries on its table, with all new ones waiting behind it; then nobody can read or write users until the transaction ends.
`,
    ));

  test("the way back of an index that is built concurrently, more mildly", async () => {
    const source = `def upgrade():
    with op.get_context().autocommit_block():
        op.create_index("ix", "users", ["email"], postgresql_concurrently=True)

def downgrade():
    op.drop_index("ix", table_name="users")
`;
    expect(await findsIn(rule, source)).toEqual([expect.stringContaining(" information ")]);
  });

  test("one whose table is shut in another transaction only", async () => {
    const source = `op.drop_column("users", "age")
with op.get_context().autocommit_block():
    op.drop_index("ix", table_name="users")
`;
    expect(await findsIn(rule, source)).toHaveLength(1);
  });
});

describe("allows", () => {
  test.each([
    [
      "an index built concurrently beside it: nothing is dropped",
      `with op.get_context().autocommit_block():\n    op.drop_index("ix", table_name="users", postgresql_concurrently=True)\n`,
    ],
    [
      "a table that gets a column as well",
      `op.add_column("users", sa.Column("a", sa.Text()))\nop.drop_index("ix", table_name="users")\n`,
    ],
    [
      "a table of the same revision",
      `op.create_table("users", sa.Column("a", sa.Text(), index=True))\nop.drop_index("ix_users_a", table_name="users")\n`,
    ],
    [
      "an index that the revision has made",
      `op.create_index("ix", "users", ["a"])\nop.execute("SELECT 1")\nop.drop_index("ix", table_name="users")\n`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});
