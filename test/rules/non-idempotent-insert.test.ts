import { describe, expect, test } from "vitest";
import { nonIdempotentInsert as rule } from "../../server/src/rules/non-idempotent-insert.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";

describe("finds", () => {
  test("and says what is open", () =>
    flags(
      rule,
      `` +
        marked(
          `op.execute("INSERT INTO roles (name) VALUES ('a')")`,
          `INSERT INTO roles (name) VALUES ('a')`,
          `information: INSERT INTO roles does not say what happens if the rows are there already.`,
        ) +
        ``,
    ));
  test.each([
    ["bulk_insert", `roles = sa.table("roles", sa.column("name"))\nop.bulk_insert(roles, [{"name": "a"}])`],
    ["a table expression", `roles = sa.table("roles", sa.column("name"))\nop.execute(roles.insert().values(name="a"))`],
    ["a loop over constants", `for name in ("a", "b"):\n    op.execute(f"INSERT INTO roles (name) VALUES ('{name}')")`],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["ON CONFLICT", `op.execute("INSERT INTO roles (name) VALUES ('a') ON CONFLICT (name) DO NOTHING")`],
    [
      "ON CONFLICT that SQLAlchemy builds",
      `from sqlalchemy.dialects import postgresql\nroles = sa.table("roles", sa.column("name"))\nop.execute(postgresql.insert(roles).values(name="a").on_conflict_do_nothing())`,
    ],
    ["a query", `op.execute("INSERT INTO roles (name) SELECT 'a' WHERE NOT EXISTS (SELECT 1 FROM roles)")`],
    ["a new table", `t = op.create_table("roles", sa.Column("name", sa.String()))\nop.bulk_insert(t, [{"name": "a"}])`],
    ["a table that was emptied", `op.execute("TRUNCATE roles")\nop.execute("INSERT INTO roles (name) VALUES ('a')")`],
    ["no rows", `roles = sa.table("roles", sa.column("name"))\nop.bulk_insert(roles, [])`],
    ["a test", `from app import wanted\nif wanted:\n    op.execute("INSERT INTO roles (name) VALUES ('a')")`],
    [
      "a downgrade",
      `def upgrade():\n    pass\n\n\ndef downgrade():\n    op.execute("INSERT INTO roles (name) VALUES ('a')")`,
    ],
    ["the version table", `op.execute("INSERT INTO alembic_version (version_num) VALUES ('a')")`],
  ])("%s", (_, code) => allows(rule, `${code}\n`));

  test.each(["INSERT IGNORE INTO roles (name) VALUES ('a')", "REPLACE INTO roles (name) VALUES ('a')"])(
    "MySQL's %s",
    (sql) => allows(rule, `op.execute("${sql}")\n`, { dialect: "mysql" }),
  );
});
