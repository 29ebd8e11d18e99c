/** What a revision asks the database before it acts is answered by the replay where the schema is certain, and only there. */
import { beforeAll, describe, expect, test } from "vitest";
import { loadEngine } from "../../server/src/host/engine.ts";
import { playDirection } from "../../server/src/schema/replay/replay.ts";
import { KnownSchema } from "../../server/src/schema/replay/schema.ts";
import type { Table } from "../../server/src/schema/state.ts";
import { upgradeOf } from "../model/reading.ts";
import { play, postgres } from "./play.ts";

beforeAll(loadEngine);

const users = `
  CREATE TABLE users (id integer NOT NULL, name text, at timestamp without time zone,
    CONSTRAINT users_pkey PRIMARY KEY (id), CONSTRAINT users_name_key UNIQUE (name));
  CREATE INDEX ix_users_at ON users (at);`;

const opening = `
inspector = sa.inspect(op.get_bind())
`;

function after(body: string, helpers = "", before = play(users).schema): KnownSchema {
  return playDirection(before, upgradeOf(opening + body, helpers), postgres).after;
}

function tableAfter(body: string, helpers = "", before = play(users).schema): Table {
  const table = after(body, helpers, before).table({ name: "users" });
  if (typeof table === "string") throw new Error(`the table is ${table}`);
  return table;
}

const hasNew = (test: string, helpers = ""): boolean =>
  tableAfter(`if ${test}:\n    op.add_column("users", sa.Column("new", sa.Text()))`, helpers).columns.some(
    ({ name }) => name === "new",
  );

describe("a test runs what is under it where it comes out true, and nothing where it comes out false", () => {
  test.each([
    ['inspector.has_table("users")', 'inspector.has_table("people")'],
    ['"users" in inspector.get_table_names()', '"people" in set(inspector.get_table_names())'],
    ['not inspector.has_table("people")', 'not inspector.has_table("users", schema="public")'],
    [
      'op.get_bind().dialect.has_table(op.get_bind(), "users")',
      'op.get_bind().dialect.has_table(op.get_bind(), "people")',
    ],
    [
      '"name" in [column["name"] for column in inspector.get_columns("users")]',
      '"mail" in [column["name"] for column in inspector.get_columns("users")]',
    ],
    [
      '"name" in {column["name"]: column for column in inspector.get_columns("users")}',
      '"name" not in {column["name"] for column in inspector.get_columns("users")}',
    ],
    [
      'any(column["name"] == "name" for column in inspector.get_columns("users"))',
      'any(column["name"] == "mail" for column in inspector.get_columns("users"))',
    ],
    [
      '"ix_users_at" in [index["name"] for index in inspector.get_indexes("users")]',
      '"ix_users_name" in [index["name"] for index in inspector.get_indexes("users")]',
    ],
    [
      '"users_name_key" in [one.get("name") for one in inspector.get_unique_constraints("users")]',
      '"fk_users" in [one["name"] for one in inspector.get_foreign_keys("users")]',
    ],
    [
      'inspector.has_table("users") and not inspector.has_table("people")',
      'inspector.has_table("people") or inspector.has_table("animals")',
    ],
    [
      'inspector.has_table("people") or op.get_bind().dialect.name == "postgresql"',
      'inspector.has_table("users") and op.get_bind().dialect.name == "mysql"',
    ],
  ])("%s; %s", (yes, no) => {
    expect([hasNew(yes), hasNew(no)]).toEqual([true, false]);
  });

  test("through helpers and where it returns early", () => {
    const helper = `
def has_column(table, column):
    return column in [c["name"] for c in sa.inspect(op.get_bind()).get_columns(table)]
`;
    expect([hasNew('has_column("users", "name")', helper), hasNew('has_column("users", "mail")', helper)]).toEqual([
      true,
      false,
    ]);
    const body = (column: string): string => `
if has_column("users", "${column}"):
    return
op.drop_column("users", "at")`;
    const columns = (column: string): number => tableAfter(body(column), helper).columns.length;
    expect([columns("name"), columns("mail")]).toEqual([3, 2]);
  });

  test("by the answer that the test had, whatever is done under it", () => {
    const body = `
if not inspector.has_table("people"):
    op.create_table("people", sa.Column("id", sa.Integer()))
    op.add_column("people", sa.Column("name", sa.Text()))
else:
    op.add_column("people", sa.Column("other", sa.Text()))`;
    const people = after(body).table({ name: "people" });
    expect(typeof people === "object" && [people.columns.map(({ name }) => name), people.doubt]).toEqual([
      ["id", "name"],
      undefined,
    ]);
  });

  test("of each name in a list that is filtered by what there is", () => {
    const body = `
existing = {index["name"] for index in inspector.get_indexes("users")}
missing = [(name, columns) for name, columns in (("ix_users_at", ["id"]), ("ix_users_name", ["name"])) if name not in existing]
for name, columns in missing:
    op.create_index(name, "users", columns)`;
    const { indexes, doubt } = tableAfter(body);
    const made = indexes.filter(({ ofConstraint }) => !ofConstraint);
    expect([made.map(({ name, keys }) => [name, keys?.[0]?.column]), doubt]).toEqual([
      [
        ["ix_users_at", "at"],
        ["ix_users_name", "name"],
      ],
      undefined,
    ]);
  });

  test("of constraints that are looked for by their columns", () => {
    const body = (columns: string): string => `
for one in inspector.get_unique_constraints("users"):
    if one["column_names"] == [${columns}]:
        op.drop_constraint(one["name"], "users", type_="unique")`;
    expect(tableAfter(body('"at"')).doubt).toBeUndefined();
    expect(tableAfter(body('"name"')).doubt).toBeDefined();
  });

  test("of types", () => {
    const body = (type: string): string => `
columns = {column["name"]: column for column in inspector.get_columns("users")}
if isinstance(columns["at"]["type"], ${type}) and columns["at"]["type"].timezone != True:
    op.alter_column("users", "at", type_=sa.DateTime(timezone=True))`;
    const typeOf = (type: string): unknown =>
      tableAfter(body(type)).columns.find(({ name }) => name === "at")?.type?.name;
    expect(typeOf("sa.DateTime")).toBe("timestamp with time zone");
    expect(typeOf("sa.Text")).toBe("timestamp without time zone");
  });
});

describe("nothing is answered", () => {
  const doubtful = play(`${users} ALTER TABLE users ADD COLUMN other text;`).schema;
  const unsure = (): KnownSchema =>
    playDirection(doubtful, upgradeOf('op.execute("CREATE TABLE " + name())\ncall_me(op.get_bind())'), postgres).after;

  test("of a schema that anything may have happened to: what is under the test is taken to run", () => {
    const table = tableAfter('if inspector.has_table("people"):\n    op.drop_column("users", "at")', "", unsure());
    expect([table.columns.some(({ name }) => name === "at"), table.doubt !== undefined]).toEqual([false, true]);
  });

  test("of what the same revision has changed, since an inspector remembers what it saw", () => {
    const body = `
op.drop_column("users", "at")
if "at" in [column["name"] for column in inspector.get_columns("users")]:
    op.drop_column("users", "name")`;
    expect(tableAfter(body).columns.map(({ name }) => name)).toEqual(["id"]);
  });

  test("of another database, of lists that something was added to, and of filtered lists", () => {
    for (const [before, asked] of [
      ['inspector = sa.inspect(sa.create_engine("sqlite://"))', 'inspector.has_table("people")'],
      ['names = [c["name"] for c in inspector.get_columns("users")]\nnames.extend(others())', '"mail" in names'],
      ['names = [c["name"] for c in inspector.get_columns("users")] + others()', '"mail" in names'],
      ['names = [c["name"] for c in inspector.get_columns("users") if c["nullable"]]', '"mail" in names'],
    ]) {
      const body = `${before}\nif ${asked}:\n    op.drop_column("users", "at")`;
      expect(tableAfter(body).columns.length, before).toBe(2);
    }
  });

  test("and a type that only the database knows to be changed is unknown, not the new one", () => {
    const body = (existing: string): string => `
if kind_of(inspector.get_columns("users")):
    op.alter_column("users", "name", type_=sa.Integer()${existing})`;
    const told = (existing: string): unknown => {
      const { columns, doubt } = tableAfter(body(existing));
      return [columns.find(({ name }) => name === "name")?.type?.name, doubt !== undefined];
    };
    expect(told("")).toEqual([undefined, true]);
    expect(told(", existing_type=sa.Text()")).toEqual(["integer", false]);
  });

  test("and a constraint like one that is there may not have been made", () => {
    const body = `
if not finds(inspector.get_unique_constraints("users")):
    op.create_unique_constraint("uq_users_name", "users", ["name"])`;
    expect(tableAfter(body).constraints.map(({ name, doubt }) => [name, doubt !== undefined])).toEqual([
      ["users_pkey", false],
      ["users_name_key", false],
      ["uq_users_name", true],
    ]);
  });
});
