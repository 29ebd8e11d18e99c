import { expect, test } from "vitest";
import { envWithoutAdvisoryLock as rule } from "../../server/src/rules/env-without-advisory-lock.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const env = (body: string): string => `-- env.py --
from alembic import context
from sqlalchemy import text

context.configure(connection=connection)
with context.begin_transaction():
${body}    context.run_migrations()
-- versions/0001_a.py --
pass
`;

test("is told where Alembic is configured", () =>
  flags(
    rule,
    `-- env.py --
from alembic import context

context.configure(connection=connection)
        ^^^^^^^^^ information: Two runs at the same time would both begin with the same revision: nothing here makes one wait for the other.
context.run_migrations()
-- versions/0001_a.py --
pass
`,
  ));

test.each([
  `SELECT pg_advisory_xact_lock(1)`,
  `SELECT pg_try_advisory_lock(1, 2)`,
  `LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE`,
])("is satisfied by %s", (sql) => allows(rule, env(`    connection.execute(text("${sql}"))\n`)));

test("is satisfied by MySQL's lock, and not by a setting about locks", async () => {
  await allows(rule, env(`    connection.execute(text("SELECT GET_LOCK('migrations', 60)"))\n`), { dialect: "mysql" });
  expect(await findsIn(rule, env(`    connection.execute(text("SET lock_timeout = '5s'"))\n`))).toHaveLength(1);
});

test("other code may see to it", () =>
  allows(rule, `-- env.py --\nfrom app import run\n\nrun()\n-- versions/0001_a.py --\npass\n`));
