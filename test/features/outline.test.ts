import { describe, expect, test } from "vitest";
import { outlineOf, type OutlineItem } from "../../server/src/features/outline.ts";
import { selectionsAt } from "../../server/src/features/selection.ts";
import { absolute, openFixture } from "../support/project.ts";

const users = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String(100)))
`;

async function last(source: string) {
  const { project, fixture } = await openFixture(source);
  const path = [...fixture.files.keys()].at(-1) ?? "";
  const file = project.files.get(absolute(path));
  if (!file) throw new Error(`${path} is not in the project`);
  return { file, fixture };
}

async function outline(body: string): Promise<readonly OutlineItem[]> {
  return outlineOf((await last(`${users}-- versions/0002_more.py --\n${body}`)).file);
}

/** `name | detail` of what `upgrade()` does. */
async function upgrade(body: string): Promise<readonly string[]> {
  const [first] = await outline(body);
  return (first?.children ?? []).map(({ name, detail }) => (detail === "" ? name : `${name} | ${detail}`));
}

describe("the outline", () => {
  test("names operations as people say them", async () => {
    expect(
      await upgrade(`op.add_column("users", sa.Column("age", sa.Integer(), nullable=False))
op.alter_column("users", "email", type_=sa.Text(), nullable=False)
op.alter_column("users", "age", new_column_name="years")
op.create_index("ix_users_email", "users", ["email"])
op.create_unique_constraint("uq", "users", ["email"])
op.drop_constraint("uq", "users")
op.create_table("roles", sa.Column("id", sa.Integer()))
op.rename_table("roles", "duties")
op.drop_column("users", "years")
op.execute("UPDATE users SET email = lower(email)")
op.execute("INSERT INTO users (email) VALUES ('a')")
op.execute("DELETE FROM users")
op.execute("CREATE EXTENSION citext")
op.execute("SET lock_timeout = '4s'")
op.execute("VACUUM users")
op.drop_table("duties")
`),
    ).toEqual([
      "add column users.age | integer not null",
      "alter column users.email | text, not null",
      "alter column users.age to years",
      "create index ix_users_email on users | email",
      "create unique constraint uq on users | email",
      "drop constraint uq on users",
      "create table roles",
      "rename table roles to duties",
      "drop column users.years",
      "update users | email",
      "insert into users",
      "delete from users",
      "create extension citext",
      "SET lock_timeout = '4s'",
      "VACUUM users",
      "drop table duties",
    ]);
  });

  test("says of what was not understood that it was not", async () => {
    expect(await upgrade("op.execute(open('x.sql').read())")).toEqual([
      "op.execute(open('x.sql').read()) | not analysed",
    ]);
  });

  test("lists what a batch, a loop and a helper do where the function does it", async () => {
    const items = await outline(`def add(table):
    op.add_column(table, sa.Column("note", sa.Text()))


def upgrade():
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("a", sa.Text()))
    for name in ["b", "c"]:
        op.add_column("users", sa.Column(name, sa.Text()))
    add("users")


def downgrade():
    pass
`);
    const [up, down] = items;
    expect(up?.children.map(({ name }) => name)).toEqual([
      "add column users.a",
      "add column users.b",
      "add column users.c",
      "add column users.note",
    ]);
    expect([up?.name, up?.detail, down?.name, down?.detail]).toEqual(["upgrade", "4 operations", "downgrade", ""]);
    for (const { range, nameRange } of up?.children ?? []) {
      expect(range.start).toBeGreaterThanOrEqual(up?.range.start ?? Infinity);
      expect(nameRange.end).toBeLessThanOrEqual(range.end);
    }
  });

  test("counts what a long loop does at one place", async () => {
    const names = Array.from({ length: 12 }, (_, i) => `"c${String(i)}"`).join(", ");
    const all = await upgrade(`for name in [${names}]:\n    op.drop_column("users", name)`);
    expect(all).toHaveLength(8);
    expect(all.at(-1)).toBe("and 5 more");
  });

  test("is empty for a module that is no revision", async () => {
    const { file } = await last(`${users}-- versions/_helper.py --\ndef help():\n    pass\n`);
    expect(outlineOf(file)).toEqual([]);
  });
});

test("a selection grows from the operation to the file", async () => {
  const { file, fixture } = await last(`${users}-- versions/0002_more.py --
if op.get_context().dialect.name == "postgresql":
    op.execute("UPDATE users <|>SET email = 'a'")
`);
  const { offset } = fixture.cursor ?? { offset: 0 };
  const texts = selectionsAt(file, offset).map(({ start, end }) => file.text.slice(start, end).trim());
  expect(texts.map((text) => text.split("\n")[0])).toEqual([
    "UPDATE users SET email = 'a'",
    `op.execute("UPDATE users SET email = 'a'")`,
    'if op.get_context().dialect.name == "postgresql":',
    'if op.get_context().dialect.name == "postgresql":',
    "def upgrade() -> None:",
    '"""more',
  ]);
});
