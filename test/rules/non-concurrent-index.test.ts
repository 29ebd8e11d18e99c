import { describe, expect, test } from "vitest";
import { nonConcurrentIndex as rule } from "../../server/src/rules/non-concurrent-index.ts";
import { allows, findsIn, flags } from "../support/cases.ts";
import { statistics, users as table } from "../support/statistics.ts";

const users = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.Text()))
`;

describe("finds", () => {
  test("an index on a table of an earlier revision, and says who waits", () =>
    flags(
      rule,
      `${users}
-- versions/0002_index.py --
op.create_index("ix_users_email", "users", ["email"])
   ^^^^^^^^^^^^ warning: Building ix_users_email reads the whole table; meanwhile nobody can write to users.
`,
    ));

  test("the index of a new column, whose table nobody can read until the transaction ends", () =>
    flags(
      rule,
      `
op.add_column("users", sa.Column("team_id", sa.Integer(), index=True))
   ^^^^^^^^^^ warning: Building an index on users.team_id reads the whole table; meanwhile nobody can read or write users.
`,
    ));

  test("one of a partitioned table, on all partitions", async () => {
    const source = `-- versions/0001_events.py --
op.execute("CREATE TABLE events (day date) PARTITION BY RANGE (day)")
op.execute("CREATE TABLE events_1 PARTITION OF events DEFAULT")
-- versions/0002_index.py --
op.create_index("ix_events_day", "events", ["day"])
`;
    expect(await findsIn(rule, source)).toEqual([expect.stringContaining("nobody can write to events or events_1.")]);
  });

  test("in a downgrade, more mildly", async () => {
    const source = `-- versions/0001_a.py --
revision = "0001"
down_revision = None
from alembic import op
def upgrade():
    op.drop_index("ix_users_email", "users")
def downgrade():
    op.create_index("ix_users_email", "users", ["email"])
`;
    expect(await findsIn(rule, source)).toEqual([expect.stringContaining(" information ")]);
  });
});

describe("allows", () => {
  test.each([
    ["a temporary table", `op.execute("CREATE TEMPORARY TABLE t (a int)")\nop.create_index("ix", "t", ["a"])\n`],
    ["a table that is dropped after", `op.create_index("ix", "t", ["a"])\nop.drop_table("t")\n`],
    [
      "a table that is emptied and renamed",
      `op.execute("DELETE FROM s")\nop.rename_table("s", "t")\nop.create_index("ix", "t", ["a"])\n`,
    ],
    [
      "a materialized view made here",
      `op.execute("CREATE MATERIALIZED VIEW v AS SELECT 1 AS a")\nop.create_index("ix", "v", ["a"])\n`,
    ],
    ["Alembic's own table", `op.create_index("ix", "alembic_version", ["version_num"])\n`],
    [
      "a branch for SQL scripts",
      `from alembic import context\nif context.is_offline_mode():\n    op.create_index("ix", "t", ["a"])\n`,
    ],
  ])("%s", (_, source) => allows(rule, source));

  test("a table that is filled again is not empty", () =>
    flags(
      rule,
      `
op.execute("DELETE FROM t")
op.execute("INSERT INTO t SELECT * FROM s")
op.create_index("ix", "t", ["a"])
   ^^^^^^^^^^^^ warning: *
`,
    ));

  test("what is not read may have made the table, unless the history knows it", async () => {
    const unread = `from application import make\nmake(op.get_bind())\nop.create_index("ix", "users", ["email"])\n`;
    await allows(rule, unread);
    expect(await findsIn(rule, `${users}\n-- versions/0002_index.py --\n${unread}`)).toHaveLength(1);
  });

  test("a table that the statistics file knows to be small", async () => {
    const source = (rows: number): string => `-- retort.stats.json --
${JSON.stringify({ ...statistics, tables: [{ ...table, rows }] })}
-- versions/0001_index.py --
op.create_index("ix", "users", ["email"])
`;
    await allows(rule, source(999));
    expect(await findsIn(rule, source(1000))).toHaveLength(1);
  });

  test("other servers", () => allows(rule, `op.create_index("ix", "t", ["a"])\n`, { dialect: "mysql" }));
});
