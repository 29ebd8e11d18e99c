import { describe, expect, test } from "vitest";
import { bareStringExecute as rule } from "../../server/src/rules/bare-string-execute.ts";
import { allows, findsIn, fixes, flags, leaves, marked } from "../support/cases.ts";

describe("finds", () => {
  test("and says what to write", () =>
    flags(
      rule,
      `connection = op.get_bind()\n` +
        marked(
          `connection.execute("DELETE FROM users WHERE id = 1")`,
          `DELETE FROM users WHERE id = 1`,
          `error: SQLAlchemy 2 refuses a plain string here: hand the connection \`sa.text(…)\`.`,
        ) +
        ``,
    ));
  test.each([
    ["a variable", `connection = op.get_bind()\nsql = "SELECT 1"\nconnection.execute(sql)`],
    ["scalar", `connection = op.get_bind()\nconnection.scalar("SELECT 1")`],
    ["the connection of the context", `op.get_context().connection.execute("SELECT 1")`],
    [
      "a nested transaction",
      `connection = op.get_bind()\nwith connection.begin_nested():\n    connection.execute("SELECT 1")`,
    ],
    ["a session made by a factory", `s = sa.orm.sessionmaker(bind=op.get_bind())()\ns.execute("SELECT 1")`],
    ["a string with two statements", `connection = op.get_bind()\nconnection.execute("SELECT 1; SELECT 2")`],
    [
      "a helper",
      `def run(connection):\n    connection.execute("SELECT 1")\n\n\ndef upgrade():\n    run(op.get_bind())`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["op.execute", `op.execute("SELECT 1")`],
    ["text", `connection = op.get_bind()\nconnection.execute(sa.text("SELECT 1"))`],
    ["exec_driver_sql", `connection = op.get_bind()\nconnection.exec_driver_sql("SELECT 1")`],
    ["a cursor", `cursor = op.get_bind().connection.cursor()\ncursor.execute("SELECT 1")`],
    ["a raw connection", `op.get_bind().engine.raw_connection().execute("SELECT 1")`],
    ["the connection of a driver", `op.get_bind().connection.dbapi_connection.execute("SELECT 1")`],
    ["what comes from outside", `def run(thing):\n    thing.execute("SELECT 1")\n\n\ndef upgrade():\n    run(make())`],
    ["a construct", `connection = op.get_bind()\nconnection.execute(sa.select(sa.literal(1)))`],
    ["a batch", `with op.batch_alter_table("t") as batch:\n    batch.execute("SELECT 1")`],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});

describe("repairs", () => {
  test("by the name under which SQLAlchemy is imported", () =>
    fixes(
      rule,
      `op.get_bind().execute("DELETE FROM users WHERE id = 1")\n`,
      `op.get_bind().execute(sa.text("DELETE FROM users WHERE id = 1"))\n`,
    ));
  test("a variable where it is used", () =>
    fixes(
      rule,
      `query = "DELETE FROM users WHERE id = 1"\nop.get_bind().execute(query)\n`,
      `query = "DELETE FROM users WHERE id = 1"\nop.get_bind().execute(sa.text(query))\n`,
    ));
  test.each([
    ["a colon that text() takes for a parameter", `op.get_bind().execute("UPDATE t SET a = ' :b' WHERE id = 1")`],
    ["a parameter of the driver", `op.get_bind().execute("UPDATE t SET a = %(a)s WHERE id = 1", {"a": 1})`],
  ])("not %s", (_, code) => leaves(rule, `${code}\n`));
});
