import { describe, expect, test } from "vitest";
import { wideLockWindow as rule } from "../../server/src/rules/wide-lock-window.ts";
import { allows, findsIn, flags } from "../support/cases.ts";
import { defaultSettings, mergeSettings } from "../../server/src/settings/settings.ts";

describe("finds", () => {
  test("three tables, at the third", () =>
    flags(
      rule,
      `
op.add_column("a", sa.Column("n", sa.Integer()))
op.add_column("b", sa.Column("n", sa.Integer()))
op.add_column("c", sa.Column("n", sa.Integer()))
   ^^^^^^^^^^ warning: This transaction shuts 3 tables, one after the other and without a lock_timeout (a, b, c): while it waits for one, nobody can use those before.
`,
    ));
});

describe("allows", () => {
  test.each([
    [
      "two tables, twice",
      `op.add_column("a", sa.Column("n", sa.Integer()))
op.add_column("b", sa.Column("n", sa.Integer()))
op.add_column("a", sa.Column("n", sa.Integer()))
op.add_column("b", sa.Column("n", sa.Integer()))
`,
    ],
    [
      "a limit that is not known",
      `op.execute(f"SET lock_timeout = {limit()}")
op.add_column("a", sa.Column("n", sa.Integer()))
op.add_column("b", sa.Column("n", sa.Integer()))
op.add_column("c", sa.Column("n", sa.Integer()))
`,
    ],
    [
      "tables that go",
      `op.drop_table("a")
op.drop_table("b")
op.drop_table("c")
`,
    ],
    [
      "foreign keys, which let people read",
      `for t in ("a", "b", "c"):
    op.create_foreign_key("fk_" + t, t, "users", ["x"], ["id"], postgresql_not_valid=True)
`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});

test("the number of tables is an option, and a limit in env.py counts", async () => {
  const two = `op.add_column("a", sa.Column("n", sa.Integer()))
op.add_column("b", sa.Column("n", sa.Integer()))
`;
  const settings = mergeSettings([defaultSettings, { rules: { "wide-lock-window": { options: { tables: 2 } } } }]);
  expect(await findsIn(rule, two, { settings })).toHaveLength(1);
  const environment = `-- env.py --
import sqlalchemy as sa
from alembic import context
connection.execute(sa.text("SET lock_timeout = '5s'"))
context.configure(connection=connection)
-- versions/0001_two.py --
${two}`;
  expect(await findsIn(rule, environment, { settings })).toEqual([]);
});
