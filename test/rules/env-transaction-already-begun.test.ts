import { describe, expect, test } from "vitest";
import { envTransactionAlreadyBegun as rule } from "../../server/src/rules/env-transaction-already-begun.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const env = (body: string): string => `-- env.py --
from alembic import context
from sqlalchemy import create_engine, event, text
from app import prepare

engine = create_engine("postgresql:///app")
${body}-- versions/0001_a.py --
pass
`;

const run = `    with context.begin_transaction():
        context.run_migrations()
`;

test("finds the first use of the connection", () =>
  flags(
    rule,
    env(`with engine.connect() as connection:
    connection.execute(text("SET search_path = a"))
               ^^^^^^^ error: This begins a transaction before Alembic is configured: Alembic takes it for somebody else's, commits nothing, and all that migrations do is rolled back.
    connection.execute(text("SET statement_timeout = 0"))
    context.configure(connection=connection)
${run}`),
  ));

test("finds it in a function of env.py's own", async () => {
  const body = `def online():
    connection = engine.connect()
    connection.exec_driver_sql("SET search_path = a")
    context.configure(connection)
${run}

online()
`;
  expect(await findsIn(rule, env(body))).toHaveLength(1);
});

describe("allows", () => {
  test.each([
    [
      "a statement after configure()",
      `    context.configure(connection=connection)\n    connection.execute(text("SELECT 1"))\n`,
    ],
    [
      "a commit",
      `    connection.execute(text("SELECT 1"))\n    connection.commit()\n    context.configure(connection=connection)\n`,
    ],
    [
      "a transaction that env.py begins and ends",
      `    with connection.begin():\n        connection.execute(text("SELECT 1"))\n        context.configure(connection=connection)\n        context.run_migrations()\n`,
    ],
    [
      "a statement under a test",
      `    if prepare:\n        connection.execute(text("SELECT 1"))\n    context.configure(connection=connection)\n`,
    ],
    [
      "a function that may commit",
      `    connection.execute(text("SELECT 1"))\n    prepare(connection)\n    context.configure(connection=connection)\n`,
    ],
    [
      "a commit at the end",
      `    connection.execute(text("SELECT 1"))\n    context.configure(connection=connection)\n    context.run_migrations()\n    connection.commit()\n`,
    ],
    [
      "another connection",
      `    with engine.connect() as other:\n        other.execute(text("SELECT 1"))\n    context.configure(connection=connection)\n`,
    ],
  ])("%s", (_, body) => allows(rule, env(`with engine.connect() as connection:\n${body}${run}`)));

  test("a transaction of the engine's, an engine without transactions, a connection from elsewhere", async () => {
    const body = `    connection.execute(text("SELECT 1"))\n    context.configure(connection=connection)\n${run}`;
    await allows(rule, env(`with engine.begin() as connection:\n${body}`));
    await allows(rule, env(`with prepare() as connection:\n${body}`));
    const autocommit = `with engine.connect() as connection:\n${body}`;
    await allows(rule, env(`engine = create_engine("postgresql:///a", isolation_level="AUTOCOMMIT")\n${autocommit}`));
  });
});
