import { describe, expect, test } from "vitest";
import { deleteWithoutWhere as rule } from "../../server/src/rules/delete-without-where.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

describe("finds a DELETE of every row", () => {
  test("and names the table", () =>
    flags(
      rule,
      `
op.execute("DELETE FROM app.sessions")
            ^^^^^^^^^^^^^^^^^^^^^^^^ warning: This DELETE has no WHERE: it removes every row of app.sessions.
`,
    ));

  test.each([
    ["SQL through a connection", `op.get_bind().execute(sa.text("DELETE FROM sessions"))`],
    ["a table expression", `op.get_bind().execute(sa.delete(sa.table("sessions")))`],
    ["a batch block", `with op.batch_alter_table("sessions") as batch:\n    batch.execute("DELETE FROM sessions")`],
    ["a table that is dropped before and made anew", `op.execute("DELETE FROM sessions")\nop.drop_table("others")`],
  ])("in %s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["a condition", `op.execute("DELETE FROM sessions WHERE expires_at < now()")`],
    [
      "a condition of a table expression",
      `s = sa.table("s", sa.column("a"))\nop.execute(s.delete().where(s.c.a == 1))`,
    ],
    ["a join", `op.execute("DELETE FROM sessions USING users WHERE users.id = sessions.user_id")`],
    ["a part that is not known", `op.execute(f"DELETE FROM sessions {condition()}")`],
    ["a table that is dropped afterwards", `op.execute("DELETE FROM sessions")\nop.execute("DROP TABLE sessions")`],
    ["a table of its own", `op.create_table("s", sa.Column("a", sa.Integer()))\nop.execute("DELETE FROM s")`],
    ["the version table", `op.execute("DELETE FROM alembic_version")`],
    ["another dialect's branch", `if op.get_bind().dialect.name == "sqlite":\n    op.execute("DELETE FROM sessions")`],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});
