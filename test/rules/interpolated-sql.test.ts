import { describe, expect, test } from "vitest";
import { interpolatedSql as rule } from "../../server/src/rules/interpolated-sql.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";

describe("finds", () => {
  test("an f-string with a value of a row", () =>
    flags(
      rule,
      `connection = op.get_bind()\nrows = connection.execute(sa.text("SELECT id, name FROM users WHERE id < 9")).fetchall()\nfor row in rows:\n` +
        marked(
          `    op.execute(f"DELETE FROM t WHERE name = '{row.name}'")`,
          `DELETE FROM t WHERE name = '{row.name}'`,
          `warning: An f-string puts a value from the database into the SQL text, where a quote in it ends the string: bind it as a parameter.`,
        ) +
        ``,
    ));
  test("a name, which cannot be bound", () =>
    flags(
      rule,
      `connection = op.get_bind()\nrows = connection.execute(sa.text("SELECT id, name FROM users WHERE id < 9")).fetchall()\n` +
        marked(
          `op.execute("DROP TABLE %s" % rows[0].name)`,
          `DROP TABLE `,
          `warning: \`%\` puts a value from the database into the SQL text, where a quote in it ends the string: quote it.`,
        ) +
        ``,
    ));
  test.each([
    [
      "format",
      `connection = op.get_bind()\nrows = connection.execute(sa.text("SELECT id, name FROM users WHERE id < 9")).fetchall()\nfor row in rows:\n    op.execute("DELETE FROM t WHERE name = '{}'".format(row[1]))`,
    ],
    [
      "concatenation",
      `connection = op.get_bind()\nrows = connection.execute(sa.text("SELECT id, name FROM users WHERE id < 9")).fetchall()\nfor row in rows:\n    op.execute("DELETE FROM t WHERE name = '" + row[1] + "'")`,
    ],
    [
      "a method of the value",
      `connection = op.get_bind()\nrows = connection.execute(sa.text("SELECT id, name FROM users WHERE id < 9")).fetchall()\nfor row in rows:\n    op.execute(f"DELETE FROM t WHERE name = '{row.name.strip()}'")`,
    ],
    [
      "a scalar",
      `connection = op.get_bind()\nname = connection.execute(sa.text("SELECT name FROM users LIMIT 1")).scalar()\nop.execute(f"DELETE FROM t WHERE name = '{name}'")`,
    ],
    ["an environment variable", `import os\nop.execute(f"CREATE ROLE app PASSWORD '{os.getenv('PASSWORD')}'")`],
    [
      "an argument of the command",
      `from alembic import context\nop.execute(f"DELETE FROM t WHERE name = '{context.get_x_argument(as_dictionary=True)['name']}'")`,
    ],
    [
      "text handed to a connection",
      `connection = op.get_bind()\nrows = connection.execute(sa.text("SELECT id, name FROM users WHERE id < 9")).fetchall()\nfor row in rows:\n    connection.execute(sa.text(f"DELETE FROM t WHERE id = {row.id}"))`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["constants", `name = "x"\nop.execute(f"DELETE FROM t WHERE name = '{name}'")`],
    ["a loop over constants", `for name in ["a", "b"]:\n    op.execute("DELETE FROM t WHERE name = '%s'" % name)`],
    [
      "bound values",
      `connection = op.get_bind()\nrows = connection.execute(sa.text("SELECT id, name FROM users WHERE id < 9")).fetchall()\nfor row in rows:\n    connection.execute(sa.text("DELETE FROM t WHERE id = :id"), {"id": row.id})`,
    ],
    [
      "a number",
      `connection = op.get_bind()\nrows = connection.execute(sa.text("SELECT id, name FROM users WHERE id < 9")).fetchall()\nop.execute(f"DELETE FROM t WHERE id > {len(rows)}")`,
    ],
    [
      "a count of placeholders",
      `connection = op.get_bind()\nrows = connection.execute(sa.text("SELECT id, name FROM users WHERE id < 9")).fetchall()\nmarks = ", ".join(":p%d" % i for i in range(len(rows)))\nconnection.execute(sa.text(f"DELETE FROM t WHERE id IN ({marks})"))`,
    ],
    [
      "a name that is quoted",
      `connection = op.get_bind()\nrows = connection.execute(sa.text("SELECT id, name FROM users WHERE id < 9")).fetchall()\nquote = connection.dialect.identifier_preparer.quote\nfor row in rows:\n    op.execute(f"DROP TABLE {quote(row.name)}")`,
    ],
    ["what is not known", `from app.settings import SCHEMA\nop.execute(f"DELETE FROM {SCHEMA}.t WHERE id = 1")`],
    ["a whole statement from elsewhere", `import os\nop.execute(os.environ["SQL"])`],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});
