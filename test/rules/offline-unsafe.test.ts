import { describe, expect, test } from "vitest";
import { offlineUnsafe as rule } from "../../server/src/rules/offline-unsafe.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";

describe("finds", () => {
  test("a result that is read", () =>
    flags(
      rule,
      `connection = op.get_bind()\n` +
        marked(
          `n = connection.execute(sa.text("SELECT count(*) FROM t")).scalar()`,
          `SELECT count(*) FROM t`,
          `information: This reads rows, which \`alembic upgrade --sql\` cannot: the script ends at this revision, the first of its line to do so.`,
        ) +
        ``,
    ));
  test("an inspector", () =>
    flags(
      rule,
      `` +
        marked(
          `tables = sa.inspect(op.get_bind()).get_table_names()`,
          `get_table_names`,
          `information: This asks the database what it holds, which \`alembic upgrade --sql\` cannot: the script ends at this revision, the first of its line to do so.`,
        ) +
        ``,
    ));
  test.each([
    [
      "a session",
      `class T(Base):\n    __tablename__ = "t"\n\n\ndef upgrade():\n    sa.orm.Session(bind=op.get_bind()).query(T).first()`,
    ],
    ["reflection", `t = sa.Table("t", sa.MetaData(), autoload_with=op.get_bind())`],
    [
      "several, once",
      `connection = op.get_bind()\na = connection.execute(sa.text("SELECT 1 FROM t")).first()\nb = connection.execute(sa.text("SELECT 2 FROM t")).first()`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    ["directives", `op.add_column("t", sa.Column("a", sa.Integer()))`],
    [
      "statements",
      `op.execute("UPDATE t SET a = 1 WHERE id = 1")\nop.get_bind().execute(sa.text("DELETE FROM t WHERE id = 1"))`,
    ],
    [
      "a guard",
      `from alembic import context\nif not context.is_offline_mode():\n    op.get_bind().execute(sa.text("SELECT 1 FROM t")).first()`,
    ],
    [
      "an early return",
      `from alembic import context\nif context.is_offline_mode():\n    return\nop.get_bind().execute(sa.text("SELECT 1 FROM t")).first()`,
    ],
    [
      "the context that writes SQL",
      `if op.get_context().as_sql:\n    return\nop.get_bind().execute(sa.text("SELECT 1 FROM t")).first()`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`));

  const read = `op.get_bind().execute(sa.text("SELECT 1 FROM t")).first()\n`;
  test("revisions behind the first", async () => {
    const found = await findsIn(
      rule,
      `-- versions/0001_a.py --\n${read}-- versions/0002_b.py --\n${read}-- versions/0003_c.py --\n${read}`,
    );
    expect(found.map((line) => line.split(":")[0])).toEqual(["versions/0001_a.py"]);
  });
  test.each([
    [
      "a guard beside a test for the dialect",
      `op.get_bind().dialect.name == "postgresql" and not context.is_offline_mode()`,
    ],
    ["a guard beside a test for a table", `not context.is_offline_mode() and op.get_context().opts["x"]`],
  ])("%s", (_, guard) => allows(rule, `from alembic import context\nif ${guard}:\n    ${read}`));
  test("a downgrade", () => allows(rule, `def upgrade():\n    pass\n\n\ndef downgrade():\n    ${read}`));
});

test("the other branch of such a test is not guarded", async () => {
  const code = `from alembic import context
if op.get_bind().dialect.name == "postgresql" and not context.is_offline_mode():
    pass
else:
    op.get_bind().execute(sa.text("SELECT 1 FROM t")).first()
`;
  expect(await findsIn(rule, code)).toHaveLength(1);
});

describe("what a statement that writes gives back", () => {
  const insert = `op.get_bind().execute(sa.text("INSERT INTO teams (name) VALUES ('x') RETURNING id"))`;
  test.each([
    ["a value", `print(${insert}.scalar_one())`],
    ["through a name", `result = ${insert}\nids = result.scalars().all()`],
    ["in a loop", `for row in ${insert}:\n    print(row.id)`],
    [
      "of SQLAlchemy's own",
      `t = sa.table("teams", sa.column("id"))\nprint(op.get_bind().execute(t.delete().where(t.c.id == 1).returning(t.c.id)).first())`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
  test.each([
    ["that nobody asks for", insert],
    ["that is kept", `result = ${insert}`],
    [
      "under a guard",
      `from alembic import context\nif not context.is_offline_mode():\n    print(${insert}.scalar_one())`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});
