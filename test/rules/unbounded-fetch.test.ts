import { describe, expect, test } from "vitest";
import { unboundedFetch as rule } from "../../server/src/rules/unbounded-fetch.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";

describe("finds", () => {
  test("and names the table", () =>
    flags(
      rule,
      `` +
        marked(
          `rows = op.get_bind().execute(sa.text("SELECT id FROM users")).fetchall()`,
          `SELECT id FROM users`,
          `warning: This reads every row of users into memory at once.`,
        ) +
        ``,
    ));
  test.each([
    ["all()", `connection = op.get_bind()\nrows = connection.execute(sa.text("SELECT id FROM users")).all()`],
    [
      "mappings().all()",
      `connection = op.get_bind()\nrows = connection.execute(sa.text("SELECT id FROM users")).mappings().all()`,
    ],
    ["a list", `connection = op.get_bind()\nrows = list(connection.execute(sa.text("SELECT id FROM users")))`],
    [
      "a dictionary",
      `connection = op.get_bind()\nrows = dict(connection.execute(sa.text("SELECT id FROM users")).fetchall())`,
    ],
    [
      "a result in a variable",
      `connection = op.get_bind()\nresult = connection.execute(sa.text("SELECT id FROM users"))\nrows = result.fetchall()`,
    ],
    [
      "a query that SQLAlchemy builds",
      `connection = op.get_bind()\nusers = sa.table("users", sa.column("id"), sa.column("name"))\nrows = connection.execute(sa.select(users.c.id)).fetchall()`,
    ],
    [
      "a cursor",
      `cursor = op.get_bind().connection.cursor()\ncursor.execute("SELECT id FROM users")\nrows = list(op.get_bind().execute(sa.text("SELECT id FROM users")))`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    [
      "a condition",
      `connection = op.get_bind()\nconnection.execute(sa.text("SELECT id FROM users WHERE a = 1")).fetchall()`,
    ],
    [
      "a condition that SQLAlchemy builds",
      `connection = op.get_bind()\nusers = sa.table("users", sa.column("id"), sa.column("name"))\nconnection.execute(sa.select(users.c.id).where(users.c.id == 1)).fetchall()`,
    ],
    ["a limit", `connection = op.get_bind()\nconnection.execute(sa.text("SELECT id FROM users LIMIT 5")).fetchall()`],
    [
      "a limit that SQLAlchemy builds",
      `connection = op.get_bind()\nusers = sa.table("users", sa.column("id"), sa.column("name"))\nconnection.execute(sa.select(users.c.id).limit(5)).fetchall()`,
    ],
    [
      "a count",
      `connection = op.get_bind()\nusers = sa.table("users", sa.column("id"), sa.column("name"))\nconnection.execute(sa.select(sa.func.count(users.c.id))).all()`,
    ],
    [
      "distinct values",
      `connection = op.get_bind()\nconnection.execute(sa.text("SELECT DISTINCT role FROM users")).fetchall()`,
    ],
    ["one row", `connection = op.get_bind()\nconnection.execute(sa.text("SELECT id FROM users")).fetchone()`],
    [
      "a loop that keeps nothing",
      `connection = op.get_bind()\nfor row in connection.execute(sa.text("SELECT id FROM users")):\n    print(row)`,
    ],
    [
      "the version table",
      `connection = op.get_bind()\nconnection.execute(sa.text("SELECT version_num FROM alembic_version")).fetchall()`,
    ],
    [
      "the catalogue",
      `connection = op.get_bind()\nconnection.execute(sa.text("SELECT * FROM information_schema.tables")).fetchall()`,
    ],
    [
      "a table of its own",
      `op.create_table("users", sa.Column("id", sa.Integer()))\nconnection = op.get_bind()\nconnection.execute(sa.text("SELECT id FROM users")).fetchall()`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});
