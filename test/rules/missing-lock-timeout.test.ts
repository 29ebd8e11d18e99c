import { describe, expect, test } from "vitest";
import { missingLockTimeout as rule } from "../../server/src/rules/missing-lock-timeout.ts";
import { defaultSettings, mergeSettings, type OptionValue } from "../../server/src/settings/settings.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const add = `op.add_column("users", sa.Column("age", sa.Integer()))\n`;

const project = (setting: string, revision = add): string => `-- env.py --
import sqlalchemy as sa
from alembic import context
with engine.connect() as connection:
    ${setting}
    context.configure(connection=connection)
    context.run_migrations()
-- versions/0001_users.py --
${revision}`;

const withOptions = (options: Readonly<Record<string, OptionValue>>) => ({
  settings: mergeSettings([defaultSettings, { rules: { "missing-lock-timeout": { options } } }]),
});

describe("the project", () => {
  test("is told once, in env.py", () =>
    flags(
      rule,
      `-- env.py --
from alembic import context
context.configure(connection=connection)
        ^^^^^^^^^ warning: env.py sets no lock_timeout: while a migration such as 0002 waits behind a long query, everybody else waits behind it.
-- versions/0001_users.py --
${add}
-- versions/0002_more.py --
op.drop_column("users", "name")
`,
    ));

  test("is not told where no revision shuts a table for its readers", () =>
    allows(
      rule,
      project(
        "pass",
        `with op.get_context().autocommit_block():
    op.create_index("ix", "users", ["age"], postgresql_concurrently=True)
op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck")
`,
      ),
    ));

  test.each([
    `connection.execute(sa.text("SET lock_timeout = '5s'"))`,
    `connection.execute(sa.text("SELECT set_config('lock_timeout', '5s', false)"))`,
    `connection.execute(sa.text("SET lock_timeout = '5s'")) if fast else None`,
  ])("is not told where env.py says %s", (setting) => allows(rule, project(setting)));

  test("is not told where its newest revision looks after itself", () =>
    allows(rule, `${project("pass")}-- versions/0002_more.py --\nop.execute("SET lock_timeout = '5s'")\n${add}`));

  test("is not told where nothing is shut, nor where the role sets it, nor where other code configures Alembic", async () => {
    await allows(rule, project("pass", `op.create_table("t", sa.Column("a", sa.Text()))\n`));
    await allows(rule, project("pass"), withOptions({ setByRole: true }));
    await allows(rule, `-- env.py --\nfrom app import run\nrun()\n-- versions/0001_users.py --\n${add}`);
  });

  test("may be asked for other limits as well", async () => {
    const options = withOptions({ settings: ["lock_timeout", "statement_timeout"] });
    expect(await findsIn(rule, project(`connection.execute(sa.text("SET lock_timeout = 5"))`), options)).toEqual([
      expect.stringContaining("env.py does not limit how long a statement of a migration runs (statement_timeout)"),
    ]);
  });
});

describe("a revision", () => {
  test.each([
    ["SET lock_timeout = 0", "lock_timeout is set to 0 here, which means no limit: users is shut"],
    [
      "SET LOCAL lock_timeout = '10min'",
      "A lock_timeout of 600 seconds keeps everybody waiting for as long: users is shut",
    ],
  ])("is told what is wrong with %s", async (sql, message) => {
    const found = await findsIn(rule, `op.execute("${sql}")\n${add}`);
    expect(found).toEqual([expect.stringContaining(message)]);
  });

  test("is told of a limit that comes too late", async () => {
    expect(await findsIn(rule, `${add}op.execute("SET lock_timeout = '5s'")\n`)).toEqual([
      expect.stringContaining("env.py sets no lock_timeout"),
      expect.stringContaining("lock_timeout is set too late: users is locked above."),
    ]);
  });

  test("is told of a limit that is over", async () => {
    const block = "with op.get_context().autocommit_block():\n";
    const before = `op.execute("SET LOCAL lock_timeout = '5s'")\n${block}    op.execute("VACUUM")\n${add}`;
    expect((await findsIn(rule, before)).at(-1)).toContain(
      "is over when its transaction ends: users is locked in another.",
    );
    const within = `${block}    op.execute("SET LOCAL lock_timeout = '5s'")\n    ${add}`;
    expect((await findsIn(rule, within)).at(-1)).toContain("SET LOCAL does nothing in an autocommit block");
  });

  test("may be asked to set it itself", () =>
    flags(
      rule,
      `
${add.trim()}
   ^^^^^^^^^^ warning: Nothing limits how long a migration waits for a lock (lock_timeout), and this one wants users for itself.
op.drop_column("users", "name")
`,
      withOptions({ everyRevision: true }),
    ));

  test.each([
    ["a limit", `op.execute("SET lock_timeout = '5s'")\n${add}`],
    ["a limit that is long for another table's sake", `op.execute("SET LOCAL lock_timeout = '60s'")\n${add}`],
    ["a limit that is not known", `op.execute(f"SET lock_timeout = '{limit()}'")\n${add}`],
    ["no limit, and no table shut", `op.execute("SET lock_timeout = 0")\nop.create_index("ix", "users", ["age"])\n`],
    [
      "a limit that outlives an autocommit block",
      `op.execute("SET lock_timeout = '5s'")\nwith op.get_context().autocommit_block():\n    op.execute("VACUUM")\n${add}`,
    ],
  ])("is not told anything of %s", async (_, source) => {
    const found = await findsIn(rule, source);
    expect(found.filter((one) => !one.startsWith("env.py"))).toEqual([]);
  });
});
