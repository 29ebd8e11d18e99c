import { describe, expect, test } from "vitest";
import { check } from "../../server/src/rules/check.ts";
import { droppedColumn as rule } from "../../server/src/rules/dropped-column.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";
import { allows, flags } from "../support/cases.ts";
import { openFixture } from "../support/project.ts";

const made = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.Text(), unique=True),
    sa.Column("team", sa.Integer()), sa.Column("fax", sa.Text()))
op.create_index("ix_users_team_email", "users", ["team", "email"])
op.create_check_constraint("ck_users_reach", "users", "fax IS NOT NULL OR email IS NOT NULL")
`;

describe("says what goes along", () => {
  test("constraints and indexes on it, also on others beside it", () =>
    flags(
      rule,
      `${made}-- versions/0002_drop.py --
op.drop_column("users", "email")
   ^^^^^^^^^^^ warning: Code that still names "users.email" fails once this has run. With it go the unique constraint "users_email_key", the check "ck_users_reach" and the index "ix_users_team_email".
`,
    ));

  test("one of them", () =>
    flags(
      rule,
      `${made}-- versions/0002_drop.py --
op.execute("ALTER TABLE users DROP COLUMN team")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: Code that still names "users.team" fails once this has run. With it goes the index "ix_users_team_email".
`,
    ));

  test("columns of one table are one finding, with the other places beside it", async () => {
    const source = `op.drop_column("users", "a")
op.drop_column("teams", "b")
for name in ("c", "d", "e"):
    op.drop_column("users", name)
`;
    const { project } = await openFixture(source);
    const { findings } = check(project, defaultSettings, [rule]);
    expect(findings.map(({ message }) => message)).toEqual([
      'Code that still names any of "users.a", "users.c", "users.d" and 1 more fails once this has run.',
      'Code that still names "teams.b" fails once this has run.',
    ]);
    expect(findings[0]?.related.map(({ message }) => message)).toEqual([
      'drops "users.c"',
      'drops "users.d"',
      'drops "users.e"',
    ]);
  });

  test("a column that is dropped in either arm of a test is one", () =>
    flags(
      rule,
      `
if op.get_bind().dialect.name == "sqlite":
    op.execute("SELECT 1")
if op.get_context().opts.get("x"):
    op.drop_column("users", "fax", mssql_drop_check=True)
       ^^^^^^^^^^^ warning: Code that still names "users.fax" fails once this has run.
else:
    op.drop_column("users", "fax")
`,
    ));

  test("nothing, where nothing is known", () =>
    flags(
      rule,
      `
with op.batch_alter_table("users") as batch:
    batch.drop_column("fax")
          ^^^^^^^^^^^ warning: Code that still names "users.fax" fails once this has run.
`,
    ));

  test("nothing on MySQL, which takes the column out of an index of several", () =>
    flags(
      rule,
      `${made}-- versions/0002_drop.py --
op.drop_column("users", "team")
   ^^^^^^^^^^^ warning: Code that still names "users.team" fails once this has run.
`,
      { dialect: "mysql" },
    ));
});

describe("is silent about", () => {
  test("a column that is made anew in the other arm of a test only: it is found", () =>
    flags(
      rule,
      `
if op.get_context().opts.get("x"):
    op.drop_column("users", "fax")
       ^^^^^^^^^^^ warning: *
else:
    op.add_column("users", sa.Column("fax", sa.Text()))
`,
    ));

  test("a column that comes back", () =>
    allows(rule, `op.drop_column("users", "fax")\nop.add_column("users", sa.Column("fax", sa.Integer()))\n`));

  test("the contract step in the same revision, which the split is about", () =>
    allows(
      rule,
      `
op.add_column("users", sa.Column("name", sa.Text()))
op.execute("UPDATE users SET name = first || last")
op.drop_column("users", "first")
op.drop_column("users", "last")
`,
    ));

  test("a copy by Python", () =>
    allows(
      rule,
      `
conn = op.get_bind()
users = sa.table("users", sa.column("id"), sa.column("first"), sa.column("name"))
for row in conn.execute(sa.select(users.c.id, users.c.first)):
    conn.execute(users.update().where(users.c.id == row.id).values(name=row.first))
op.drop_column("users", "first")
`,
    ));

  test("a copy long ago: it is found", () =>
    flags(
      rule,
      `-- versions/0000_copy.py --
op.execute("UPDATE users SET name = first")
${Array.from({ length: 10 }, (_, i) => `-- versions/1${i}_x.py --\npass\n`).join("")}-- versions/2000_drop.py --
op.drop_column("users", "first")
   ^^^^^^^^^^^ warning: *
`,
    ));

  test("a column that the replay knows not to be there", () =>
    allows(rule, `${made}-- versions/0002_drop.py --\nop.drop_column("users", "phone", if_exists=True)\n`));

  test("a column of a table that is renamed here: what is said of the table is enough", () =>
    allows(rule, `op.rename_table("users", "people")\nop.drop_column("people", "fax")\n`));

  test("SQLite", () => allows(rule, `op.drop_column("users", "fax")\n`, { dialect: "sqlite" }));
});
