import { expect, test } from "vitest";
import { renameAsDropAndAdd as rule } from "../../server/src/rules/rename-as-drop-and-add.ts";
import { allows, findsIn, says } from "../support/cases.ts";

const given = (type: string, change: string, name = "name"): string => `-- versions/0001_a.py --
op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("${name}", ${type}), sa.Column("x", sa.Integer()))
-- versions/0002_b.py --
${change}
`;
const swap = (from: string, to: string, type = "sa.Text()"): string =>
  `op.add_column("users", sa.Column("${to}", ${type}))\nop.drop_column("users", "${from}")`;

test("names both", async () => {
  expect(await says(rule, given("sa.Text()", swap("name", "full_name")))).toEqual([
    'All that "users.name" holds is lost: "full_name" looks like the column renamed, but begins empty.',
  ]);
});

test.each([
  ["adress", "address"],
  ["is_active_flag", "active"],
  ["user_nickname", "nickname"],
])("%s and %s are one", async (from, to) => {
  expect(await says(rule, given("sa.Text()", swap(from, to), from))).toHaveLength(1);
});

test.each([
  ["line1", "line2"],
  ["first_name", "last_name"],
  ["created_at", "updated_at"],
  ["min_x", "max_x"],
  ["fax", "email"],
])("%s and %s are two", (from, to) => allows(rule, given("sa.Text()", swap(from, to), from)));

test("another type, a filled column, or a copy shortly before make two of them", async () => {
  await allows(rule, given("sa.Text()", swap("name", "full_name", "sa.Integer()")));
  await allows(
    rule,
    given("sa.Text()", `op.execute("UPDATE users SET full_name = 'x'")\n${swap("name", "full_name")}`),
  );
});

test("a table that is emptied before loses nothing", () =>
  allows(rule, given("sa.Text()", `op.execute("DELETE FROM users")\n${swap("name", "full_name")}`)));

test("a table of the same columns", async () => {
  const people = `op.create_table("people", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()), sa.Column("x", sa.Integer()))\n`;
  expect(await says(rule, given("sa.Text()", `${people}op.drop_table("users")`))).toEqual([
    'All that "users" holds is lost: "people" looks like the table renamed, but begins empty.',
  ]);
  await allows(
    rule,
    given("sa.Text()", `${people}op.execute("INSERT INTO people SELECT * FROM users")\nop.drop_table("users")`),
  );
});

test("a downgrade is not judged", () =>
  allows(
    rule,
    `def upgrade():\n    pass\n\n\ndef downgrade():\n    op.add_column("users", sa.Column("full_name", sa.Text()))\n    op.drop_column("users", "name")\n`,
  ));

test("one of two that go is not told from the other, nor one of several that come", async () => {
  const made = (...names: readonly string[]): string =>
    `-- versions/0001_a.py --\nop.create_table("pages", sa.Column("id", sa.Integer(), primary_key=True), ${names.map((name) => `sa.Column("${name}", sa.String())`).join(", ")})\n-- versions/0002_b.py --\n`;
  const add = (name: string): string => `op.add_column("pages", sa.Column("${name}", sa.String()))\n`;
  const drop = (name: string): string => `op.drop_column("pages", "${name}")\n`;
  expect(await findsIn(rule, made("banner_title") + drop("banner_title") + add("title"))).toHaveLength(1);
  await allows(rule, made("banner_title", "box_title") + drop("banner_title") + drop("box_title") + add("title"));
  expect(await findsIn(rule, made("days") + drop("days") + add("open_days"))).toHaveLength(1);
  await allows(rule, made("days") + drop("days") + add("days_low") + add("days_medium") + add("days_critically_high"));
});
