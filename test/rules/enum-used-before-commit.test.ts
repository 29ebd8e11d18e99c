import { describe, expect, test } from "vitest";
import { enumUsedBeforeCommit as rule } from "../../server/src/rules/enum-used-before-commit.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";
import { allows, findsIn, fixes, flags, leaves } from "../support/cases.ts";

const one = `-- env.py --
from alembic import context

context.configure(connection=None)
`;
const days = `-- versions/0001_days.py --
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
op.execute("CREATE TABLE days (id int, note text, mood mood)")
`;
const add = `-- versions/0002_glad.py --
op.execute("ALTER TYPE mood ADD VALUE 'glad'")
`;

describe("in one revision", () => {
  test("names the value", () =>
    flags(
      rule,
      `${days}${add}op.execute("INSERT INTO days (mood) VALUES ('glad')")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error: PostgreSQL refuses to use "glad" of the enum "mood" before the transaction that adds it has ended.
`,
    ));

  test.each([
    ["all columns", `op.execute("INSERT INTO days VALUES (1, 'x', 'glad')")`],
    ["a cast", `op.execute("SELECT 'glad'::mood")`],
    ["a new column", `op.add_column("days", sa.Column("m", sa.Enum("sad", "ok", name="mood"), server_default="glad"))`],
    ["a default as SQL", `op.execute("ALTER TABLE days ALTER mood SET DEFAULT 'glad'")`],
    ["a check", `op.create_check_constraint("ck", "days", "mood <> 'glad'")`],
    ["Core", `op.execute(sa.table("days", sa.column("mood")).update().values(mood="glad"))`],
    ["a query", `op.get_bind().execute(sa.text("SELECT id FROM days WHERE mood = 'glad'"))`],
  ])("%s", async (_, use) => {
    expect(await findsIn(rule, `${days}${add}${use}\n`)).toHaveLength(1);
  });

  test("the downgrade's own transaction counts as well", () =>
    flags(
      rule,
      `${days}-- versions/0002_x.py --
def upgrade():
    pass


def downgrade():
    op.execute("ALTER TYPE mood ADD VALUE 'glad'")
    op.execute("UPDATE days SET mood = 'glad'")
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: *
`,
    ));

  test("is put right by an autocommit block", () =>
    fixes(
      rule,
      `${days}${add}op.execute("UPDATE days SET mood = 'glad'")\n`,
      `with op.get_context().autocommit_block():
    op.execute("ALTER TYPE mood ADD VALUE 'glad'")
op.execute("UPDATE days SET mood = 'glad'")`,
    ));

  test("a column that is not known is not judged", () =>
    allows(rule, `op.execute("ALTER TYPE mood ADD VALUE 'glad'")\nop.execute("UPDATE days SET mood = 'glad'")\n`));

  test("a type of this transaction is refused before PostgreSQL 17 only", async () => {
    const fresh = `-- versions/0001_days.py --
op.execute("CREATE TYPE mood AS ENUM ('sad')")
op.execute("CREATE TABLE days (mood mood)")
op.execute("ALTER TYPE mood ADD VALUE 'glad'")
op.execute("INSERT INTO days VALUES ('glad')")
`;
    await allows(rule, fresh, { settings: { ...defaultSettings, postgresqlVersion: 17 } });
    expect(await findsIn(rule, fresh, { settings: { ...defaultSettings, postgresqlVersion: 16 } })).toHaveLength(1);
  });
});

describe("in two revisions", () => {
  const use = `-- versions/0003_use.py --
op.execute("UPDATE days SET mood = 'glad'")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error: This fails where it runs in one upgrade with 0002, which adds "glad" to the enum "mood": env.py runs both in one transaction.
`;
  const unmarked = use.replace(/\n *\^.*/, "");

  test("names the other one", () => flags(rule, `${one}${days}${add}${use}`));
  test("has no repair here", () => leaves(rule, `${one}${days}${add}${unmarked}`));
  test("with a transaction for each it is right", () => allows(rule, `${days}${add}${unmarked}`));
  test("an autocommit block in between ends the transaction", () =>
    allows(
      rule,
      `${one}${days}${add}-- versions/00025_index.py --
with op.get_context().autocommit_block():
    op.create_index("ix", "days", ["id"], postgresql_concurrently=True)
${unmarked}`,
    ));
  test("an autocommit block around it is a transaction of its own", () =>
    allows(
      rule,
      `${one}${days}${add}-- versions/0003_use.py --
with op.get_context().autocommit_block():
    op.execute("UPDATE days SET mood = 'glad'")
`,
    ));
});
