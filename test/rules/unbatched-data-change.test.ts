import { describe, expect, test } from "vitest";
import { check } from "../../server/src/rules/check.ts";
import { unbatchedDataChange as rule } from "../../server/src/rules/unbatched-data-change.ts";
import { updateWithoutWhere } from "../../server/src/rules/update-without-where.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";
import { allows, findsIn, flags } from "../support/cases.ts";
import { openFixture } from "../support/project.ts";

const users = `users = sa.table("users", sa.column("id"), sa.column("role"), sa.column("old"))
teams = sa.table("teams", sa.column("owner_id"))
`;

describe("finds a change of a whole table", () => {
  test("without a condition", () =>
    flags(
      rule,
      `
op.execute("UPDATE users SET role = 'member'")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: UPDATE users changes every row of users: each row stays locked against other writers until the transaction ends.
`,
    ));

  test("with a test for NULL only", () =>
    flags(
      rule,
      `
op.execute("UPDATE users SET role = 'member' WHERE role IS NULL")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: UPDATE users has a WHERE that may pass every row of users: each row stays locked against other writers until the transaction ends.
`,
    ));

  test("that copies it", () =>
    flags(
      rule,
      `
op.execute("INSERT INTO archive (id) SELECT id FROM users")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: INSERT INTO archive copies all of users in one statement and one transaction.
`,
    ));

  test.each([
    ["a join of whole tables", `op.execute("UPDATE users SET role = t.name FROM teams t WHERE t.owner_id = users.id")`],
    [
      "a join through functions",
      `op.execute("UPDATE users SET x = 1 FROM teams t WHERE lower(t.name) = lower(users.team)")`,
    ],
    ["two tests for NULL", `op.execute("UPDATE users SET x = 1 WHERE role IS NULL OR old IS NOT NULL")`],
    ["a DELETE without a condition", `op.execute("DELETE FROM users")`],
    ["a table expression", `${users}op.execute(users.update().values(role="x"))`],
    [
      "a table expression with a test for NULL",
      `${users}op.execute(users.update().where(users.c.role == None).values(role="x"))`,
    ],
    [
      "a table expression with is_()",
      `${users}op.execute(sa.update(users).where(users.c.role.is_(None)).values(role="x"))`,
    ],
    [
      "a joining table expression",
      `${users}op.execute(users.update().where(users.c.id == teams.c.owner_id).values(role="x"))`,
    ],
    [
      "conditions put together",
      `${users}op.execute(users.update().where(sa.and_(users.c.role.is_(None), users.c.old.is_not(None))).values(role="x"))`,
    ],
    [
      "a query of the ORM",
      `class User(Base):\n    __tablename__ = "users"\n    role = sa.Column(sa.String)\n\n\ndef upgrade():\n    sa.orm.Session(bind=op.get_bind()).query(User).filter(User.role.is_(None)).update({"role": "member"})`,
    ],
  ])("in %s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });

  test.each([
    ["a test for NULL", "UPDATE users SET role = 'x' WHERE role IS NULL"],
    ["a join", "UPDATE users u JOIN teams t ON t.owner_id = u.id SET u.role = t.name"],
  ])("on MySQL in %s", async (_, sql) => {
    expect(await findsIn(rule, `op.execute("${sql}")\n`, { dialect: "mysql" })).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["a condition on a value", `op.execute("UPDATE users SET role = 'x' WHERE role = 'y'")`],
    [
      "a condition beside a test for NULL",
      `op.execute("UPDATE users SET role = 'x' WHERE role IS NULL AND id < 1000")`,
    ],
    ["a parameter", `op.get_bind().execute(sa.text("DELETE FROM users WHERE id = :id"), {"id": 1})`],
    ["a subquery", `op.execute("DELETE FROM users WHERE id IN (SELECT user_id FROM spam)")`],
    ["a list of values joined", `op.execute("UPDATE t SET a = v.a FROM (VALUES (1, 2)) v (id, a) WHERE t.id = v.id")`],
    ["a join that restricts", `op.execute("UPDATE a SET x = 1 FROM b JOIN c ON c.kind = 'z' WHERE b.id = a.id")`],
    ["a table expression with a value", `${users}op.execute(users.update().where(users.c.id == 1).values(role="x"))`],
    [
      "keywords of filter_by",
      `class U(Base):\n    __tablename__ = "users"\n\n\ndef upgrade():\n    sa.orm.Session(op.get_bind()).query(U).filter_by(id=1).delete()`,
    ],
    ["a copy of some rows", `op.execute("INSERT INTO archive SELECT id FROM users WHERE id < 5")`],
    ["a DELETE with a condition", `op.execute("DELETE FROM users WHERE role IS NULL")`],
    [
      "a join with a query",
      `op.execute("WITH m AS (SELECT 1 AS id) UPDATE users SET x = 1 FROM m WHERE m.id = users.id")`,
    ],
    [
      "a join with a table of its own",
      `op.execute("CREATE TEMP TABLE m AS SELECT id FROM users WHERE id > 5")\nop.execute("UPDATE users SET x = 1 FROM m WHERE m.id = users.id")`,
    ],
    ["a copy of one row", `op.execute("INSERT INTO archive SELECT id FROM users LIMIT 1")`],
    ["a sum over all rows", `op.execute("INSERT INTO totals SELECT team, count(*) FROM users GROUP BY team")`],
    ["an INSERT that reads no table", `op.execute("INSERT INTO roles (name) SELECT 'admin'")`],
    ["a part that is not known", `op.execute(f"UPDATE users SET role = 'x' WHERE role IS NULL {more()}")`],
    ["a new table", `op.create_table("t", sa.Column("a", sa.Integer()))\nop.execute("UPDATE t SET a = 1")`],
  ])("%s", (_, code) => allows(rule, `${code}\n`));

  test("SQLite", () => allows(rule, `op.execute("UPDATE users SET role = 'x'")\n`, { dialect: "sqlite" }));

  test("a restriction on MySQL", () =>
    allows(
      rule,
      `op.execute("UPDATE users u JOIN teams t ON t.owner_id = u.id AND t.kind = 'z' SET u.role = t.name")\n`,
      {
        dialect: "mysql",
      },
    ));
});

test("where every row is overwritten, that is what is said first", async () => {
  const { project } = await openFixture(`op.execute("UPDATE users SET role = 'x'")\n`);
  const { findings } = check(project, defaultSettings, [rule, updateWithoutWhere]);
  expect(findings.map((one) => [one.rule, ...one.related.map(({ message }) => message.slice(0, 32))])).toEqual([
    ["update-without-where", "UPDATE users changes every row o"],
  ]);
});
